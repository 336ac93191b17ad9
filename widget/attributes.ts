/** The properties that are attributes, with the values that they may take where these are few; the first is the default. */
export const attributes = {
  server: ['server'],
  site: ['site'],
  tokenUrl: ['token-url'],
  mode: ['mode', 'launcher', 'inline', 'page'],
  conversation: ['conversation'],
  withUser: ['with-user'],
  theme: ['theme', 'auto', 'light', 'dark'],
  features: ['features'],
  position: ['position', 'bottom-end', 'bottom-start'],
  offlineStorage: ['offline-storage', 'local', 'session', 'none'],
  storageConsent: ['storage-consent', 'granted', 'pending'],
} as const satisfies Record<string, readonly [string, ...string[]]>;

/** The properties that no attribute shows: objects, and what must not be readable in the page's markup. */
export const fields = ['token', 'tokenProvider', 'strings', 'iceServers'] as const;

/** A setting of the element, by property. */
export type Setting = keyof typeof attributes | (typeof fields)[number] | 'open' | 'lang' | 'dir';

const table = Object.entries(attributes) as [Setting, readonly [string, ...string[]]][];

/** The property that an attribute belongs to. */
export function settingOf(attribute: string): Setting {
  return table.find(([, [name]]) => name === attribute)?.[0] ?? (attribute as Setting);
}

/** Gives an element's prototype a property for each of the attributes; a value that is not one of the few counts as the default. */
export function defineAttributes(prototype: HTMLElement): void {
  for (const [property, [attribute, fallback = '', ...others]] of table) {
    Object.defineProperty(prototype, property, {
      configurable: true,
      enumerable: true,
      get(this: HTMLElement) {
        const value = this.getAttribute(attribute);
        return value !== null && (others.length === 0 || others.includes(value)) ? value : fallback;
      },
      set(this: HTMLElement, value: unknown) {
        if (value === undefined || value === null || value === '') this.removeAttribute(attribute);
        else this.setAttribute(attribute, String(value));
      },
    });
  }
}
