import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Chat, Failure } from '../../model/types.ts';
import type { User } from '../../../protocol/users.ts';
import { failureFrom } from '../failure-text.ts';

/** Time that somebody may pause between two letters, in ms, before the search goes out. */
const pauseMs = 180;

/** Finds people while their name is being typed. A newer search ends an older one, so answers never overtake each other. */
export class PeopleSearch implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #chat: () => Chat | undefined;
  #abort: AbortController | undefined;
  #pause: ReturnType<typeof setTimeout> | undefined;

  /** What the results belong to; empty before the first letter. */
  query = '';
  busy = false;
  people: readonly User[] | undefined;
  failure: Failure | undefined;

  constructor(host: ReactiveControllerHost, chat: () => Chat | undefined) {
    this.#host = host;
    this.#chat = chat;
    host.addController(this);
  }

  hostConnected(): void {}

  hostDisconnected(): void {
    this.#stop();
  }

  /** Searches for the text, once the typing pauses. */
  search(text: string): void {
    this.#stop();
    this.query = text.trim();
    this.failure = undefined;
    this.busy = this.query !== '';
    if (this.busy) this.#pause = setTimeout(() => void this.#run(this.query), pauseMs);
    else this.people = undefined;
    this.#host.requestUpdate();
  }

  #stop(): void {
    clearTimeout(this.#pause);
    this.#abort?.abort();
    this.#abort = undefined;
  }

  async #run(query: string): Promise<void> {
    const abort = (this.#abort = new AbortController());
    try {
      const people = await this.#chat()?.searchUsers(query, abort.signal);
      if (abort.signal.aborted) return;
      this.people = people ?? [];
    } catch (error) {
      if (abort.signal.aborted) return;
      this.people = undefined;
      this.failure = failureFrom(error);
    }
    this.busy = false;
    this.#host.requestUpdate();
  }
}
