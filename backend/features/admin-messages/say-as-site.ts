import { uuidv7 } from 'uuidv7';
import type { Message } from '../../../protocol/messages.ts';
import type { Deps, Site } from '../../feature.ts';
import type { Queries } from '../../database/transaction.ts';
import { hashOf, lockAsMember, readInside, refusalOf, refuseClosed, takeSeqs, type Lanes } from '../messages/index.ts';
import { avatarColorOf, searchTextOf } from '../users/index.ts';

/** What a site says. */
export interface SiteMessage {
  readonly conversationId: string;
  readonly clientId: string;
  readonly text: string;
  readonly replyTo?: string | undefined;
}

/** Says something in a conversation that the site is no member of: by a user of its own, who has its name. */
export type SayAsSite = (site: Site, message: SiteMessage) => Promise<{ message: Message; replayed: boolean }>;

/** Makes the use case. */
export const createSayAsSite = ({ hub }: Pick<Deps, 'hub'>, lanes: Lanes): SayAsSite => {
  return (site, { conversationId, clientId, text, replyTo }) =>
    lanes.run<{ message: Message; replayed: boolean }>(conversationId, async (transaction) => {
      const conversation = await lockAsMember(transaction, { siteId: site.id }, conversationId);
      const senderId = await voiceOf(transaction, site);
      const hash = hashOf(text, replyTo, [], []);
      const original = await findOriginal(transaction, { conversationId, senderId, clientId });
      if (original) {
        if (!original.hash.equals(hash)) throw refusalOf('reused');
        return { value: { message: await readBack(transaction, conversationId, original.id), replayed: true } };
      }
      refuseClosed(conversation, 'send');
      if (replyTo !== undefined && !(await readInside(transaction, conversationId, replyTo)))
        throw refusalOf('unknown_reply');
      const seq = await takeSeqs(transaction, conversationId);
      const id = uuidv7();
      await transaction.query('messages_of_site', insertText, [
        conversationId,
        id,
        senderId,
        clientId,
        seq,
        text,
        replyTo ?? null,
        hash,
      ]);
      const message = await readBack(transaction, conversationId, id);
      const event = { type: 'message.created', conversationId, seq, data: { message } } as const;
      return {
        value: { message, replayed: false },
        publish: () => hub.publish(`conversation:${conversationId}`, event),
      };
    });
};

/** The user that a site speaks by, made when it first does. */
export const voiceOf = async (queries: Queries, { id: siteId, name }: Site): Promise<string> => {
  const [known] = await queries.query<{ id: string; display_name: string }>(
    'site_voice_find',
    `select id, display_name from users where site_id = $1 and kind = 'system'`,
    [siteId],
  );
  if (known?.display_name === name) return known.id;
  const id = uuidv7();
  const username = `site-${id.slice(-12)}`;
  const [row] = await queries.query<{ id: string }>(
    'site_voice_keep',
    `insert into users as u (id, site_id, username, username_key, display_name, search_text, avatar_color, kind)
     values ($1, $2, $3, $3, $4, $5, $6, 'system')
     on conflict (site_id) where kind = 'system' do update set display_name = excluded.display_name returning u.id`,
    [id, siteId, username, name, searchTextOf({ username, displayName: name }), avatarColorOf(siteId)],
  );
  if (!row) throw new Error('unable to speak as the site; its user was not kept');
  return row.id;
};

const findOriginal = async (
  queries: Queries,
  { conversationId, senderId, clientId }: { conversationId: string; senderId: string; clientId: string },
): Promise<{ id: string; hash: Buffer } | undefined> => {
  const [row] = await queries.query<{ id: string; hash: Buffer }>(
    'messages_of_site_before',
    'select id, draft_hash as hash from messages where conversation_id = $1 and sender_id = $2 and client_id = $3',
    [conversationId, senderId, clientId],
  );
  return row;
};

const readBack = async (queries: Queries, conversationId: string, id: string): Promise<Message> => {
  const message = await readInside(queries, conversationId, id);
  if (!message) throw new Error('unable to speak as the site; what it said is not there');
  return message;
};

const insertText = `
with moved as (
  update conversations set last_message_seq = $5, last_activity_at = greatest(last_activity_at, now()) where id = $1
)
insert into messages (site_id, conversation_id, id, sender_id, client_id, seq, changed_seq, text, reply_to, draft_hash)
select site_id, $1, $2, $3, $4, $5, $5, $6, $7, $8 from conversations where id = $1`;
