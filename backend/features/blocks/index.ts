import type { PoolClient } from 'pg';
import { route, type Deps, type Feature, type Session } from '../../feature.ts';
import { notFound, Problem } from '../../problem.ts';
import { directKey, pairLockKey, pairLockText } from '../conversations/index.ts';
import { findUser, toUser, userColumns, type UserRow } from '../users/index.ts';

/** Blocks: between two people, felt in their direct message and in each other's presence. */
export const createBlocks = ({ config, db, hub }: Deps): Feature => {
  const change = async (
    session: Session,
    otherId: string,
    write: (client: PoolClient) => Promise<boolean>,
  ): Promise<void> => {
    const { changed, stands } = await db.transaction(async (client) => {
      // First the pair, so that a direct message which is being opened is there, or sees the block.
      await client.query(pairLockText, [pairLockKey(session.siteId, session.userId, otherId)]);
      // Then the direct message's row: sending holds it too, so that a message is before the block or refused.
      await client.query('select from conversations where site_id = $1 and dm_key = $2 for no key update', [
        session.siteId,
        directKey(session.userId, otherId),
      ]);
      const changed = await write(client);
      await client.query(
        `update conversations set blocked = exists (
           select from blocks where (blocker_id = $3 and blocked_id = $4) or (blocker_id = $4 and blocked_id = $3)
         ) where site_id = $1 and dm_key = $2`,
        [session.siteId, directKey(session.userId, otherId), session.userId, otherId],
      );
      const { rows } = await client.query<{ stands: boolean }>(
        'select exists (select from blocks where (blocker_id = $1 and blocked_id = $2) or (blocker_id = $2 and blocked_id = $1)) as stands',
        [session.userId, otherId],
      );
      return { changed, stands: rows[0]?.stands === true };
    });
    if (changed) hub.blockChanged(session.userId, otherId, stands);
  };

  return {
    commands: [],
    routes: [
      route('GET /blocks', async ({ session }) => {
        const rows = await db.query<UserRow>(
          'blocks_list',
          `select ${userColumns('u')} from blocks b join users u on u.id = b.blocked_id
           where b.blocker_id = $1 and b.site_id = $2 order by b.created_at desc`,
          [session.userId, session.siteId],
        );
        return { status: 200, body: { users: rows.map((row) => toUser(config, row)) } };
      }),
      route('PUT /blocks/:userId', async ({ session, params: { userId } }) => {
        if (userId === session.userId) {
          throw new Problem('validation_failed', 'unable to block; it takes two', {
            issues: [{ path: 'userId', message: 'must be somebody else' }],
          });
        }
        if (!(await findUser(db, session.siteId, session.userId, userId))) throw notFound('person');
        await change(session, userId, async (client) => {
          const { rowCount } = await client.query(
            'insert into blocks (site_id, blocker_id, blocked_id) values ($1, $2, $3) on conflict do nothing',
            [session.siteId, session.userId, userId],
          );
          return (rowCount ?? 0) > 0;
        });
        return { status: 204, body: null };
      }),
      route('DELETE /blocks/:userId', async ({ session, params: { userId } }) => {
        if (!(await findUser(db, session.siteId, session.userId, userId))) throw notFound('person');
        await change(session, userId, async (client) => {
          const { rowCount } = await client.query('delete from blocks where blocker_id = $1 and blocked_id = $2', [
            session.userId,
            userId,
          ]);
          return (rowCount ?? 0) > 0;
        });
        return { status: 204, body: null };
      }),
    ],
  };
};
