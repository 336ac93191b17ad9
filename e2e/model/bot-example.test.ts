import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../../backend/project-root.ts';
import {
  aGroup,
  aMessage,
  aServerKey,
  aSocket,
  aUser,
  startTestBackend,
  type TestBackend,
} from '../../backend/testing/index.ts';

const patienceMs = 30_000;
const program = join(projectRoot, 'examples', 'bot', 'bot.js');

let server: TestBackend;
beforeAll(async () => {
  server = await startTestBackend();
});
afterAll(() => server.close());

test('the example of a bot answers in the group that it was added to, until its token is revoked', async () => {
  const admin = (await aServerKey(server)).api;
  const { bot, token } = await admin.call('POST /admin/bots', { body: { name: 'Clock' } });
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, SERVER: server.url, TOKEN: token },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (said += part.toString()));
  try {
    await expect.poll(() => said, { timeout: patienceMs }).toContain('Clock listens');
    const ann = await aUser(server);
    const group = await aGroup(ann, []);
    const socket = await aSocket(server, ann);
    await ann.api.call('POST /conversations/:conversationId/members', {
      params: { conversationId: group.id },
      body: { userIds: [bot.user.id] },
    });
    await aMessage(ann, group, 'hello everybody');
    const asked = await aMessage(ann, group, 'What time is it?');
    const { data } = await socket.next(
      'message.created',
      ({ data: { message } }) => message.senderId === bot.user.id,
      patienceMs,
    );
    expect(data.message).toMatchObject({
      replyTo: asked.id,
      text: expect.stringMatching(/^It is .+ GMT\.$/) as string,
    });
    await socket.close();
    await admin.call('DELETE /admin/bots/:botId/token', { params: { botId: bot.user.id } });
    expect(await ended).toEqual([1, null]);
  } finally {
    child.kill();
  }
  expect(said.trim()).toBe('Clock listens');
});

test('it has the thirty lines that the docs speak of, and no more', () => {
  expect(readFileSync(program, 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(30);
});
