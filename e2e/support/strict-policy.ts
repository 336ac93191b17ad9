/** The strictest Content-Security-Policy under which all of the chat works, on a page of another origin than the server's. */
export const strictPolicy = (origin: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' ${origin}`,
    `connect-src ${origin} ${origin.replace('http', 'ws')}`,
    `img-src 'self' ${origin} blob:`,
    `media-src ${origin} blob:`,
    "require-trusted-types-for 'script'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
