import { render, type LitElement, type TemplateResult } from 'lit';
import { atom } from 'nanostores';
import { chatContext, featureNames, featuresContext, localeContext, type Feature } from '../context.ts';
import { provide } from '../context-protocol.ts';
import { createLocale } from '../locale.ts';
// Every panel has these a moment after it is there.
import '../locales/add-notices.ts';
import type { StringOverrides } from '../locales/strings.ts';
import type { Chat } from '../model/types.ts';
import { frameStyles } from '../styles/frame.ts';
import { tokenStyles } from '../styles/tokens.ts';
import { expectAccessible } from './accessible.ts';

/** How a mounted element is set up. */
export interface MountOptions {
  readonly chat?: Chat;
  /** Width and height in px. */
  readonly size?: readonly [width: number, height: number];
  readonly dir?: 'ltr' | 'rtl';
  readonly off?: readonly Feature[];
  readonly strings?: StringOverrides;
}

/** An element under test. */
export interface Mounted<E extends LitElement> {
  readonly element: E;
  readonly host: HTMLElement;
  /** Finds inside the element's shadow root; fails when nothing matches. */
  find<T extends HTMLElement = HTMLElement>(selector: string): T;
  /** All that match inside the element's shadow root. */
  all<T extends HTMLElement = HTMLElement>(selector: string): T[];
  /** What the element shows, as text, without white space around and between. */
  text(selector?: string): string;
  /** Waits until everything is drawn. */
  settled(): Promise<void>;
  /** Waits until something is true of what is drawn. */
  until(isTrue: () => boolean): Promise<void>;
}

let mounted: HTMLElement | undefined;

/** Shows the template's one element as the public element would: with tokens, frame and contexts. Takes the last one away. */
export async function mount<E extends LitElement>(
  template: TemplateResult,
  { chat, size = [360, 640], dir = 'ltr', off = [], strings }: MountOptions = {},
): Promise<Mounted<E>> {
  mounted?.remove();
  const host = (mounted = document.createElement('div'));
  host.dir = dir;
  host.lang = 'en-GB';
  // Colours on their way from one theme to the other would be measured half-way.
  host.style.setProperty('--teatime-duration', '0s');
  host.style.inlineSize = `${size[0]}px`;
  host.style.blockSize = `${size[1]}px`;
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [tokenStyles, frameStyles].map(({ styleSheet }) => styleSheet!);
  const frame = document.createElement('div');
  frame.className = 'frame';
  root.append(frame);
  document.body.append(host);
  provide(frame, localeContext, createLocale(host, strings));
  const features = atom<ReadonlySet<Feature>>(new Set(featureNames.filter((name) => !off.includes(name))));
  provide(frame, featuresContext, features);
  if (chat) provide(frame, chatContext, chat);
  render(template, frame);
  const element = frame.firstElementChild as E;
  element.style.blockSize = '100%';
  const settled = () => drawn(element);
  await settled();
  return {
    element,
    host,
    find<T extends HTMLElement>(selector: string) {
      const found = element.renderRoot.querySelector<T>(selector);
      if (!found) throw new Error(`unable to find ${selector} in <${element.localName}>`);
      return found;
    },
    all: <T extends HTMLElement>(selector: string) => [...element.renderRoot.querySelectorAll<T>(selector)],
    text: (selector) =>
      textOf(selector ? (element.renderRoot.querySelector(selector) ?? undefined) : element.renderRoot),
    settled,
    async until(isTrue) {
      if (isTrue()) return settled();
      await new Promise<void>((resolve) => {
        const observer = new MutationObserver(() => {
          if (!isTrue()) return;
          observer.disconnect();
          resolve();
        });
        observer.observe(element.renderRoot, { subtree: true, childList: true, characterData: true, attributes: true });
      });
      await settled();
    },
  };
}

/** Checks the mounted element with axe in both themes. */
export async function expectAccessibleInBothThemes({ host, settled }: Mounted<LitElement>): Promise<void> {
  for (const theme of ['light', 'dark']) {
    host.setAttribute('theme', theme);
    await settled();
    await expectAccessible(host);
  }
}

/** Waits for an event. */
export function once<T extends Event = CustomEvent>(target: EventTarget, type: string): Promise<T> {
  return new Promise((resolve) => target.addEventListener(type, (event) => resolve(event as T), { once: true }));
}

/** Types into a field, as a person would: the value and the event. */
export function type(field: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  field.value = text;
  field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
}

/** Presses a key on an element; returns false when the element dealt with it. */
export function press(target: Element, key: string): boolean {
  return target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true }));
}

async function drawn(element: LitElement): Promise<void> {
  while (!(await element.updateComplete));
  for (const inner of element.renderRoot.querySelectorAll('*')) {
    if ('updateComplete' in inner && inner.shadowRoot) await drawn(inner as LitElement);
  }
}

function textOf(node: Node | undefined): string {
  if (!node) return '';
  if (node instanceof Text) return node.data.trim();
  const inside = node instanceof Element && node.shadowRoot ? node.shadowRoot : node;
  return [...inside.childNodes]
    .map((child) => textOf(child))
    .filter(Boolean)
    .join(' ');
}
