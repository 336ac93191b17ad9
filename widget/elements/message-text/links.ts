import type { Found } from './parse.ts';

const candidate =
  /(?:https?:\/\/|mailto:|tel:|www\.)[^\s<>"\u0000-\u001f\u007f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/giu;
const trailing = /[.,;:!?'’”»*_~`]/u;
const allowed = new Set(['http:', 'https:', 'mailto:', 'tel:']);

/** Finds web addresses, e-mail addresses and phone links; takes what it finds off `links.left`, and stops at nought. */
export function* findLinks(text: string, links: { left: number }): Generator<Found> {
  for (const match of text.matchAll(candidate)) {
    if (links.left <= 0) return;
    if (match.index > 0 && /[\p{L}\p{N}_]/u.test(text[match.index - 1] ?? '')) continue;
    const written = trimUrl(match[0]);
    const href = safeHref(/^www\./iu.test(written) ? `https://${written}` : written);
    if (!href) continue;
    links.left--;
    yield { start: match.index, end: match.index + written.length, span: { kind: 'link', text: written, href } };
  }
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    if (links.left <= 0) return;
    // RFC 5321 caps both sides of an address, which also bounds this look around each sign.
    const local = /[\w.+-]+$/u.exec(text.slice(Math.max(0, at - 64), at))?.[0];
    const domain = /^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/u.exec(text.slice(at + 1, at + 256))?.[0];
    if (!local || !domain) continue;
    const address = `${local}@${domain}`;
    const href = safeHref(`mailto:${address}`);
    if (!href) continue;
    links.left--;
    yield { start: at - local.length, end: at + 1 + domain.length, span: { kind: 'link', text: address, href } };
  }
}

/** Leaves the full stop of the sentence, and a bracket that was opened before the address, out of a link. */
function trimUrl(url: string): string {
  const opened: Record<string, number> = { '(': 0, '[': 0, '{': 0 };
  const partner: Record<string, string> = { ')': '(', ']': '[', '}': '{' };
  let end = 0;
  for (; end < url.length; end++) {
    const char = url[end] ?? '';
    if (char in opened) opened[char] = (opened[char] ?? 0) + 1;
    const opener = partner[char];
    if (opener !== undefined && (opened[opener] = (opened[opener] ?? 0) - 1) < 0) break;
  }
  while (end > 0 && trailing.test(url[end - 1] ?? '')) end--;
  return url.slice(0, end);
}

/** The normalised address, when it parses and its scheme is one that cannot run anything. */
function safeHref(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  // A name before an `@` is there to be taken for the host.
  if (!allowed.has(parsed.protocol) || parsed.username || parsed.password) return undefined;
  return parsed.protocol.startsWith('http') || parsed.pathname.length > 1 ? parsed.href : undefined;
}
