import { bodyParser } from '@koa/bodyparser';
import { Problem } from '../problem.ts';
import type { RequestContext, Step } from './context.ts';

/** Largest JSON body: the longest message with every character escaped, and some room. */
export const maxBodyBytes = 256 * 1024;

/** Deepest JSON body. */
export const maxBodyDepth = 16;

const parse = bodyParser({ enableTypes: ['json'], jsonStrict: true, jsonLimit: maxBodyBytes }) as unknown as Step;

/** Reads a JSON body; none at all counts as `{}`. Throws `unsupported_media_type`, `payload_too_large` or `validation_failed`. */
export const readJsonBody = async (ctx: RequestContext): Promise<unknown> => {
  // `null` means that there is no body, `false` that it is of another type.
  if (ctx.request.is('application/json') === false) {
    throw new Problem('unsupported_media_type', 'unable to read the body; it must be application/json');
  }
  await parse(ctx as Parameters<Step>[0], async () => {});
  const { body } = ctx.request as { body?: unknown };
  if (!isShallow(body))
    throw new Problem('validation_failed', `unable to read the body; it is nested deeper than ${maxBodyDepth} levels`);
  return body ?? {};
};

const isShallow = (root: unknown): boolean => {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxBodyDepth) return false;
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
  }
  return true;
};
