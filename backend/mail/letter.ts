/** A mail as it is read. */
export interface Letter {
  /** The name beside the address that it is from. */
  readonly fromName: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** What a letter says: paragraphs, with a link after the first one if there is something to do. */
export interface Content {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly link?: { readonly label: string; readonly url: string } | undefined;
}

/** Whose name and colour a letter bears. */
export interface Letterhead {
  readonly name: string;
  /** A colour such as #0a6c4f. */
  readonly accent?: string | undefined;
}

const defaultAccent = '#1f6b4a';

/** Writes a letter, as plain text and as HTML that says the same. */
export const writeLetter = (
  { name, accent = defaultAccent }: Letterhead,
  { subject, paragraphs, link }: Content,
): Letter => {
  const sender = inOneLine(name);
  const [first = '', ...rest] = paragraphs;
  const textLink = link ? [`${link.label}:\n${link.url}`] : [];
  return {
    fromName: sender,
    subject: inOneLine(subject),
    text: `${[first, ...textLink, ...rest, `-- \n${sender}`].join('\n\n')}\n`,
    html: `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head>
<body style="margin:0;padding:24px;font:16px/1.5 sans-serif">
<div style="max-width:520px;margin:0 auto">
<h1 style="font-size:20px">${escapeHtml(sender)}</h1>
${paragraph(first)}
${link ? button(link, accent) : ''}${rest.map(paragraph).join('\n')}
</div>
</body>
</html>
`,
  };
};

const paragraph = (text: string): string => `<p>${escapeHtml(text)}</p>`;

const button = ({ label, url }: { label: string; url: string }, accent: string): string =>
  `<p><a href="${escapeHtml(url)}" style="display:inline-block;padding:10px 18px;border-radius:8px;background:${escapeHtml(accent)};color:${inkOn(accent)};text-decoration:none">${escapeHtml(label)}</a></p>
<p style="font-size:13px;word-break:break-all">${escapeHtml(url)}</p>
`;

/** Black or white, whichever can be read better on a colour (relative luminance of WCAG 2). */
const inkOn = (accent: string): string => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(accent.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000000' : '#ffffff';
};

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] ?? '');

/** A text that can stand in a header or a sentence: line ends and other controls in a site's name would begin another one. At most 200 characters. */
export const inOneLine = (text: string): string =>
  text
    // oxlint-disable-next-line no-control-regex
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
