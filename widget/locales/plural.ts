/** The forms of a phrase by CLDR plural category; `other` is always there. */
export type PluralForms = { readonly other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;

const rules = new Map<string, Intl.PluralRules>();

/** The form of the phrase that goes with the number in that language, with `#` replaced by the number as it is written there. */
export function plural(lang: string, count: number, forms: PluralForms): string {
  let rule = rules.get(lang);
  if (!rule) rules.set(lang, (rule = new Intl.PluralRules(lang)));
  return (forms[rule.select(count)] ?? forms.other).replaceAll('#', count.toLocaleString(lang));
}
