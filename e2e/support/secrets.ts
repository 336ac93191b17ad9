import type { Page } from 'playwright-core';

const names = new Set(['accessToken', 'refreshToken', 'ticket', 'credential']);

/** Notes the secrets that a page is handed, by REST and on its sockets: each with the name that it had there. */
export function gatherSecrets(page: Page): Map<string, string> {
  const secrets = new Map<string, string>();
  const gather = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      if (names.has(name) && typeof inner === 'string') secrets.set(inner, name);
      else gather(inner);
    }
  };
  const gatherText = (text: string): void => {
    try {
      gather(JSON.parse(text));
    } catch {
      // Not all that travels is JSON.
    }
  };
  page.on('response', (response) => {
    if (response.headers()['content-type']?.includes('json')) response.text().then(gatherText, () => undefined);
  });
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => gatherText(payload.toString()));
    socket.on('framesent', ({ payload }) => gatherText(payload.toString()));
  });
  return secrets;
}

/**
 * Runs in the page: all text that a script of it comes by. Storage, databases, markup in every shadow root, addresses, and the
 * objects that lead on from the window and from each element of the chat, accessors included.
 */
export async function reachOf(): Promise<string> {
  const found: string[] = [
    JSON.stringify({ ...localStorage, ...sessionStorage }),
    document.cookie,
    window.name,
    location.href,
  ];
  found.push(JSON.stringify(history.state), ...performance.getEntries().map(({ name }) => name));

  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const asked = indexedDB.open(name ?? '');
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(new Error(`unable to open ${name}; ${asked.error?.message}`));
    });
    for (const store of database.objectStoreNames)
      found.push(
        await new Promise<string>((resolve) => {
          const all = database.transaction(store).objectStore(store).getAll();
          all.onsuccess = () => resolve(JSON.stringify(all.result));
        }),
      );
    database.close();
  }

  const seen = new Set<unknown>();
  // Of the browser's own objects, those lead on that hold what scripts have put there.
  const isOwn = (value: object): boolean =>
    value instanceof Map ||
    value instanceof Set ||
    Array.isArray(value) ||
    !/\[native code\]/.test(String(value.constructor));
  const walk = (value: unknown, depth: number): void => {
    if (typeof value === 'string') found.push(value);
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value) || depth > 12)
      return;
    seen.add(value);
    if (value instanceof Map || value instanceof Set) for (const each of value.entries()) walk([...each], depth + 1);
    const isElement = value instanceof Element && value.localName.startsWith('teatime-');
    const isPlain = Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null;
    if (!isElement && !isPlain && typeof value !== 'function' && !isOwn(value)) return;
    for (
      let owner: object | null = value;
      owner && owner !== HTMLElement.prototype && owner !== Object.prototype;
      owner = Object.getPrototypeOf(owner) as object | null
    ) {
      if (owner === Function.prototype || owner === Array.prototype) break;
      for (const key of Reflect.ownKeys(owner)) {
        try {
          walk(Reflect.get(value, key), depth + 1);
        } catch {
          // An accessor that wants another object.
        }
      }
    }
  };
  const look = (root: Document | ShadowRoot): void => {
    for (const element of root.querySelectorAll('*')) {
      found.push((element.cloneNode(false) as Element).outerHTML);
      for (const node of element.childNodes) if (node instanceof Text) found.push(node.data);
      if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) found.push(element.value);
      if (element.localName.startsWith('teatime-')) walk(element, 0);
      if (element.shadowRoot) look(element.shadowRoot);
    }
  };
  look(document);
  const fresh = document.body.appendChild(document.createElement('iframe'));
  const builtIn = new Set(Reflect.ownKeys(fresh.contentWindow ?? {}));
  fresh.remove();
  for (const key of Reflect.ownKeys(window)) if (!builtIn.has(key)) walk(Reflect.get(window, key), 0);
  return found.join('\n');
}
