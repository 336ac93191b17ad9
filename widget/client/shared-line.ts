import type { Line, LineSource, Seat } from './lines.ts';
import { handedOver } from './reconnect-policy.ts';
import { createRelay } from './relay.ts';
import { createTabLine, type TabLine } from './tab-line.ts';
import type { TabNote } from './tab-notes.ts';

/** A tab among several that share a line: it has the socket, or speaks through the tab that has it. */
export interface SharedLine {
  open(url: string): Promise<Line>;
  /** Gives up the seat. */
  end(): void;
}

/** How often a tab that can be seen asks whether the one with the socket lives, and how long that may take to answer, in ms. */
const askEveryMs = 700;
const answerMs = 800;
// A tab that is itself later than this cannot blame another one.
const lateMs = 250;
// So many lines on which nothing came back, and this tab opens its own.
const mostMute = 2;

/** Takes a seat among the tabs. The tab whose lock is released, by whatever end, is followed by the next one that waits for it. */
export const shareLine = (seat: Seat, from: LineSource): SharedLine => {
  const { name, channel } = seat;
  const { locks } = navigator;
  const id = crypto.randomUUID();
  const ended = new AbortController();
  const known = new Set<string>();
  let tab: TabLine | undefined;
  let queue: AbortController | undefined;
  let alone = false;
  let asking: ReturnType<typeof setTimeout> | undefined;
  let taking = false;
  let mute = 0;
  let asleep: Promise<void> | undefined;
  let wakeUp = () => {};
  const post = (note: TabNote) => {
    if (!seat.left) channel.postMessage(note);
  };

  const relay = createRelay({ id, post, announce: from.announce, wanted: from.wake });

  const lead = () => {
    taking = false;
    seat.leads = true;
    queue?.abort();
    stopAsking();
    // Who waits for an answer of the tab before has it with this.
    post({ type: 'here', from: id, up: false });
    if (tab && tab.readyState !== 3) tab.end(handedOver);
    else from.wake();
  };

  /** Waits for the lead, or takes it, and keeps it until it is given back or taken away. */
  const request = async (options: LockOptions) => {
    let held = false;
    try {
      await locks.request(name, options, () => {
        if (seat.left || seat.leads) return undefined;
        held = true;
        const kept = new Promise<void>((resolve) => (seat.release = resolve));
        lead();
        return kept;
      });
    } catch {
      if (held) handOver();
    }
  };

  const follow = () => {
    queue = new AbortController();
    void request({ signal: queue.signal });
  };

  const takeOver = async () => {
    if (seat.leads || seat.left || taking) return;
    taking = true;
    await request({ steal: true });
  };

  /** Gives the work of this tab's socket to whoever leads now. */
  const handOver = () => {
    const { line } = seat;
    seat.leads = false;
    delete seat.line;
    relay.close();
    if (seat.left) return;
    if (!asleep) follow();
    line?.onclose?.({ code: handedOver } as CloseEvent);
  };
  seat.lost = handOver;

  const stopAsking = () => {
    clearTimeout(asking);
    asking = undefined;
  };

  /** Asks whether the tab that leads lives, and takes its place when it does not answer. */
  const ask = () => {
    stopAsking();
    if (seat.leads || !tab || tab.readyState === 3) return;
    post({ type: 'probe', from: id });
    const due = Date.now() + answerMs;
    asking = setTimeout(() => (Date.now() - due > lateMs ? ask() : void takeOver()), answerMs);
  };

  const answered = () => {
    stopAsking();
    if (!tab || tab.readyState === 3 || document.visibilityState === 'hidden') return;
    asking = setTimeout(ask, askEveryMs);
  };

  const hear = (note: TabNote) => {
    if (note.type === 'hello' || note.type === 'probe' || note.type === 'say' || note.type === 'bye') {
      if (!seat.leads) return;
      watch(note.from);
      return relay.hear(note);
    }
    if (seat.leads) return;
    answered();
    tab?.hear(note);
    if (note.type === 'here' && note.up && tab?.readyState !== 1) from.wake();
  };

  /** A tab holds a lock of its own for as long as it lives. */
  const watch = (other: string) => {
    if (known.has(other)) return;
    known.add(other);
    const gone = () => {
      known.delete(other);
      relay.forget(other);
    };
    locks.request(`${name} ${other}`, { signal: ended.signal }, gone).catch(() => {});
  };

  /** The page is put away: another tab must not wait for it. */
  const sleep = () => {
    asleep ??= new Promise((resolve) => (wakeUp = resolve));
    stopAsking();
    queue?.abort();
    if (seat.leads) {
      seat.release?.();
      return handOver();
    }
    tab?.close();
    tab?.onclose?.({ code: handedOver } as CloseEvent);
  };
  const wake = () => {
    if (asleep && !seat.left) follow();
    asleep = undefined;
    wakeUp();
  };
  const shown = () => {
    if (document.visibilityState === 'visible' && !seat.leads) ask();
  };

  const pageEvents = [
    [globalThis, 'pagehide', sleep],
    [globalThis, 'pageshow', wake],
    [document, 'freeze', sleep],
    [document, 'resume', wake],
    [document, 'visibilitychange', shown],
  ] as const;
  for (const [target, type, listener] of pageEvents) target.addEventListener(type, listener);

  // Held before this tab says its first word, so that whoever hears that can wait for the end.
  const alive = new Promise<void>((resolve) => {
    const held = new Promise<void>((done) => ended.signal.addEventListener('abort', () => done()));
    locks.request(`${name} ${id}`, () => (resolve(), held)).catch(() => resolve());
  });

  channel.onmessage = ({ data }: MessageEvent<TabNote>) => hear(data);
  if (seat.leads && seat.line) relay.attach(seat.line, from.connected());
  else if (!seat.leads) handOver();

  return {
    async open(url) {
      await Promise.all([alive, asleep]);
      mute = tab?.wasMute ? mute + 1 : 0;
      tab = undefined;
      if (seat.leads) {
        seat.line = new WebSocket(url);
        relay.attach(seat.line, false);
        return seat.line;
      }
      if (alone || mute >= mostMute) {
        alone = true;
        queue?.abort();
        return new WebSocket(url);
      }
      tab = createTabLine({ id, post, said: () => asking ?? ask(), ownOnly: () => void takeOver() });
      ask();
      return tab;
    },
    end() {
      ended.abort();
      queue?.abort();
      stopAsking();
      relay.close();
      for (const [target, type, listener] of pageEvents) target.removeEventListener(type, listener);
    },
  };
};
