// A bot that tells the time to whoever asks for it. Usage: TOKEN=ttb_… node examples/bot/bot.js
import { randomUUID } from 'node:crypto';
import WebSocket from 'ws';

const { SERVER = 'http://localhost:8080', SITE = 'default', TOKEN = '' } = process.env;

const connect = () => {
  const socket = new WebSocket(`${SERVER.replace(/^http/, 'ws')}/ws?site=${SITE}`);
  let id = 0;
  const send = (type, data) => socket.send(JSON.stringify({ id: (id += 1), type, data }));

  socket.on('open', () => send('auth', { token: TOKEN }));
  socket.on('message', (frame) => {
    const { type, ok, error, data } = JSON.parse(String(frame));
    if (ok === false) console.error(error.message);
    if (type === 'auth.success') console.log(`${data.user.displayName} listens`);
    if (type === 'token.expiring') send('auth', { token: TOKEN });
    if (type !== 'message.created' || !/\btime\b/i.test(data.message.text)) return;
    const { conversationId, id: replyTo } = data.message;
    const text = `It is ${new Date().toUTCString()}.`;
    send('message.send', { conversationId, clientId: randomUUID(), text, replyTo });
  });
  socket.on('error', (error) => console.error(error.message));
  // Codes from 4500 on say that trying again is of no use: the token was revoked, or the site is switched off.
  socket.on('close', (code) => (code < 4500 ? setTimeout(connect, 1000 + Math.random() * 2000) : process.exit(1)));
};
connect();
