const steps: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, ms: number, upTo: number])[] = [
  ['minute', 60_000, 60],
  ['hour', 3_600_000, 24],
  ['day', 86_400_000, 30],
  ['month', 2_629_800_000, 12],
  ['year', 31_557_600_000, Infinity],
];

/** How long ago something was, such as `5 minutes ago`; `undefined` within the last minute. */
export function ago(at: number, now: number, lang: string): string | undefined {
  const past = Math.max(0, now - at);
  if (past < 60_000) return undefined;
  const [unit, ms] = steps.find(([, ms, upTo]) => past / ms < upTo) ?? ['year', 31_557_600_000];
  return new Intl.RelativeTimeFormat(lang, { numeric: 'auto' }).format(-Math.floor(past / ms), unit);
}
