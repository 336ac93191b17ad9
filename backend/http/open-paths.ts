import { notFound } from '../problem.ts';
import type { RequestContext, Step } from './context.ts';

const paths = /^\/(?:uploads|files|avatars)\//;

/** How long the rest of a body is still taken after an answer, so that clients get to read it before the connection goes. */
const lingerMs = 2000;

/**
 * Paths beside the API whose addresses are all that it takes to use them. They carry no cookies and no tokens, so pages of any origin may:
 * what uploads of tus, players and pictures need of CORS (Fetch) and CORP is answered here. What no step answers is not found.
 */
export const openPaths = (steps: readonly Step[]): readonly Step[] => [
  welcome,
  ...steps.map(
    (step): Step =>
      (ctx, next) =>
        paths.test(ctx.path) ? step(ctx, next) : next(),
  ),
  async (ctx, next) => {
    if (paths.test(ctx.path)) throw notFound('page');
    await next();
  },
];

const welcome: Step = async (ctx, next) => {
  if (!paths.test(ctx.path)) return next();
  ctx.set({
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': exposed,
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Timing-Allow-Origin': '*',
  });
  if (ctx.method === 'OPTIONS') {
    ctx.set({
      'Access-Control-Allow-Methods': 'GET, HEAD, PUT, PATCH, DELETE',
      'Access-Control-Allow-Headers': allowed,
      'Access-Control-Max-Age': '86400',
    });
    ctx.status = 204;
    return undefined;
  }
  try {
    return await next();
  } finally {
    if (!ctx.req.complete) endBodySoon(ctx);
  }
};

const exposed =
  'Upload-Offset, Upload-Length, Tus-Resumable, Content-Range, Content-Disposition, Accept-Ranges, Retry-After, X-Request-Id';
const allowed =
  'Content-Type, Tus-Resumable, Upload-Offset, Upload-Length, X-Request-Id, X-HTTP-Method-Override, Range';

/** Drops what still comes of a body that was refused, and the connection when that does not end. */
const endBodySoon = ({ req, res }: RequestContext): void => {
  const { socket } = req;
  if (socket === null || socket.destroyed) return;
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  const stop = (): void => clearTimeout(timer);
  req.once('end', stop);
  res.once('close', () => req.complete && stop());
  socket.once('close', stop);
  req.resume();
};
