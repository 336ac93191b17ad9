import { createReadStream } from 'node:fs';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/**
 * What clamd says of a file: `clean`, `found` with the name of what it found, or `unasked` when it is away, gives up, or takes no file of that size.
 */
export type Scan =
  | { readonly verdict: 'clean' }
  | { readonly verdict: 'found'; readonly signature: string }
  | { readonly verdict: 'unasked'; readonly reason: string; readonly tooLarge: boolean };

const chunkBytes = 64 * 1024;
const silenceMs = 60_000;
const connectMs = 5000;

/** Has clamd look at a file: the command INSTREAM of clamd(8), over TCP (`host:port`) or a Unix socket (a path). */
export const scan = async (address: string, path: string): Promise<Scan> => {
  let begun = false;
  try {
    return understand(
      await ask(address, async (socket) => {
        begun = true;
        await send(socket, path);
      }),
    );
  } catch (error) {
    // clamd hangs up on a file that is too large for it, and its words about that may be lost with the line; then it is still there.
    const tooLarge = begun && (await isThere(address));
    return { verdict: 'unasked', reason: error instanceof Error ? error.message : String(error), tooLarge };
  }
};

const isThere = (address: string): Promise<boolean> =>
  ask(address, (socket) => socket.write('zPING\0')).then(
    (answer) => answer === 'PONG',
    () => false,
  );

/** Opens a line, says something, and waits for the answer; which may come before everything has been said. */
const ask = async (address: string, say: (socket: Socket) => unknown): Promise<string> => {
  const socket = connect(endpoint(address));
  const answer = readAnswer(socket);
  const said = (async () => {
    await once(socket, 'connect', { signal: AbortSignal.timeout(connectMs) });
    socket.setTimeout(silenceMs, () => socket.destroy(new Error('clamd has been silent for a minute')));
    await say(socket);
  })().catch((error: unknown) => {
    socket.destroy(error as Error);
  });
  try {
    return await answer;
  } finally {
    socket.destroy();
    await said;
  }
};

const endpoint = (address: string): { path: string } | { host: string; port: number } => {
  const tcp = /^\[?([^/[\]]+)\]?:(\d+)$/.exec(address);
  return tcp ? { host: tcp[1] ?? '', port: Number(tcp[2]) } : { path: address };
};

/** Chunks with their length before them, and a length of zero at the end; clamd's pace is ours. */
const send = async (socket: Socket, path: string): Promise<void> => {
  socket.write('zINSTREAM\0');
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) {
    if (!socket.writable) return;
    socket.write(length((chunk as Buffer).length));
    if (!socket.write(chunk)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
  }
  socket.write(length(0));
};

const length = (size: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(size);
  return buffer;
};

const readAnswer = (socket: Socket): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => {
      text += part;
      if (!text.includes('\0') && text.length < 4096) return;
      resolve(text.replace(/\0[^]*/, ''));
      socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('clamd hung up without an answer')));
  });

const understand = (answer: string): Scan => {
  const found = /^stream: (.+) FOUND$/.exec(answer)?.[1];
  if (found !== undefined) return { verdict: 'found', signature: found };
  if (answer === 'stream: OK') return { verdict: 'clean' };
  return { verdict: 'unasked', reason: answer, tooLarge: /size limit exceeded/i.test(answer) };
};
