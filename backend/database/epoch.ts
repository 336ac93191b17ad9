import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { databaseProblem } from './database-problem.ts';

const maxAgeMs = 30_000;

/** Reads the database's epoch, keeping it until a new connection is made or half a minute has passed. */
export interface Epoch {
  readonly read: () => Promise<string>;
  readonly forget: () => void;
}

/**
 * The epoch is derived from what Postgres changes by itself when a database is restored: the cluster's identifier (restored by `initdb` and a dump),
 * its timeline (recovered to a point in time), the database's oid (a dump into a new database) and the oid of a table of ours (`pg_restore --clean`).
 */
export const createEpoch = (pool: () => Pool): Epoch => {
  let known: { value: string; until: number } | undefined;
  return {
    async read() {
      if (known !== undefined && known.until > Date.now()) return known.value;
      try {
        // The connection that this may open makes us forget: only what is set afterwards counts.
        const value = await ask(pool());
        known = { value, until: Date.now() + maxAgeMs };
        return value;
      } catch (error) {
        throw databaseProblem(error) ?? error;
      }
    },
    forget: () => {
      known = undefined;
    },
  };
};

const ask = async (pool: Pool): Promise<string> => {
  const places = await pool.query<{ database: string; installation: string }>(
    `select oid::text as database, 'installation'::regclass::oid::text as installation from pg_database where datname = current_database()`,
  );
  const cluster = await pool
    .query<{ identifier: string; timeline: string }>(
      `select s.system_identifier::text as identifier, c.timeline_id::text as timeline from pg_control_system() s, pg_control_checkpoint() c`,
    )
    .catch((error: unknown) => {
      // Some hosted databases keep these functions to themselves; the oids still tell of every restored dump.
      if ((error as { code?: unknown }).code === '42501') return { rows: [] };
      throw error;
    });
  const facts = [places.rows[0], cluster.rows[0]];
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url').slice(0, 16);
};
