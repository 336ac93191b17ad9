/**
 * How a web link is shown whose host is not written in plain letters of ASCII: as it was written when its host cannot be
 * taken for another one, otherwise with the host as the network knows it (`xn--…`), which looks like nothing else.
 */
export function showLink(written: string, href: string): string {
  const start = /^\w+:\/\//.exec(written)?.[0].length ?? 0;
  const host = /^[^/?#\\:@%]*(?=[/?#:]|$)/.exec(written.slice(start))?.[0] ?? '';
  // Anything else than its own host would be shown for it: a name before an `@`, a percent sign, letters that are left out.
  if (!URL.canParse(`https://${host}`) || new URL(`https://${host}`).hostname !== new URL(href).hostname) return href;
  return isPlain(host) ? written : href;
}

/** The scripts that may stand in one name: each alone, and those that Japanese, Korean and Chinese mix (UTS 39, section 5.2). */
const scripts = [
  // Latin without the letters that pass for i and k.
  /^[a-z\d\u00df-\u00f6\u00f8-\u0130\u0132-\u0137\u0139-\u017e-]+$/,
  // Cyrillic and Greek, where one letter at least is not to be taken for a Latin one.
  /^(?=.*[^\dасеһіјорѕухъьвнмткпгѓќѐёїў-])[\dа-џґ-]+$/,
  /^(?=.*[^\dανιορτυκχγηωεςάέήίόύώϊϋΐΰ-])[\dά-ώ-]+$/,
  ...['Han}\\p{sc=Hiragana}\\p{sc=Katakana}a-zー々', 'Han}\\p{sc=Hangul}a-z', 'Han}\\p{sc=Bopomofo}a-z'].map(mixed),
  ...['Arabic}', 'Hebrew}', 'Devanagari}', 'Bengali}', 'Tamil}', 'Thai}'].map(mixed),
];

// Signs of East Asia that pass for a stroke, a dot or a slash beside Latin letters.
const strokes = /[a-z].*[一丨丶丿亅〇口工二ー々ノソロエニハ]|[一丨丶丿亅〇口工二ー々ノソロエニハ].*[a-z]/;

function mixed(letters: string): RegExp {
  return new RegExp(`^[\\d\\p{sc=${letters}-]+$`, 'u');
}

function isPlain(host: string): boolean {
  const name = host.toLowerCase();
  // Two ways to write the same are one more than a reader can tell apart.
  if (name !== name.normalize('NFKC')) return false;
  return name
    .split('.')
    .every((label) => /^[a-z\d-]*$/.test(label) || (scripts.some((one) => one.test(label)) && !strokes.test(label)));
}
