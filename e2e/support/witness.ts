import type { Page } from 'playwright-core';

/** What a page has shown of a conversation, and what was wrong about it at any moment. */
export interface Testimony {
  /** Texts of the messages in the order of the timeline, as it stands. */
  readonly texts: string[];
  /** Messages that were shown twice or out of order, in any frame since the page was loaded. */
  readonly faults: string[];
}

interface Drawn extends Element {
  readonly row: {
    readonly item: {
      readonly key: string;
      readonly message: { id: string; clientId: string; seq: number; text: string };
    };
  };
}

/**
 * Watches every frame that the page draws, from its first one on: no message may be there twice, and all stand in the order
 * of their `seq`, the unsent ones at the end. Call it before the page is opened; `testify` asks what it saw.
 */
export async function watchFrames(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const faults = new Set<string>();
    const timelines = (root: ParentNode): Element[] =>
      [...root.querySelectorAll('*')].flatMap((element) => [
        ...(element.localName === 'teatime-timeline' ? [element] : []),
        ...(element.shadowRoot ? timelines(element.shadowRoot) : []),
      ]);
    const drawn = (timeline: Element) =>
      [...(timeline.shadowRoot?.querySelectorAll('teatime-message') ?? [])].map(
        (element) => (element as Drawn).row?.item.message,
      );
    const look = (): void => {
      for (const timeline of timelines(document)) {
        const messages = drawn(timeline).filter((message) => message !== undefined);
        messages.forEach((message, index) => {
          const before = messages[index - 1];
          if (before && before.seq > message.seq) faults.add(`"${message.text}" (${message.seq}) after ${before.seq}`);
          const twin = messages.findIndex(({ id, clientId }) => id === message.id || clientId === message.clientId);
          if (twin !== index) faults.add(`"${message.text}" is there twice`);
        });
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    Object.assign(globalThis, {
      testify: () => ({
        texts: timelines(document).flatMap((timeline) => drawn(timeline).map(({ text }) => text)),
        faults: [...faults],
      }),
    });
  });
}

/** What the page shows now, and whether it has ever shown anything wrong. */
export function testify(page: Page): Promise<Testimony> {
  return page.evaluate(() => (globalThis as unknown as { testify(): Testimony }).testify());
}
