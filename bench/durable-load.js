/** The sockets of `durable.js`: pairs of people who send to each other and wait for the answers. */
import { once } from 'node:events';
import { uuidv7 } from 'uuidv7';
import WebSocket from 'ws';
import { measureCalls, textOf } from './durable-figures.js';

const open = async (url, at, token) => {
  const socket = new WebSocket(
    `${url}${url.includes('?') ? '&' : '?'}${token ? '' : `at=${at}`}`.replace(/[?&]$/, ''),
    {
      perMessageDeflate: false,
    },
  );
  const waiting = new Map();
  let last = 0;
  socket.on('message', (raw) => {
    const frame = JSON.parse(raw.toString());
    if (frame.id === undefined) return;
    const { resolve, reject } = waiting.get(frame.id) ?? {};
    waiting.delete(frame.id);
    if (frame.ok) resolve?.(frame.data);
    else reject?.(new Error(`refused with ${frame.error.code}: ${frame.error.message}`));
  });
  await once(socket, 'open');
  const command = (type, data) =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      socket.send(JSON.stringify({ id: last, type, data }));
    });
  if (token) await command('auth', { token: token.accessToken, version: 1 });
  return {
    socket,
    say: (number) =>
      command('message.send', { conversationId: token?.conversationId, clientId: uuidv7(), text: textOf(number) }),
  };
};

process.once('message', async ({ url, tokens, sockets, inFlight, seconds }) => {
  const people = await Promise.all(Array.from({ length: sockets }, (_, at) => open(url, at, tokens[at])));
  const result = await measureCalls({ callers: sockets * inFlight, seconds }, (at, number) =>
    people[at % sockets].say(number),
  );
  for (const { socket } of people) socket.terminate();
  process.send(result, () => process.exit(0));
});
