/** Dates and numbers in one language. Times are epoch milliseconds, shown in the reader's time zone. */
export interface Format {
  /** `14:05`. */
  time(at: number): string;
  /** For a list: `14:05` today, `Yesterday`, `Tuesday` within a week, then `3 Mar` or `3 Mar 2024`. */
  listTime(at: number, now?: number): string;
  /** For a day separator: `Today`, `Yesterday`, `Tuesday`, then `Tuesday, 3 March` with the year when it is another one. */
  day(at: number, now?: number): string;
  /** Date and time in full, for titles. */
  full(at: number): string;
  number(value: number): string;
  /** `Ann, Ben and Cy`. */
  list(items: readonly string[]): string;
}

const dayMs = 86_400_000;

/** Dates and numbers as that language writes them. */
export function createFormat(lang: string): Format {
  const date = (options: Intl.DateTimeFormatOptions) => {
    let made: Intl.DateTimeFormat | undefined;
    return (at: number) => (made ??= new Intl.DateTimeFormat(lang, options)).format(at);
  };
  const time = date({ hour: 'numeric', minute: '2-digit' });
  const weekday = date({ weekday: 'long' });
  const short = date({ day: 'numeric', month: 'short' });
  const shortWithYear = date({ day: 'numeric', month: 'short', year: 'numeric' });
  const long = date({ weekday: 'long', day: 'numeric', month: 'long' });
  const longWithYear = date({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  const full = date({ dateStyle: 'full', timeStyle: 'short' });
  const number = new Intl.NumberFormat(lang);
  const relative = new Intl.RelativeTimeFormat(lang, { numeric: 'auto' });
  const list = new Intl.ListFormat(lang, { type: 'conjunction' });
  const near = (days: number) => capitalise(relative.format(-days, 'day'), lang);
  const sameYear = (a: number, b: number) => new Date(a).getFullYear() === new Date(b).getFullYear();

  return {
    time,
    listTime(at, now = Date.now()) {
      const days = daysBetween(at, now);
      if (days <= 0) return time(at);
      if (days === 1) return near(1);
      if (days < 7) return weekday(at);
      return sameYear(at, now) ? short(at) : shortWithYear(at);
    },
    day(at, now = Date.now()) {
      const days = daysBetween(at, now);
      if (days <= 0) return near(0);
      if (days === 1) return near(1);
      if (days < 7) return weekday(at);
      return sameYear(at, now) ? long(at) : longWithYear(at);
    },
    full,
    number: (value) => number.format(value),
    list: (items) => list.format(items),
  };
}

/** Whole calendar days from one time to another; rounding takes care of days that a clock change makes 23 or 25 hours long. */
function daysBetween(at: number, now: number): number {
  return Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / dayMs);
}

function capitalise(text: string, lang: string): string {
  const [first = '', ...rest] = text;
  return first.toLocaleUpperCase(lang) + rest.join('');
}
