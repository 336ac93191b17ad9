import { checked, type Check } from './diagnosis.ts';

/** What the page's Content-Security-Policy refuses while it is listened to. */
export interface Breaches {
  /** The directive that keeps the page from an address, as far as it is known by now. */
  directiveFor(url: string): string | undefined;
  /** Stops listening; one check for each directive that is in the way. */
  finish(): readonly Check[];
}

/** How long a browser may take to tell, in ms: it does so by a task of its own. */
const tellingMs = 100;

/** Begins to listen; `server` is the chat server's address. */
export function listenForBreaches(server: string): Breaches {
  const http = new URL(server).origin;
  const ws = http.replace(/^http/, 'ws');
  const needed: Readonly<Record<string, string>> = {
    'connect-src': `${http} ${ws}`,
    'img-src': `${http} blob:`,
    'media-src': `${http} blob:`,
  };
  const found = new Map<string, Set<string>>();
  const isOurs = (uri: string): boolean => uri === 'blob' || [http, ws].some((origin) => uri.startsWith(origin));
  const note = ({ disposition, effectiveDirective, blockedURI }: SecurityPolicyViolationEvent): void => {
    if (disposition !== 'enforce' || !(effectiveDirective in needed) || !isOurs(blockedURI)) return;
    const uris = found.get(effectiveDirective) ?? new Set();
    found.set(effectiveDirective, uris.add(blockedURI));
  };
  document.addEventListener('securitypolicyviolation', note);
  return {
    directiveFor: (url) =>
      // Browsers leave out what of an address is nobody's business.
      [...found].find(([, uris]) => [...uris].some((uri) => uri !== 'blob' && url.startsWith(uri)))?.[0],
    finish() {
      document.removeEventListener('securitypolicyviolation', note);
      if (found.size === 0) return [checked('csp', 'ok', 'nothing that the chat needs is blocked')];
      return [...found].map(([directive, uris]) =>
        checked(
          'csp',
          directive,
          `the Content-Security-Policy of this page blocks ${[...uris].join(', ')}`,
          `Add ${needed[directive]} to its ${directive}, or write that directive if it has none: default-src counts then.`,
        ),
      );
    },
  };
}

/** Shows and plays from where pictures and recordings come from, so that the browser tells what it refuses; nobody sees or hears it. */
export async function provokeBreaches(server: string): Promise<void> {
  const blob = URL.createObjectURL(new Blob([' ']));
  // Any file of the server's will do, and this one is in the browser's cache.
  const file = `${server}/teatime-chat.js`;
  const tries = [blob, file].flatMap((src) => [new Image(), new Audio()].map((media) => attempt(media, src)));
  await Promise.all(tries);
  await told();
  URL.revokeObjectURL(blob);
}

/** Resolves when what was refused until now has been told. */
export const told = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, tellingMs));

const patienceMs = 3000;

const attempt = (media: HTMLImageElement | HTMLAudioElement, src: string): Promise<unknown> =>
  new Promise((resolve) => {
    for (const type of ['load', 'loadedmetadata', 'error']) media.addEventListener(type, resolve);
    setTimeout(resolve, patienceMs);
    // Fewer pages may load what is asked for without CORS.
    media.crossOrigin = src.startsWith('blob:') ? null : 'anonymous';
    media.src = src;
  });
