import { claimsOf } from './session.ts';
import type { SharedLine } from './shared-line.ts';

/** The part of a WebSocket that is used. */
export interface Line {
  readonly readyState: number;
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  onerror: ((event: Event) => void) | null;
  send(frame: string): void;
  close(code?: number): void;
}

/** The part of the standard WebSocket's class that is used. */
export type WebSocketConstructor = new (url: string) => Line;

/** What the lines of a chat need, and whom they tell. */
export interface LineSource {
  readonly webSocket: WebSocketConstructor | undefined;
  /** Whether the line that was opened last has signed in. */
  connected(): boolean;
  /** A line can be had now: no need to wait. */
  wake(): void;
  /** Others begin to listen in: say again what is watched, and whether this tab is in use. */
  announce(): void;
}

/** Where the lines of a chat come from: one WebSocket for all tabs of a browser that show the same login. */
export interface Lines {
  open(url: string, token: string): Promise<Line>;
  /** No more lines are wanted: another tab may have the socket. */
  leave(): void;
}

/** A tab's seat among those that share a line. While nobody else is there, `shared` need not be loaded. */
export interface Seat {
  readonly name: string;
  readonly channel: BroadcastChannel;
  /** The line of its own, where it has one. */
  line?: WebSocket;
  leads: boolean;
  release?: (() => void) | undefined;
  /** Somebody else has taken the lead. */
  lost?: () => void;
  /** This tab wants no more lines, and has nothing more to say to others. */
  left?: boolean;
  shared?: Promise<SharedLine>;
}

/** Makes them. A tab that is alone opens a plain WebSocket; so does each where the browser has no locks or no channels between tabs. */
export const createLines = (from: LineSource): Lines => {
  let seat: Seat | undefined;

  const share = (mine: Seat): Promise<SharedLine> =>
    (mine.shared ??= import('./shared-line.ts').then(({ shareLine }) => shareLine(mine, from)));

  const sit = (name: string) =>
    new Promise<Seat | undefined>((resolve, reject) => {
      const mine: Seat = { name, channel: new BroadcastChannel(name), leads: false };
      mine.channel.onmessage = () => share(mine).catch(() => {});
      const hold = (lock: Lock | null) => {
        mine.leads = lock !== null;
        resolve(mine);
        return lock && new Promise<void>((done) => (mine.release = done));
      };
      navigator.locks.request(name, { ifAvailable: true }, hold).catch((refused: unknown) => {
        mine.leads = false;
        reject(refused);
        mine.lost?.();
      });
    });

  const leave = () => {
    if (!seat) return;
    seat.left = true;
    seat.release?.();
    seat.channel.close();
    seat.shared?.then(({ end }) => end()).catch(() => {});
    seat = undefined;
  };

  return {
    async open(url, token) {
      const { sid } = claimsOf(token);
      const name = `teatime:line ${url} ${sid}`;
      if (seat?.name !== name) leave();
      try {
        if (!from.webSocket && sid) seat ??= await sit(name);
        if (seat && (seat.shared || !seat.leads)) return (await share(seat)).open(url);
      } catch {
        // Sandboxed frames refuse, and a file may be missing: then this tab stands alone.
        if (seat) delete seat.shared;
      }
      const line = new (from.webSocket ?? WebSocket)(url);
      if (seat) seat.line = line as WebSocket;
      return line;
    },
    leave,
  };
};
