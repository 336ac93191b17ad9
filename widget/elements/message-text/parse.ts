import { findLinks } from './links.ts';

/**
 * A piece of a message. `mark` is markup that is not shown, such as the asterisks around bold words, so that the texts of
 * all pieces together are always the message itself.
 */
export interface Span {
  readonly kind: 'text' | 'code' | 'block' | 'link' | 'mention' | 'mark';
  readonly text: string;
  /** Where a link leads; `http:`, `https:`, `mailto:` or `tel:`, nothing else. */
  readonly href?: string;
  readonly strong?: boolean;
  readonly em?: boolean;
}

/** A link, code or mention with its place in the text. */
export interface Found {
  readonly start: number;
  readonly end: number;
  readonly span: Span;
}

interface Delimiter {
  readonly at: number;
  readonly marker: string;
  match?: Delimiter;
}

// More links than anybody writes; what follows is shown as text, so that no message is slow to draw.
const maxLinks = 1_000;
const fence = '```';
const wordEnd = /[\p{L}\p{N}_]$/u;
const wordStart = /^[\p{L}\p{N}_]/u;

/** Takes a message apart in linear time. `usernames` are those that `@name` may mention, in lower case. Never throws. */
export function parse(text: string, usernames: ReadonlySet<string> = new Set()): Span[] {
  const spans: Span[] = [];
  const links = { left: maxLinks };
  let from = 0;
  while (from < text.length) {
    const open = text.indexOf(fence, from);
    const close = open < 0 ? -1 : text.indexOf(fence, open + fence.length);
    if (close < 0) break;
    const block = fencedBlock(text, open, close);
    if (!block) {
      parseInline(text.slice(from, close), usernames, links, spans);
      from = close;
      // The fence in hand opens the next block only when something closes it; otherwise the rest is plain.
      if (text.indexOf(fence, close + fence.length) < 0) break;
      continue;
    }
    parseInline(text.slice(from, block.from), usernames, links, spans);
    spans.push(
      { kind: 'mark', text: text.slice(block.from, block.start) },
      { kind: 'block', text: text.slice(block.start, block.end) },
      { kind: 'mark', text: text.slice(block.end, block.to) },
    );
    from = block.to;
  }
  parseInline(text.slice(from), usernames, links, spans);
  return spans;
}

/** How many emoji the text is made of, when it is nothing but emoji and space; otherwise 0. Counts up to 9. */
export function countOnlyEmoji(text: string): number {
  if (text.length > 120 || !onlyEmoji.test(text)) return 0;
  let count = 0;
  for (const { segment } of graphemes.segment(text.replace(/\s+/gu, ''))) {
    if (!pictograph.test(segment) || ++count > 8) return count;
  }
  return count;
}

