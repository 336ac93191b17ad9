import type { TimelineItem } from '../../model/types.ts';

/** A message with what its neighbours make of it. */
export interface Row {
  readonly key: string;
  readonly item: TimelineItem;
  /** Epoch milliseconds. */
  readonly at: number;
  /** First and last of the messages that one person wrote within five minutes of each other. */
  readonly first: boolean;
  readonly last: boolean;
  /** The first message of a calendar day. */
  readonly newDay: boolean;
  /** The "new messages" line stands above it. */
  readonly newLine: boolean;
}

const groupMs = 5 * 60_000;
const times = new WeakMap<TimelineItem, { at: number; day: number }>();

/** Groups messages by person, time and day. Rows that come out as before stay the same objects, so they need no drawing. */
export function toRows(
  items: readonly TimelineItem[],
  firstUnreadKey: string | undefined,
  before: ReadonlyMap<string, Row>,
): Row[] {
  const starts = items.map((item, index) => startsGroup(items[index - 1], item, firstUnreadKey));
  return items.map((item, index) => {
    const previous = items[index - 1];
    const row: Row = {
      key: item.key,
      item,
      at: timeOf(item).at,
      first: starts[index] ?? true,
      last: starts[index + 1] ?? true,
      newDay: !previous || timeOf(previous).day !== timeOf(item).day,
      newLine: item.key === firstUnreadKey,
    };
    const known = before.get(item.key);
    return known && sameRow(known, row) ? known : row;
  });
}

function startsGroup(
  previous: TimelineItem | undefined,
  item: TimelineItem,
  firstUnreadKey: string | undefined,
): boolean {
  if (!previous || previous.sender.id !== item.sender.id || item.key === firstUnreadKey) return true;
  const a = timeOf(previous);
  const b = timeOf(item);
  return a.day !== b.day || b.at - a.at > groupMs;
}

function timeOf(item: TimelineItem): { at: number; day: number } {
  let time = times.get(item);
  if (!time) {
    const at = Date.parse(item.message.createdAt);
    times.set(item, (time = { at, day: new Date(at).setHours(0, 0, 0, 0) }));
  }
  return time;
}

function sameRow(a: Row, b: Row): boolean {
  return (
    a.item === b.item && a.first === b.first && a.last === b.last && a.newDay === b.newDay && a.newLine === b.newLine
  );
}
