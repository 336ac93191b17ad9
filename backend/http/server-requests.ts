import { finishAudit, writeAudit, type AuditedAct } from '../database/audit.ts';
import type { Database } from '../database/connect.ts';
import { JsonText } from '../feature.ts';
import { Problem } from '../problem.ts';
import type { RequestContext } from './context.ts';
import { claimRequest, readIdempotencyKey, type Claim, type KeptAnswer } from './idempotency.ts';
import { problemBody } from './problems.ts';
import type { KnownServerKey } from './server-keys.ts';

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** A request by a server key: what it asks for, how it is read and checked, and what is done then. */
export interface ServerRequest {
  readonly act: string;
  readonly key: KnownServerKey;
  readonly params: Readonly<Record<string, string>>;
  handle(): Promise<() => Promise<Reply>>;
}

/**
 * Answers requests of server keys. Each write has its row in the audit log before it begins, so that none can go without, and what came of it after.
 * Reads have one where they were refused something, or asked for one. A write with an `Idempotency-Key` happens once.
 */
export const createServerDoor = (db: Database) => {
  return async (ctx: RequestContext, { act, key, params, handle }: ServerRequest): Promise<void> => {
    const writes = ctx.method !== 'GET';
    const describe = (outcome: AuditedAct['outcome'], code?: string): AuditedAct => ({
      siteId: key.siteId,
      by: { kind: 'server key', id: key.id, name: key.name },
      act,
      target: ctx.state.note?.target ?? (Object.values(params).join(' ') || undefined),
      outcome,
      code,
      ip: ctx.state.ip,
      requestId: ctx.state.requestId,
      details: ctx.state.note?.details,
    });
    let row: string | undefined;
    const tell = async (outcome: AuditedAct['outcome'], code?: string): Promise<void> => {
      if (row !== undefined) await finishAudit(db, row, describe(outcome, code));
      else await writeAudit(db, describe(outcome, code));
    };

    let claim: Claim | undefined;
    try {
      const work = await handle();
      const idempotencyKey = writes ? readIdempotencyKey(ctx) : undefined;
      if (idempotencyKey !== undefined) claim = await claimRequest(db, ctx, key, idempotencyKey);
      if (claim && 'answer' in claim) return replay(ctx, claim.answer);
      if (writes) row = await writeAudit(db, describe('started'));
      const reply = await work();
      // What is done is done, and told so, even when the database goes away just now.
      const text = textOf(reply.body);
      await claim?.keep({ status: reply.status, text, problem: false }).catch(() => undefined);
      if (writes || ctx.state.note) await tell('done').catch(() => undefined);
      return send(ctx, reply.status, text);
    } catch (error) {
      const refusal =
        error instanceof Problem && error.status < 500 && error.code !== 'rate_limited' ? error : undefined;
      if (claim && 'keep' in claim) await settle(claim, refusal, ctx.state.requestId).catch(() => undefined);
      if (row !== undefined || refusal?.code === 'not_found' || refusal?.code === 'forbidden') {
        await tell(refusal ? 'refused' : 'failed', refusal?.code).catch(() => undefined);
      }
      throw error;
    }
  };
};

/** A refusal is an answer; after anything else the request may be tried again. */
const settle = async (
  claim: Exclude<Claim, { answer: KeptAnswer }>,
  refusal: Problem | undefined,
  requestId: string,
): Promise<void> => {
  if (!refusal) return claim.release();
  const text = JSON.stringify(problemBody(refusal, requestId));
  return claim.keep({ status: refusal.status, text, problem: true });
};

const textOf = (body: unknown): string =>
  body instanceof JsonText ? body.text : body === null || body === undefined ? '' : JSON.stringify(body);

const replay = (ctx: RequestContext, { status, text, problem }: KeptAnswer): void => {
  ctx.set('Idempotency-Replayed', 'true');
  send(ctx, status, text, problem ? 'application/problem+json' : undefined);
};

const send = (ctx: RequestContext, status: number, text: string, type = 'application/json; charset=utf-8'): void => {
  ctx.status = status;
  if (text === '') ctx.body = null;
  else {
    ctx.body = text;
    ctx.type = type;
  }
  ctx.set('Cache-Control', 'no-store');
};
