import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import type { Database } from '../database/connect.ts';
import { Problem } from '../problem.ts';
import type { RequestContext } from './context.ts';
import type { KnownServerKey } from './server-keys.ts';

/** What was answered, or is to be. */
export interface KeptAnswer {
  readonly status: number;
  /** JSON text; empty where there is no body. */
  readonly text: string;
  /** It is a problem document. */
  readonly problem: boolean;
}

/** A request that may be sent again: either it is answered already, or it is the sender's to work on until `keep` or `release`. */
export type Claim =
  { readonly answer: KeptAnswer } | { keep(answer: KeptAnswer): Promise<void>; release(): Promise<void> };

interface Row {
  readonly [column: string]: unknown;
  readonly same: boolean;
  readonly busy: boolean;
  readonly status: number | null;
  readonly sealed_answer: Buffer | null;
}

const longestKey = 255;
/** How long a request is waited for whose process may have died, in seconds: longer than any takes. */
const patienceSeconds = 60;
const keptHours = 24;

/** The `Idempotency-Key` of a request (draft-ietf-httpapi-idempotency-key-header), or `undefined`. Throws `validation_failed`. */
export const readIdempotencyKey = (ctx: RequestContext): string | undefined => {
  const key = ctx.get('Idempotency-Key');
  if (key === '') return undefined;
  if (key.length <= longestKey && /^[\x21-\x7e]+$/.test(key)) return key;
  throw new Problem(
    'validation_failed',
    `unable to take the request; its Idempotency-Key must be up to ${longestKey} visible ASCII characters`,
    { issues: [{ path: 'Idempotency-Key', message: `must be up to ${longestKey} visible ASCII characters` }] },
  );
};

/** Takes a request under its idempotency key. Throws `idempotency_key_reused` when another one had the key, and `conflict` while the same is being worked on. */
export const claimRequest = async (
  db: Database,
  ctx: RequestContext,
  owner: KnownServerKey,
  key: string,
): Promise<Claim> => {
  const { rawBody = '' } = ctx.request as { rawBody?: string };
  const hash = createHash('sha256').update(`${ctx.method} ${ctx.url}\n${rawBody}`).digest();
  const place = [owner.siteId, owner.id, key];
  const claimed = await db.query(
    'idempotency_claim',
    `insert into idempotent_requests as r (site_id, server_key_id, key, request_hash, busy_until)
     values ($1, $2, $3, $4, now() + interval '${patienceSeconds} seconds')
     on conflict (site_id, server_key_id, key) do update
       set request_hash = excluded.request_hash, busy_until = excluded.busy_until, status = null, sealed_answer = null, created_at = now()
       where r.created_at < now() - interval '${keptHours} hours' or (r.request_hash = excluded.request_hash and r.busy_until < now())
     returning key`,
    [...place, hash],
  );
  if (claimed.length === 0) return { answer: await readAnswer(db, owner, key, hash) };
  return {
    async keep(answer) {
      await db.query(
        'idempotency_keep',
        `update idempotent_requests set busy_until = null, status = $4, sealed_answer = $5
         where site_id = $1 and server_key_id = $2 and key = $3`,
        [...place, answer.status, seal(owner, key, JSON.stringify(answer))],
      );
    },
    async release() {
      await db.query(
        'idempotency_release',
        'delete from idempotent_requests where site_id = $1 and server_key_id = $2 and key = $3',
        place,
      );
    },
  };
};

/** Forgets what is too old to be asked for again. */
export const dropOldAnswers = async (db: Database): Promise<void> => {
  await db.query(
    'idempotency_drop_old',
    `delete from idempotent_requests where created_at < now() - interval '${keptHours} hours'`,
    [],
  );
};

const readAnswer = async (db: Database, owner: KnownServerKey, key: string, hash: Buffer): Promise<KeptAnswer> => {
  const [row] = await db.query<Row>(
    'idempotency_read',
    `select request_hash = $4 as same, status is null as busy, status, sealed_answer
     from idempotent_requests where site_id = $1 and server_key_id = $2 and key = $3`,
    [owner.siteId, owner.id, key, hash],
  );
  if (row && !row.same) {
    throw new Problem(
      'idempotency_key_reused',
      'unable to take the request; its Idempotency-Key was used for another one',
    );
  }
  if (row?.sealed_answer) return JSON.parse(unseal(owner, key, row.sealed_answer)) as KeptAnswer;
  throw new Problem('conflict', 'unable to take the request; the same one is being worked on: try again in a moment');
};

const ivBytes = 12;
const tagBytes = 16;

// Answers can hold secrets that are shown once, so only who has the server key can read them: AES-256-GCM under a key that is derived from it.
const sealingKey = (owner: KnownServerKey, key: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', owner.secret, key, 'teatime idempotent answer', 32));

const seal = (owner: KnownServerKey, key: string, text: string): Buffer => {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', sealingKey(owner, key), iv);
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
};

const unseal = (owner: KnownServerKey, key: string, sealed: Buffer): string => {
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(owner, key), sealed.subarray(0, ivBytes));
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  return Buffer.concat([decipher.update(sealed.subarray(ivBytes, -tagBytes)), decipher.final()]).toString('utf8');
};