const onlyEmoji =
  /^(?:[\p{Extended_Pictographic}\p{EMod}\p{RI}\u{FE0F}\u{200D}\u{E0020}-\u{E007F}]|[0-9#*]\u{FE0F}?\u{20E3}|\s)+$/u;
const pictograph = /[\p{Extended_Pictographic}\p{RI}\u{20E3}]/u;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The bounds of a code block with the line breaks that belong to its fences; nothing when it is empty. */
function fencedBlock(text: string, open: number, close: number) {
  let start = open + fence.length;
  // Looking no further than a language's name keeps many fences on one long line linear.
  const lineEnd = start + text.slice(start, start + 22).indexOf('\n');
  // A word right after the fence names the language; it is not part of the code.
  if (lineEnd >= start && lineEnd < close && /^[\w+#.-]*\r?$/u.test(text.slice(start, lineEnd))) start = lineEnd + 1;
  if (start >= close || text.slice(start, close).trim() === '') return undefined;
  const from = text[open - 1] === '\n' ? open - 1 : open;
  const end = text[close - 1] === '\n' && close - 1 > start ? close - 1 : close;
  const to = text[close + fence.length] === '\n' ? close + fence.length + 1 : close + fence.length;
  return { from, start, end, to };
}

function parseInline(text: string, usernames: ReadonlySet<string>, links: { left: number }, spans: Span[]): void {
  if (text === '') return;
  const found = [...findCode(text), ...findLinks(text, links), ...findMentions(text, usernames)];
  // By place; of two that overlap the first one wins, so a link in code stays code.
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const pieces: Found[] = [];
  for (const piece of found) if (piece.start >= (pieces.at(-1)?.end ?? 0)) pieces.push(piece);
  emit(text, pieces, findDelimiters(text, pieces), spans);
}

function* findCode(text: string): Generator<Found> {
  let open = text.indexOf('`');
  while (open >= 0) {
    const close = text.indexOf('`', open + 1);
    if (close < 0) return;
    const inside = text.slice(open + 1, close);
    if (inside.trim() !== '' && !inside.includes('\n')) {
      yield { start: open, end: close + 1, span: { kind: 'code', text: inside } };
      open = text.indexOf('`', close + 1);
    } else open = close;
  }
}

function* findMentions(text: string, usernames: ReadonlySet<string>): Generator<Found> {
  if (usernames.size === 0) return;
  for (const match of text.matchAll(/@[A-Za-z0-9][A-Za-z0-9._-]{2,31}/gu)) {
    if (match.index > 0 && /[\w.@-]/u.test(text[match.index - 1] ?? '')) continue;
    let name = match[0];
    while (!usernames.has(name.slice(1).toLowerCase()) && /[._-]$/u.test(name)) name = name.slice(0, -1);
    if (!usernames.has(name.slice(1).toLowerCase())) continue;
    yield { start: match.index, end: match.index + name.length, span: { kind: 'mention', text: name } };
  }
}

/** Finds the asterisks and underscores outside of code and links, and pairs those that belong together on one line. */
function findDelimiters(text: string, pieces: readonly Found[]): Delimiter[] {
  const all: Delimiter[] = [];
  let stack: Delimiter[] = [];
  const inStack = new Map<string, number>();
  const count = (marker: string, by: number) => inStack.set(marker, (inStack.get(marker) ?? 0) + by);
  let next = 0;
  for (const match of text.matchAll(/\*+|_+|\n/gu)) {
    const at = match.index;
    while ((pieces[next]?.end ?? Infinity) <= at) next++;
    if ((pieces[next]?.start ?? Infinity) <= at) continue;
    const marker = match[0];
    if (marker === '\n') {
      stack = [];
      inStack.clear();
      continue;
    }
    if (marker.length > (marker.startsWith('_') ? 1 : 3)) continue;
    // Two units on each side hold any single character.
    const before = text.slice(Math.max(0, at - 2), at);
    const after = text.slice(at + marker.length, at + marker.length + 2);
    const opens = after !== '' && !/^\s/u.test(after) && !wordEnd.test(before);
    const closes = before !== '' && !/\s$/u.test(before) && !wordStart.test(after);
    const delimiter: Delimiter = { at, marker };
    if (closes && (inStack.get(marker) ?? 0) > 0) {
      for (let top = stack.pop(); top; top = stack.pop()) {
        count(top.marker, -1);
        if (top.marker !== marker) continue;
        top.match = delimiter;
        delimiter.match = top;
        all.push(top, delimiter);
        break;
      }
    } else if (opens) {
      stack.push(delimiter);
      count(marker, 1);
    }
  }
  return all.sort((a, b) => a.at - b.at);
}

/** Writes the pieces, the markup and the plain text between them in order. */
function emit(text: string, pieces: readonly Found[], delimiters: readonly Delimiter[], spans: Span[]): void {
  let strong = 0;
  let em = 0;
  let at = 0;
  let piece = 0;
  let delimiter = 0;
  const plain = (to: number) => {
    if (to > at)
      spans.push({
        kind: 'text',
        text: text.slice(at, to),
        ...(strong > 0 && { strong: true }),
        ...(em > 0 && { em: true }),
      });
    at = to;
  };
  while (piece < pieces.length || delimiter < delimiters.length) {
    const found = pieces[piece];
    const mark = delimiters[delimiter];
    if (mark && (!found || mark.at < found.start)) {
      plain(mark.at);
      spans.push({ kind: 'mark', text: mark.marker });
      at = mark.at + mark.marker.length;
      const by = mark.match && mark.match.at > mark.at ? 1 : -1;
      if (mark.marker.length >= 2) strong += by;
      if (mark.marker.length !== 2) em += by;
      delimiter++;
    } else if (found) {
      plain(found.start);
      const style = { ...(strong > 0 && { strong: true }), ...(em > 0 && { em: true }) };
      if (found.span.kind === 'code') {
        spans.push({ kind: 'mark', text: '`' }, { ...found.span, ...style }, { kind: 'mark', text: '`' });
      } else spans.push({ ...found.span, ...style });
      at = found.end;
      piece++;
    }
  }
  plain(text.length);
}
