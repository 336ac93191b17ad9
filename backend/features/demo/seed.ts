import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import { uuidv7 } from 'uuidv7';
import type { Database } from '../../database/connect.ts';
import { directKey } from '../conversations/index.ts';
import { meColumns, searchTextOf, type MeRow } from '../users/index.ts';

const people = {
  mia: { displayName: 'Mia Lindqvist', avatarColor: 'leaf' },
  noor: { displayName: 'Noor Haddad', avatarColor: 'iris' },
  teo: { displayName: 'Teo Marques', avatarColor: 'clay' },
} as const;

type Name = keyof typeof people;
const names = Object.keys(people) as Name[];

const direct: readonly [Name, string, number][] = [
  ['noor', 'Morning! The first crate of Darjeeling is here 🍃', 52],
  ['mia', 'Already? That was *quick*.', 51],
  ['noor', 'It smells wonderful. I put the kettle on.', 50],
  ['mia', 'On my way. Do you need anything from the market?', 12],
];

const group: readonly [Name, string, number][] = [
  ['teo', 'Tasting on Saturday at four? I’d bring the oolong.', 180],
  ['mia', 'Yes. I’ll bake something with lemon.', 176],
  ['noor', '🎉', 175],
  ['teo', 'Wonderful. The recipe for the scones is at https://example.org/scones', 32],
];

/** The two whom the gallery signs in, made with what they have said so far when they are first asked for. */
export const demoPerson = async (db: Database, siteId: string, name: Name): Promise<MeRow> => {
  const find = async (): Promise<MeRow | undefined> => {
    const [row] = await db.query<MeRow>(
      'demo_find',
      `select ${meColumns('u')} from users u where u.site_id = $1 and u.id = $2`,
      [siteId, idOf(siteId, name)],
    );
    return row;
  };
  const row = (await find()) ?? (await seed(db, siteId), await find());
  if (!row) throw new Error(`unable to find the demo person ${name}; they were not made`);
  return row;
};

// Known by an id made from the name (RFC 9562 §5.8), never by the user name, which anybody could have registered before.
const idOf = (siteId: string, name: Name): string => {
  const hex = createHash('sha256').update(`teatime demo ${siteId} ${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

const seed = (db: Database, siteId: string): Promise<void> =>
  db.transaction(async (client) => {
    // Both widgets of the gallery ask at once; one of them seeds.
    await client.query(`select pg_advisory_xact_lock(hashtext('teatime demo'))`);
    const { rows } = await client.query('select from users where id = $1', [idOf(siteId, 'mia')]);
    if (rows.length === 0) await insertAll(client, siteId);
  });

const insertAll = async (client: PoolClient, siteId: string): Promise<void> => {
  const ids = { mia: idOf(siteId, 'mia'), noor: idOf(siteId, 'noor'), teo: idOf(siteId, 'teo') };
  for (const name of names) {
    const { displayName, avatarColor } = people[name];
    const free = `${name}-${ids[name].slice(0, 8)}`;
    await client.query(
      `insert into users (id, site_id, username, username_key, display_name, search_text, avatar_color)
       select $1, $2, name, name, $5, $6, $7
       from (select case when exists (select from users where site_id = $2 and username_key = $3) then $4 else $3 end as name) chosen`,
      [ids[name], siteId, name, free, displayName, searchTextOf({ username: name, displayName }), avatarColor],
    );
  }
  const members = (...some: Name[]) => some.map((name) => ids[name]);
  await insertConversation(client, siteId, {
    kind: 'group',
    title: 'Saturday tasting',
    members: members('teo', 'mia', 'noor'),
    said: group,
    ids,
  });
  await insertConversation(client, siteId, { kind: 'dm', members: members('mia', 'noor'), said: direct, ids });
};

interface Seed {
  readonly kind: 'dm' | 'group';
  readonly title?: string;
  readonly members: readonly string[];
  /** Who said what, and how many minutes ago. */
  readonly said: readonly [Name, string, number][];
  readonly ids: Readonly<Record<Name, string>>;
}

const insertConversation = async (
  client: PoolClient,
  siteId: string,
  { kind, title, members, said, ids }: Seed,
): Promise<void> => {
  const id = uuidv7();
  const [first = '', second = ''] = members;
  const head = said.length;
  await client.query(
    `insert into conversations (id, site_id, kind, title, dm_key, head_seq, last_message_seq, created_by, last_activity_at)
     values ($1, $2, $3, $4, $5, $6, $6, $7, now() - make_interval(mins => $8))`,
    [
      id,
      siteId,
      kind,
      title ?? null,
      kind === 'dm' ? directKey(first, second) : null,
      head,
      first,
      said.at(-1)?.[2] ?? 0,
    ],
  );
  for (const [index, userId] of members.entries()) {
    await client.query(
      `insert into members (conversation_id, user_id, site_id, role, joined_seq, changed_seq, delivered_seq, read_seq)
       values ($1, $2, $3, $4, 0, 0, $5, $5)`,
      [id, userId, siteId, kind === 'group' && index === 0 ? 'owner' : 'member', head],
    );
  }
  for (const [index, [name, text, minutesAgo]] of said.entries()) {
    await client.query(
      `insert into messages (site_id, conversation_id, id, sender_id, client_id, seq, changed_seq, text, draft_hash, created_at)
       values ($9, $1, $2, $3, $4, $5, $5, $6, $7, now() - make_interval(mins => $8))`,
      [
        id,
        uuidv7(),
        ids[name],
        uuidv7(),
        index + 1,
        text,
        createHash('sha256').update(text).digest(),
        minutesAgo,
        siteId,
      ],
    );
  }
};
