import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { OutboundConfig } from '../config.ts';
import { createAddressRule } from './addresses.ts';
import { createOutbound, OutboundFailure, type OutboundRequest, type Resolve } from './outbound.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let hits = 0;
let answer: Answer;
const server = createServer((request, response) => {
  hits += 1;
  answer(request, response);
});
server.listen(0, '::');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;

beforeEach(() => {
  hits = 0;
  answer = (_, response) => void response.end('hello');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const outboundTo = (outbound: Partial<OutboundConfig> = {}, resolve?: Resolve) =>
  createOutbound({ outbound: { allow: [], ports: [443, port], ...outbound } }, resolve);
const inside = { allow: ['127.0.0.0/8'] };
const get = (url: string, more: Partial<OutboundRequest> = {}): OutboundRequest => ({
  url,
  maxBytes: 1000,
  timeoutMs: 20_000,
  ...more,
});
/** Answers every name with these addresses, those of one list after those of another. */
const resolvesTo = (...answers: readonly (readonly string[])[]): Resolve => {
  let asked = 0;
  return (_, done) => {
    const addresses = answers[Math.min(asked++, answers.length - 1)] ?? [];
    done(
      null,
      addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
};
const failureOf = async (made: Promise<unknown>): Promise<OutboundFailure> => {
  const error: unknown = await made.then(
    () => new Error('it was answered'),
    (reason: unknown) => reason,
  );
  if (error instanceof OutboundFailure) return error;
  throw error;
};

describe('addresses', () => {
  test.each([
    '127.0.0.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:10.0.0.1]',
    '0x7f000001',
    '2130706433',
    '017700000001',
    '127.1',
    '127.0.0.1.',
    '0.0.0.0',
    '[::]',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.0.1',
    '100.64.0.1',
    '169.254.169.254',
    '168.63.129.16',
    '224.0.0.1',
    '255.255.255.255',
    '[fd00:ec2::254]',
    '[fe80::1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[::7f00:1]',
  ])('nothing is sent to %s, by http or https', async (host) => {
    for (const scheme of ['http', 'https']) {
      const failure = await failureOf(outboundTo().request(get(`${scheme}://${host}:${port}/`)));
      expect(failure).toMatchObject({ code: 'refused', message: expect.stringMatching(/not a public one/) });
    }
    expect(hits).toBe(0);
  });

  test.each(['localhost', 'localhost.', 'LOCALHOST'])('nothing is sent to the name %s', async (host) => {
    // Not every system knows the one with the dot.
    const { code } = await failureOf(outboundTo().request(get(`https://${host}:${port}/`)));
    expect(host === 'localhost.' ? ['refused', 'unreachable'] : ['refused']).toContain(code);
    expect(hits).toBe(0);
  });

  test.each([[['10.0.0.1']], [['127.0.0.1']], [['8.8.8.8', '127.0.0.1']], [['::ffff:127.0.0.1']], [['fe80::1']]])(
    'nothing is sent to a name that resolves to %j',
    async (addresses) => {
      const outbound = outboundTo({}, resolvesTo(addresses));
      expect((await failureOf(outbound.request(get(`https://hooks.example:${port}/`)))).code).toBe('refused');
      expect(hits).toBe(0);
    },
  );

  test('a name that resolves elsewhere the second time is judged again', async () => {
    const outbound = outboundTo({ allow: ['127.0.0.2/32'] }, resolvesTo(['127.0.0.2'], ['127.0.0.1']));
    expect((await outbound.request(get(`http://hooks.example:${port}/`))).status).toBe(200);
    expect((await failureOf(outbound.request(get(`http://hooks.example:${port}/`)))).code).toBe('refused');
    expect(hits).toBe(1);
  });

  test('public addresses take https, and only on the ports that are set', () => {
    const judge = createAddressRule({ allow: ['10.1.0.0/16'], ports: [443] });
    const to = (address: string, port: number, secure: boolean) => judge({ address, port, secure });
    expect(to('8.8.8.8', 443, true)).toBeUndefined();
    expect(to('2606:4700::1111', 443, true)).toBeUndefined();
    expect(to('8.8.8.8', 443, false)).toBe('it must be https');
    expect(to('8.8.8.8', 22, true)).toMatch(/port 22/);
    expect(to('10.1.2.3', 8080, false)).toBeUndefined();
    expect(to('::ffff:10.1.2.3', 8080, false)).toBeUndefined();
    expect(to('10.2.0.1', 443, true)).toMatch(/not a public one/);
  });

  test.each(['ftp://hooks.example/', 'file:///etc/passwd', 'nonsense', 'https://user:word@hooks.example/', ''])(
    '%j is no address for a request',
    async (url) => {
      expect(outboundTo().refusal(url)).toBeTypeOf('string');
      expect((await failureOf(outboundTo().request(get(url)))).code).toBe('refused');
    },
  );
});

describe('redirects', () => {
  const redirectTo =
    (location: string): Answer =>
    (_, response) =>
      void response.writeHead(302, { location }).end();

  test('are not followed unless asked for, and never by what carries a body', async () => {
    answer = redirectTo(`http://127.0.0.1:${port}/elsewhere`);
    expect((await outboundTo(inside).request(get(`http://127.0.0.1:${port}/`))).status).toBe(302);
    const post = get(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}', maxRedirects: 3 });
    expect((await outboundTo(inside).request(post)).status).toBe(302);
    expect(hits).toBe(2);
  });

  test('to an internal address end there', async () => {
    for (const target of [
      `http://127.0.0.1:${port}/`,
      `http://localhost:${port}/`,
      `http://[::1]:${port}/`,
      'file:///x',
    ]) {
      answer = redirectTo(target);
      hits = 0;
      const outbound = outboundTo({ allow: ['127.0.0.2/32'] });
      const failure = await failureOf(outbound.request(get(`http://127.0.0.2:${port}/`, { maxRedirects: 3 })));
      expect(failure.code, target).toBe('refused');
      expect(hits).toBe(1);
    }
  });

  test('are followed so many times and no more', async () => {
    answer = redirectTo('/again');
    const answered = await outboundTo(inside).request(get(`http://127.0.0.1:${port}/`, { maxRedirects: 3 }));
    expect(answered.status).toBe(302);
    expect(hits).toBe(4);
  });
});

describe('answers', () => {
  const url = `http://127.0.0.1:${port}/`;

  test('are read, with what was sent as it was', async () => {
    let seen: string[] = [];
    answer = async (request, response) => {
      const body = (await request.toArray()).map(String).join('');
      const { host, 'user-agent': agent, 'accept-encoding': encoding, 'x-key': key } = request.headers;
      seen = [request.method, host, agent, encoding, key, body].map(String);
      response.writeHead(201, { 'x-answer': 'yes' }).end('taken');
    };
    const sent = get(url, { method: 'POST', body: 'tëa', headers: { 'x-key': '1' } });
    expect(await outboundTo(inside).request(sent)).toMatchObject({
      status: 201,
      headers: { 'x-answer': 'yes' },
      body: Buffer.from('taken'),
      truncated: false,
    });
    expect(seen).toEqual(['POST', `127.0.0.1:${port}`, 'TeaTime', 'identity', '1', 'tëa']);
  });

  test('that do not end are cut off, and the connection with them', async () => {
    let closed: Promise<unknown> | undefined;
    answer = (_, response) => {
      closed = once(response, 'close');
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    const { body, truncated } = await outboundTo(inside).request(get(url, { maxBytes: 5000 }));
    expect([body.length, truncated]).toEqual([5000, true]);
    await closed;
  });

  test('that drip are not waited for longer than was said, nor are those that never begin', async () => {
    answer = (_, response) => {
      response.write('x');
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(drip));
    };
    const dripping = await failureOf(outboundTo(inside).request(get(url, { timeoutMs: 300 })));
    answer = () => undefined;
    const silent = await failureOf(outboundTo(inside).request(get(url, { timeoutMs: 300 })));
    const unresolved = await failureOf(
      outboundTo({}, () => undefined).request(get('https://hooks.example/', { timeoutMs: 300 })),
    );
    expect([dripping.code, silent.code, unresolved.code]).toEqual(['timeout', 'timeout', 'timeout']);
  });

  test('are not waited for once the request is called off', async () => {
    answer = () => undefined;
    const called = new AbortController();
    const failure = failureOf(outboundTo(inside).request(get(url, { signal: called.signal })));
    await expect.poll(() => hits, { timeout: 20_000 }).toBe(1);
    called.abort();
    expect((await failure).code).toBe('aborted');
  });

  test('of what listens no more, or speaks no TLS, are failures that say so', async () => {
    const gone = createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port: closedPort } = gone.address() as AddressInfo;
    gone.close();
    await once(gone, 'close');
    const refused = await failureOf(outboundTo(inside).request(get(`http://127.0.0.1:${closedPort}/`)));
    expect(refused).toMatchObject({ code: 'unreachable', message: expect.stringMatching(/nothing listens/) });
    const plain = await failureOf(outboundTo(inside).request(get(`https://127.0.0.1:${port}/`)));
    expect(plain.code).toBe('unreachable');
  });
});
