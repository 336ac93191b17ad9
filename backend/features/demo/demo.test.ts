import { afterAll, beforeAll, expect, test } from 'vitest';
import { api, aMessage, aSocket, aUser, startTestBackend, type TestBackend } from '../../testing/index.ts';

let server: TestBackend;
beforeAll(async () => {
  server = await startTestBackend({ demo: true });
});
afterAll(() => server.close());

const enter = async (username: 'mia' | 'noor') => {
  const { user, accessToken } = await api(server).call('POST /demo/sessions', { body: { username } });
  return { user, id: user.id, accessToken, api: api(server, accessToken) };
};

test('both people of the gallery enter at once and find the same two conversations', async () => {
  // Somebody took a name before the gallery was first opened: they are not who enters.
  const stranger = await aUser(server, { username: 'Noor' });
  const [mia, noor, again] = await Promise.all([enter('mia'), enter('noor'), enter('mia')]);
  expect(again.id).toBe(mia.id);
  expect(noor.id).not.toBe(stranger.id);
  expect([mia.user.displayName, noor.user.displayName]).toEqual(['Mia Lindqvist', 'Noor Haddad']);

  const lists = await Promise.all([mia, noor].map((person) => person.api.call('GET /conversations')));
  const [ofMia, ofNoor] = lists.map(({ conversations }) => conversations.map(({ id, kind }) => `${kind} ${id}`));
  expect(ofMia).toEqual(ofNoor);
  expect(ofMia?.map((line) => line.split(' ')[0])).toEqual(['dm', 'group']);
});

test('what they have said keeps the rules of the change counter, and the conversation goes on', async () => {
  const [mia, noor] = [await enter('mia'), await enter('noor')];
  const socket = await aSocket(server, noor);
  for (const conversation of (await mia.api.call('GET /conversations')).conversations) {
    const params = { conversationId: conversation.id };
    const { messages } = await mia.api.call('GET /conversations/:conversationId/messages', { params });
    expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, index) => index + 1));
    expect(conversation.head).toBe(messages.length);
    expect(conversation.unread).toBe(0);
    expect(conversation.lastMessage?.id).toBe(messages.at(-1)?.id);
    const sent = await aMessage({ ...mia, password: '', refreshToken: '' }, conversation, 'The kettle sings.');
    expect(sent.seq).toBe(conversation.head + 1);
    const { data } = await socket.next('message.created');
    expect(data.message.id).toBe(sent.id);
  }
  await socket.close();
});

test('without the demo there is nobody', async () => {
  const plain = await startTestBackend();
  const refusal = await api(plain).refusal('POST /demo/sessions', { body: { username: 'mia' } });
  expect(refusal.status).toBe(404);
  await plain.close();
});
