/**
 * What `sites.js` measures, one per process: `many` (1,000 sites of 100 people) or `one` (a single site of 100,000). Everybody is in two groups of ten and
 * a direct message, each with ten messages. Says its URL, and some people with their tokens and a conversation of theirs.
 */
import { uuidv7 } from 'uuidv7';
import { connect } from '../dist/backend/database/connect.js';
import { startTestBackend } from '../dist/backend/testing/backend.js';
import { cloneDatabase } from '../dist/backend/testing/postgres.js';
import { createTokens } from '../dist/backend/tokens.js';

const [kind, templateUrl, siteText = '1000', peopleText = '100'] = process.argv.slice(2);
const [manySites, perSite] = [Number(siteText), Number(peopleText)];
const sites = kind === 'many' ? manySites : 1;
const people = (manySites * perSite) / sites;
const asked = 2000;

const databaseUrl = await cloneDatabase(templateUrl);
const patience = { statementTimeoutMs: 600_000 };
const filling = connect(databaseUrl, { poolSize: 1, ...patience });

/** Ids that look as ours do, and can be made in the database: a kind, a site and a number. */
const id = (name, site, number) =>
  `overlay(overlay(md5('${name}' || ${site} || ' ' || ${number}) placing '4' from 13) placing 'a' from 17)::uuid`;
const fill = (text, values = [sites, people]) => filling.pool.query(text, values);
const everybody = 'generate_series(1, $1::int) s, generate_series(0, $2::int - 1) p';
// Groups of those who sit together, then of those who are ten apart; then pairs.
const rooms = `(
  select s, p, 'near' as room, p / 10 as number from ${everybody}
  union all select s, p, 'far', (p / 100) * 10 + p % 10 from ${everybody}
  union all select s, p, 'pair', p / 2 from ${everybody}
)`;
await fill(
  `insert into sites (id, key, name) select ${id('site', 's', 0)}, 'site-' || s, 'Site ' || s from generate_series(1, $1) s`,
  [sites],
);
await fill(`
  insert into users (id, site_id, username, username_key, display_name, search_text, avatar_color)
  select ${id('user', 's', 'p')}, ${id('site', 's', 0)}, 'user-' || p, 'user-' || p, 'Somebody ' || p, ' somebody ' || p, 'leaf' from ${everybody}`);
await fill(`
  insert into conversations (id, site_id, kind, title, dm_key, created_by, head_seq, last_message_seq)
  select ${id('room', 's', "room || ' ' || number")}, ${id('site', 's', 0)}, case room when 'pair' then 'dm' else 'group' end,
    case room when 'pair' then null else room || ' ' || number end,
    case room when 'pair' then min(${id('user', 's', 'p')}::text) || ':' || max(${id('user', 's', 'p')}::text) end,
    min(${id('user', 's', 'p')}::text)::uuid, 10, 10
  from ${rooms} r group by s, room, number`);
await fill(`
  insert into members (conversation_id, site_id, user_id, role, joined_seq, changed_seq)
  select ${id('room', 's', "room || ' ' || number")}, ${id('site', 's', 0)}, ${id('user', 's', 'p')}, 'member', 0, 0 from ${rooms} r`);
await fill(
  `insert into messages (conversation_id, site_id, id, sender_id, client_id, seq, changed_seq, text, draft_hash)
   select c.id, c.site_id, gen_random_uuid(), c.created_by, gen_random_uuid(), n, n, 'A cup of tea, number ' || n, sha256(c.id::text::bytea)
   from conversations c, generate_series(1, 10) n`,
  [],
);
await fill('analyze', []);
const { rows } = await fill(
  `select u.id, u.site_id, (select conversation_id from members m where m.user_id = u.id limit 1) as conversation_id
   from users u order by md5(u.id::text) limit $1`,
  [asked],
);
await filling.close();

const unlimited = 1e9;
const server = await startTestBackend(
  { limits: { messagesPerSecond: unlimited, messageBurst: unlimited }, logLevel: 'error' },
  { databaseUrl },
);
const tokens = createTokens(server.config);
const sample = await Promise.all(
  rows.map(async (row) => ({
    conversationId: row.conversation_id,
    token: (await tokens.issue({ userId: row.id, siteId: row.site_id, sessionId: uuidv7() })).accessToken,
  })),
);
process.on('message', () => process.exit(0));
process.on('disconnect', () => process.exit(1));
process.send({ url: server.url, sample });
