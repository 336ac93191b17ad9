import type { Line } from './lines.ts';
import { handedOver } from './reconnect-policy.ts';
import type { TabNote } from './tab-notes.ts';

/** A line that runs through another tab's socket, used like a socket of its own. */
export interface TabLine extends Line {
  /** Whether it was given up because the other tab brought no answer to the first command. */
  readonly wasMute: boolean;
  /** Takes in what the tab that leads says. */
  hear(note: TabNote): void;
  /** Ends it from this side of the other tab. */
  end(code: number): void;
}

/** Opens a line as the tab `id`. Commands that must be said on a socket of one's own go to `ownOnly` instead, which then ends this line. */
export const createTabLine = (options: {
  readonly id: string;
  post(note: TabNote): void;
  /** A frame has gone to the other tab, which is to show that it lives. */
  said(): void;
  ownOnly(): void;
}): TabLine => {
  const { id, post } = options;
  let leader: string | undefined;
  let state: number = 0;
  let welcomed = false;
  let mute = false;
  const early: string[] = [];

  const end = (code: number) => {
    if (state === 3) return;
    state = 3;
    line.onclose?.({ code } as CloseEvent);
  };

  const deliver = (data: string) => line.onmessage?.(new MessageEvent('message', { data }));

  const take = (frame: string) => {
    // Nothing is heard on a socket before its first answer either; here others' events come all the time.
    if (!welcomed && !isReply(frame)) return void early.push(frame);
    deliver(frame);
    if (welcomed) return;
    welcomed = true;
    for (const each of early.splice(0)) deliver(each);
  };

  const line: TabLine = {
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    get readyState() {
      return state;
    },
    get wasMute() {
      return mute;
    },
    send(frame) {
      if (state !== 1 || leader === undefined) return;
      if (ownSocket.has((JSON.parse(frame) as { type: string }).type)) return options.ownOnly();
      post({ type: 'say', from: id, to: leader, frame });
      options.said();
    },
    close() {
      mute = state === 1 && !welcomed;
      if (state !== 3 && leader !== undefined) post({ type: 'bye', from: id, to: leader });
      state = 3;
    },
    hear(note) {
      if (note.type === 'here') {
        if (leader !== undefined && leader !== note.from) return end(handedOver);
        if (!note.up || state !== 0) return;
        leader = note.from;
        state = 1;
        line.onopen?.(new Event('open'));
      } else if (note.type === 'down') {
        if (leader === undefined || leader === note.from) end(note.code);
      } else if (note.type === 'tell' && note.from === leader && (note.to ?? id) === id) take(note.frame);
    },
    end,
  };
  post({ type: 'hello', from: id });
  return line;
};

// The server takes the connection of whoever goes into a call for the place where they are: it must be theirs.
const ownSocket = new Set(['call.start', 'call.join', 'call.ticket']);

const isReply = (frame: string): boolean => typeof (JSON.parse(frame) as { id?: unknown }).id === 'number';
