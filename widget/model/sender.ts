import type { Message } from '../../protocol/messages.ts';
import { failureOf } from '../client/failure.ts';
import type { SocketClient } from '../client/socket-client.ts';
import type { OutboxEntry } from './device-store.ts';
import type { Change } from './open-conversation.ts';
import type { Request } from './sync.ts';

/** Hands messages and their changes to the server: by the socket while it is there, else by REST. */
export interface Sender {
  send(entry: OutboxEntry, door: 'socket' | 'rest'): Promise<Message>;
  change(change: Change): Promise<Message>;
}

/** Makes the two doors one. */
export const createSender = ({ socket, request }: { socket: SocketClient; request: Request }): Sender => ({
  async send({ clientId, conversationId, text, replyTo, mentions, fileIds }, door) {
    const draft = {
      clientId,
      text,
      ...(replyTo !== undefined && { replyTo }),
      ...(mentions && { mentions: [...mentions] }),
      ...(fileIds && { fileIds: [...fileIds] }),
    };
    if (door === 'socket') {
      try {
        return (await socket.command('message.send', { conversationId, ...draft })).message;
      } catch (error) {
        // A frame can be too large although the message is not: text grows when it is escaped.
        if (failureOf(error).code !== 'payload_too_large') throw error;
      }
    }
    const params = { conversationId };
    return (await request('POST /conversations/:conversationId/messages', { params, body: draft })).message;
  },

  async change({ kind, conversationId, messageId, text = '', mentions, emoji = '' }) {
    const params = { conversationId, messageId };
    const edit = { text, ...(mentions && { mentions: [...mentions] }) };
    const bySocket = socket.$connection.get().status === 'connected';
    const changed = await (() => {
      switch (kind) {
        case 'edit':
          return bySocket
            ? socket.command('message.edit', { ...params, ...edit })
            : request('PATCH /conversations/:conversationId/messages/:messageId', { params, body: edit });
        case 'delete':
          return bySocket
            ? socket.command('message.delete', params)
            : request('DELETE /conversations/:conversationId/messages/:messageId', { params });
        case 'react':
          return bySocket
            ? socket.command('reaction.add', { ...params, emoji })
            : request('PUT /conversations/:conversationId/messages/:messageId/reactions/:emoji', {
                params: { ...params, emoji },
              });
        case 'unreact':
          return bySocket
            ? socket.command('reaction.remove', { ...params, emoji })
            : request('DELETE /conversations/:conversationId/messages/:messageId/reactions/:emoji', {
                params: { ...params, emoji },
              });
      }
    })();
    return changed.message;
  },
});
