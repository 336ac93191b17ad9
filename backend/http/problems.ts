import type { ErrorCode } from '../../protocol/codes.ts';
import type { Problem as ProblemBody } from '../../protocol/service.ts';
import type { Logger } from 'pino';
import { Problem } from '../problem.ts';
import type { RequestContext, Step } from './context.ts';

/** Turns whatever is thrown further in into a problem document (RFC 9457). Only its own words reach the client; the rest is logged. */
export const answerProblems = (log: Logger, translate: (error: unknown) => Problem | undefined): Step => {
  return async (ctx, next) => {
    try {
      await next();
      if (ctx.status === 404 && ctx.body == null)
        throw new Problem('not_found', 'unable to find the page; there is nothing here');
    } catch (error) {
      const problem = error instanceof Problem ? error : (translate(error) ?? fromHttpError(error) ?? internal(error));
      if (problem.status >= 500) {
        log.error(
          { requestId: ctx.state.requestId, route: ctx.state.route, ...describeError(problem.cause ?? problem) },
          'request failed',
        );
      }
      answer(ctx, problem);
    }
  };
};

/** Answers with a problem document. */
export const answer = (ctx: RequestContext, problem: Problem): void => {
  ctx.state.problem = problem.code;
  ctx.status = problem.status;
  if (problem.status === 429 || problem.status === 503) {
    ctx.set('Retry-After', String(Math.max(1, Math.ceil((problem.retryAfterMs ?? 1000) / 1000))));
  }
  if (problem.status === 401) ctx.set('WWW-Authenticate', 'Bearer');
  ctx.set('Cache-Control', 'no-store');
  ctx.body = JSON.stringify(problemBody(problem, ctx.state.requestId));
  ctx.type = 'application/problem+json';
};

/** A problem as it is answered. */
export const problemBody = (problem: Problem, requestId: string): ProblemBody => ({
  type: 'about:blank',
  title: titles[problem.code] ?? problem.code.replaceAll('_', ' '),
  status: problem.status,
  detail: problem.message,
  code: problem.code,
  requestId,
  ...(problem.issues && { issues: problem.issues.map(({ path, message }) => ({ path, message })) }),
});

/** What may be logged of an error: of a database's only its code and where, for its message can quote what people wrote. */
export const describeError = (error: unknown): Record<string, unknown> => {
  if (!(error instanceof Error)) return { error: typeof error };
  const { code, table, constraint } = error as Error & Record<'code' | 'table' | 'constraint', unknown>;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const ofDatabase = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && 'severity' in error;
  return {
    error: error.name,
    ...(typeof code === 'string' && { errorCode: code }),
    ...(ofDatabase ? { table, constraint } : { reason: error.message.slice(0, 500) }),
    stack: frames.slice(0, 12).join('\n'),
  };
};

// The body parser and Koa itself throw errors with a status.
const fromHttpError = (error: unknown): Problem | undefined => {
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  if (status === 413) return new Problem('payload_too_large', 'unable to read the body; it is too large');
  if (status === 415)
    return new Problem('unsupported_media_type', 'unable to read the body; its encoding is not supported');
  if (status === 404) return new Problem('not_found', 'unable to find the page; there is nothing here');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Problem('validation_failed', 'unable to read the request; it is malformed');
  }
  return undefined;
};

const internal = (cause: unknown): Problem =>
  new Problem('internal', 'unable to answer; something went wrong on our side', { cause });

const titles: Partial<Record<ErrorCode, string>> = {
  validation_failed: 'The request is not valid',
  unauthorized: 'Sign in first',
  token_expired: 'The token has expired',
  token_invalid: 'The token is not valid',
  refresh_reused: 'The refresh token was used before',
  forbidden: 'You may not do this',
  origin_not_allowed: 'This page may not use the chat',
  blocked: 'There is a block between you',
  not_found: 'Not found',
  conflict: 'It is taken already',
  rate_limited: 'Too many requests',
  internal: 'Something went wrong',
  draining: 'The server is going down',
  dependency_unavailable: 'The server is not ready',
};
