import { uuidv7 } from 'uuidv7';
import type { AuditOutcome } from '../../protocol/admin.ts';
import type { Queries } from './transaction.ts';

/** What somebody does to a site, as the audit log keeps it: never secrets, never what people wrote. */
export interface AuditedAct {
  readonly siteId: string;
  readonly by: { readonly kind: 'server key' | 'command line'; readonly id?: string; readonly name: string };
  /** A route, or a command. */
  readonly act: string;
  readonly target?: string | undefined;
  readonly outcome: AuditOutcome;
  /** The error code of what was refused. */
  readonly code?: string | undefined;
  readonly ip?: string | undefined;
  readonly requestId?: string | undefined;
  readonly details?: Readonly<Record<string, string | number | boolean>> | undefined;
}

const longestTarget = 200;

/** Writes a row of the audit log and returns its id. */
export const writeAudit = async (queries: Queries, act: AuditedAct): Promise<string> => {
  const id = uuidv7();
  const { siteId, by, target, outcome, code, ip, requestId, details = {} } = act;
  await queries.query(
    'audit_write',
    `insert into audit_log (id, site_id, by_kind, by_id, by_name, act, target, outcome, code, ip, request_id, details)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      id,
      siteId,
      by.kind,
      by.id ?? null,
      by.name,
      act.act,
      target === undefined ? null : storable(target),
      outcome,
      code ?? null,
      ip ?? null,
      requestId ?? null,
      JSON.stringify(details),
    ],
  );
  return id;
};

/** Writes what came of an act that was started. A target that is left out stays. */
export const finishAudit = async (
  queries: Queries,
  id: string,
  { outcome, code, target, details = {} }: Pick<AuditedAct, 'outcome' | 'code' | 'target' | 'details'>,
): Promise<void> => {
  await queries.query(
    'audit_finish',
    'update audit_log set outcome = $2, code = $3, target = coalesce($4, target), details = $5 where id = $1',
    [id, outcome, code ?? null, target === undefined ? null : storable(target), JSON.stringify(details)],
  );
};

/** A target as Postgres can keep it: who asks for what is not there may ask for anything. */
const storable = (target: string): string => target.replaceAll('\0', '').toWellFormed().slice(0, longestTarget);
