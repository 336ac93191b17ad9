import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Chat, FileAddress } from '../../model/types.ts';
import { failureFrom } from '../failure-text.ts';

/** An address, or why there is none: the file is `gone`, or it is `broken`: it does not load now. `undefined` while it is asked for. */
export type Whereabouts = FileAddress | 'gone' | 'broken' | undefined;

/**
 * The addresses that an element shows files by. They end after minutes: one that does not load is asked for again, once; what
 * has loaded keeps the address that it has.
 */
export class FileAddresses implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #chat: () => Chat | undefined;
  readonly #known = new Map<string, { where: Whereabouts; attempt: number }>();

  constructor(host: ReactiveControllerHost, chat: () => Chat | undefined) {
    this.#host = host;
    this.#chat = chat;
    host.addController(this);
  }

  hostConnected(): void {
    // What was being asked for when the element went away has been noted; what failed deserves another try.
    for (const [id, { where }] of this.#known) if (where === 'broken') this.#known.delete(id);
  }

  /** Where the file is; asks when that is not known yet. */
  get(id: string): Whereabouts {
    const known = this.#known.get(id);
    if (known) return known.where;
    void this.#ask(id, 0);
    return undefined;
  }

  /** Changes with each address that is tried, so that even the same one is loaded anew. */
  attempt(id: string): number {
    return this.#known.get(id)?.attempt ?? 0;
  }

  /** Somebody asked for the file, and it is not there any more. */
  isGone(id: string): boolean {
    return this.#known.get(id)?.where === 'gone';
  }

  /** Notes that the file is not there any more. */
  lose(id: string): void {
    this.#note(id, 'gone', this.attempt(id));
  }

  /** The address did not load. */
  failed(id: string): void {
    const known = this.#known.get(id);
    if (typeof known?.where !== 'object') return;
    if (known.attempt % 2 === 0) void this.#ask(id, known.attempt + 1);
    else this.#note(id, 'broken', known.attempt);
  }

  /** Somebody wants to try what is broken again. */
  retry(id: string): void {
    void this.#ask(id, this.attempt(id) + (this.attempt(id) % 2 === 0 ? 2 : 1));
  }

  async #ask(id: string, attempt: number): Promise<void> {
    this.#known.set(id, { where: undefined, attempt });
    let where: Whereabouts;
    try {
      where = await this.#chat()?.fileAddress(id);
    } catch (error) {
      where = failureFrom(error).code === 'not_found' ? 'gone' : 'broken';
    }
    this.#note(id, where ?? 'broken', attempt);
  }

  #note(id: string, where: Whereabouts, attempt: number): void {
    this.#known.set(id, { where, attempt });
    this.#host.requestUpdate();
  }
}
