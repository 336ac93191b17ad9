import type { TabNote } from './tab-notes.ts';

/** Lets other tabs speak through this tab's socket. */
export interface Relay {
  /** From now on this line is theirs too. `up`: it has signed in already. */
  attach(line: WebSocket, up: boolean): void;
  hear(note: TabNote): void;
  /** A tab is gone, whatever it watched. */
  forget(tab: string): void;
  /** Lets go of the line. With a code the others are told that it is gone. */
  close(code?: number): void;
}

/** A tab as the server would see it if it had a socket of its own. */
interface Speaker {
  readonly watched: Set<string>;
  presence: 'online' | 'away';
}

interface Frame {
  readonly id?: number;
  readonly type?: string;
  readonly data?: { readonly conversationId?: string; readonly presence?: Speaker['presence'] };
}

const authTimeoutMs = 10_000;

/** Makes the relay of the tab `id`. */
export const createRelay = (options: {
  readonly id: string;
  post(note: TabNote): void;
  /** Others begin to listen in: this tab's own commands from before are not known here. */
  announce(): void;
  /** Somebody would like to have a line while there is none. */
  wanted(): void;
}): Relay => {
  const { id, post } = options;
  const speakers = new Map<string, Speaker>();
  // Who waits for which reply. Ids of frames differ between tabs.
  const asked = new Map<number, { readonly tab: string; readonly type: string | undefined }>();
  const signIns: (() => void)[] = [];
  let signing: ReturnType<typeof setTimeout> | undefined;
  let nextId = Math.floor(Math.random() * 2 ** 33) * 2 ** 20;
  let told: Speaker['presence'] = 'online';
  let up = false;
  let line: WebSocket | undefined;
  let sendNow: (frame: string) => void = () => {};

  const everybody = () => [...speakers.values()];

  const tell = (tab: string, frame: string) => {
    if (tab !== id) post({ type: 'tell', from: id, to: tab, frame });
    else line?.onmessage?.(new MessageEvent('message', { data: frame }));
  };

  const command = (type: string, data: object) => sendNow(JSON.stringify({ id: nextId++, type, data }));

  /** One is away when one is in every tab. */
  const presence = () => (everybody().some((each) => each.presence === 'online') ? 'online' : 'away');
  const tellPresence = () => {
    if (told === presence() || !up) return;
    told = presence();
    command('presence.set', { presence: told });
  };

  const speakerOf = (tab: string): Speaker => {
    const known = speakers.get(tab);
    if (known) return known;
    const speaker: Speaker = { watched: new Set(), presence: 'online' };
    speakers.set(tab, speaker);
    tellPresence();
    return speaker;
  };

  const signedIn = () => {
    clearTimeout(signing);
    signing = undefined;
    signIns.shift()?.();
  };
  /** One after the other: the server refuses a sign-in while another one is under way. */
  const signIn = (frame: string) => {
    const go = () => {
      signing = setTimeout(signedIn, authTimeoutMs);
      sendNow(frame);
    };
    if (signing === undefined) go();
    else signIns.push(go);
  };

  /** What a tab says: most of it goes out as it is. */
  const say = (tab: string, text: string) => {
    const { id: frameId = 0, type, data = {} } = JSON.parse(text) as Frame;
    const { watched } = speakerOf(tab);
    const done = () => tell(tab, JSON.stringify({ id: frameId, ok: true, data: {} }));
    asked.set(frameId, { tab, type });
    if (type === 'auth') return signIn(text);
    if (type === 'conversation.watch') watched.add(data.conversationId ?? '');
    if (type === 'conversation.unwatch') {
      watched.delete(data.conversationId ?? '');
      if (everybody().some((each) => each.watched.has(data.conversationId ?? ''))) return done();
    }
    if (type === 'presence.set') {
      speakerOf(tab).presence = data.presence ?? 'online';
      tellPresence();
      return done();
    }
    sendNow(text);
  };

  const heard = (event: MessageEvent) => {
    const frame = String(event.data);
    const { id: frameId, type } = JSON.parse(frame) as Frame;
    if (type === 'auth.success' && !up) {
      up = true;
      post({ type: 'here', from: id, up });
    }
    if (frameId === undefined) {
      // The tab that leads takes care of the token.
      if (type !== 'token.expiring') post({ type: 'tell', from: id, frame });
      return;
    }
    const question = asked.get(frameId);
    asked.delete(frameId);
    if (question?.type === 'auth') signedIn();
    if (question && question.tab !== id) tell(question.tab, frame);
  };

  const reset = () => {
    clearTimeout(signing);
    signing = undefined;
    signIns.length = 0;
    asked.clear();
    speakers.clear();
    told = 'online';
    up = false;
  };

  const close = (code?: number) => {
    if (!line) return;
    line = undefined;
    sendNow = () => {};
    reset();
    if (code !== undefined) post({ type: 'down', from: id, code });
  };

  const forget = (tab: string) => {
    const gone = speakers.get(tab);
    speakers.delete(tab);
    if (!gone || !up) return;
    for (const conversationId of gone.watched)
      if (!everybody().some(({ watched }) => watched.has(conversationId)))
        command('conversation.unwatch', { conversationId });
    tellPresence();
  };

  return {
    attach(fresh, isUp) {
      close();
      line = fresh;
      const [send, end] = [fresh.send.bind(fresh), fresh.close.bind(fresh)];
      sendNow = (data) => {
        if (fresh.readyState === 1) send(data);
      };
      const mine = () => line === fresh;
      fresh.send = (data) => (mine() ? say(id, String(data)) : send(data));
      fresh.close = (code) => {
        // Given up from this side without a word from the other one.
        if (mine()) close(code === 1000 ? 1006 : code);
        end(code);
      };
      fresh.addEventListener('message', (event) => mine() && heard(event));
      fresh.addEventListener('close', (event) => mine() && close(event.code));
      speakerOf(id);
      up = isUp;
      if (isUp) options.announce();
      if (isUp) post({ type: 'here', from: id, up });
    },
    hear(note) {
      if (note.type === 'hello' || note.type === 'probe') {
        post({ type: 'here', from: id, up });
        if (note.type === 'probe') return;
        if (!up) return options.wanted();
        speakers.delete(note.from);
        speakerOf(note.from);
      } else if (note.type === 'say' && note.to === id) {
        if (up) say(note.from, note.frame);
      } else if (note.type === 'bye' && note.to === id) forget(note.from);
    },
    forget,
    close,
  };
};
