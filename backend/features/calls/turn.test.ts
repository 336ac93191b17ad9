import { randomUUID } from 'node:crypto';
import { createConnection } from 'node:net';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { openTurnClient, type TurnClient } from '../../testing/turn-client.ts';
import { findTurnServer, hasIpv6, startTurnServer, type TurnServer } from '../../testing/turn-server.ts';
import { iceCredentials } from './ice-credentials.ts';

// Another port than the console's own, which may be that of a coturn of the machine.
const consolePort = 45_766;
const loopback = ['--allow-loopback-peers', '--allowed-peer-ip=127.0.0.1'];

let server: TurnServer;
const clients = new Set<TurnClient>();

const credentialsOf = (userId: string, { ttlSeconds = 600, age = 0, secret = server.secret } = {}) =>
  iceCredentials({ userId, secret, ttlSeconds, now: Date.now() - age * 1000 });

const aClient = async (credentials = credentialsOf(randomUUID()), { port } = server): Promise<TurnClient> => {
  const client = await openTurnClient(port, credentials);
  clients.add(client);
  return client;
};

const anAllocation = async (family: 4 | 6 = 4): Promise<TurnClient> => {
  const client = await aClient();
  expect(await client.allocate({ family })).toMatchObject({ code: 200 });
  return client;
};

/** An address from its number. */
const peer = (number: bigint, bytes: 4 | 16) => ({
  address: Buffer.from(number.toString(16).padStart(bytes * 2, '0'), 'hex'),
  port: 9,
});

afterEach(async () => {
  await Promise.all([...clients].map((client) => client.close()));
  clients.clear();
});

describe.skipIf(findTurnServer() === undefined)('coturn with the shipped configuration', () => {
  beforeAll(async () => {
    server = await startTurnServer([`--cli-port=${consolePort}`]);
  });
  afterAll(() => server?.stop());

  test('understands every line of it', () => {
    expect(server.output()).not.toMatch(/bad configuration|unrecognized|config error|warning/i);
  });

  test('has no console', async () => {
    const [error] = await once(createConnection(consolePort, '127.0.0.1'), 'error');
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('lets somebody in with credentials of the chat server', async () => {
    const client = await anAllocation();
    expect([...client.relayed().address]).toEqual([127, 0, 0, 1]);
  });

  test('refuses credentials that have ended', async () => {
    const client = await aClient(credentialsOf(randomUUID(), { ttlSeconds: 60, age: 61 }));
    expect(await client.allocate()).toMatchObject({ code: 401 });
  });

  test('refuses credentials made with another secret, for another user, or with a later end', async () => {
    const mine = credentialsOf('mine');
    const forged = [
      credentialsOf('mine', { secret: 'another' }),
      { ...mine, username: mine.username.replace('mine', 'yours') },
      { ...mine, username: `${Number.parseInt(mine.username) + 3600}:mine` },
    ];
    for (const credentials of forged)
      expect(await (await aClient(credentials)).allocate()).toMatchObject({ code: 401 });
  });

  test('refuses a nonce that it did not give', async () => {
    const client = await anAllocation();
    const { address } = peer(0x08080808n, 4);
    client.forgeNonce();
    expect(await client.permit({ address, port: 9 })).toMatchObject({ code: 438 });
  });

  test('does not relay over TCP', async () => {
    const answer = await (await aClient()).allocate({ transport: 'tcp' });
    expect(answer).toMatchObject({ code: 442 });
  });

  test('gives one user a few allocations, however many credentials they hold, and others theirs', async () => {
    const userId = randomUUID();
    const answers = [];
    for (let count = 0; count < 100; count += 1) {
      const client = await aClient(credentialsOf(userId, { ttlSeconds: 600 + count }));
      answers.push((await client.allocate()).code);
    }
    expect(answers).toEqual([
      ...Array<number>(server.userQuota).fill(200),
      ...Array<number>(100 - server.userQuota).fill(486),
    ]);
    await anAllocation();
  });

  test('gives a user a new allocation when they have given one back', async () => {
    const userId = randomUUID();
    const all = await Promise.all(Array.from({ length: server.userQuota }, () => aClient(credentialsOf(userId))));
    for (const client of all) expect(await client.allocate()).toMatchObject({ code: 200 });
    const next = await aClient(credentialsOf(userId));
    expect(await next.allocate()).toMatchObject({ code: 486 });
    await all[0]?.close();
    clients.delete(all[0] as TurnClient);
    // coturn takes a second to forget it.
    await vi.waitFor(async () => expect(await next.allocate()).toMatchObject({ code: 200 }), 10_000);
  });

  // IANA IPv4 and IPv6 Special-Purpose Address Registries, multicast (RFC 5771, RFC 4291), and what was one of them once.
  const special4 =
    '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 255.255.255.255/32'
      .split(' ')
      .map(range4);
  const special6 =
    '::/128 ::1/128 ::/96 ::ffff:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23 2001::/32 2001:1::1/128 2001:1::2/128 2001:2::/48 2001:3::/32 2001:4:112::/48 2001:10::/28 2001:20::/28 2001:30::/28 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8'
      .split(' ')
      .map(range6);
  const global6 = range6('2000::/3');

  describe.each([
    { family: 4 as const, ranges: special4, everywhere: range4('0.0.0.0/0') },
    { family: 6 as const, ranges: special6, everywhere: global6 },
  ])('over IPv$family', ({ family, ranges, everywhere }) => {
    const bytes = family === 4 ? 4 : 16;
    const isSpecial = (address: bigint): boolean =>
      !contains(everywhere, address) || ranges.some((range) => contains(range, address));

    test.skipIf(family === 6 && !hasIpv6()).each(ranges)('reaches nobody in $name', async (range) => {
      const client = await anAllocation(family);
      const { first, last } = range;
      let channel = 0x4000;
      for (const address of new Set([first, first + 1n, (first + last) / 2n, last])) {
        if (address > last) continue;
        const hex = address.toString(16);
        expect({ hex, ...(await client.permit(peer(address, bytes))) }).toMatchObject({ hex, code: 403 });
        expect({ hex, ...(await client.bindChannel(channel++, peer(address, bytes))) }).toMatchObject({
          hex,
          code: 403,
        });
      }
    });

    test.skipIf(family === 6 && !hasIpv6())('reaches the neighbours of these ranges, which are public', async () => {
      const neighbours = ranges.flatMap(({ first, last }) => [first - 1n, last + 1n]).filter((one) => !isSpecial(one));
      expect(neighbours.length).toBeGreaterThan(family === 4 ? 20 : 5);
      const client = await anAllocation(family);
      for (const address of neighbours) {
        const hex = address.toString(16);
        expect({ hex, ...(await client.permit(peer(address, bytes))) }).toMatchObject({ hex, code: 200 });
      }
    });
  });

  test.skipIf(!hasIpv6())('reaches no IPv4 address that is written as an IPv6 one', async () => {
    const client = await anAllocation(6);
    const embedded = ['127.0.0.1/32', '10.0.0.1/32', '169.254.169.254/32', '192.168.1.1/32'].map(
      (name) => range4(name).first,
    );
    const forms = [
      (four: bigint) => four,
      (four: bigint) => (0xffffn << 32n) | four,
      (four: bigint) => (0x64ff9bn << 96n) | four,
      (four: bigint) => (0x2002n << 112n) | (four << 80n) | 1n,
      // Teredo (RFC 4380) hides the client's address by inverting it.
      (four: bigint) => (0x20010000n << 96n) | (four ^ 0xffffffffn),
    ];
    for (const form of forms) {
      for (const four of embedded) expect(await client.permit(peer(form(four), 16))).toMatchObject({ code: 403 });
    }
  });
});

describe.skipIf(findTurnServer() === undefined)('coturn with the shipped configuration, and loopback allowed', () => {
  beforeAll(async () => {
    server = await startTurnServer(loopback);
  });
  afterAll(() => server?.stop());

  test('carries packets between two people, and no more than 500 kB a second of an allocation', async () => {
    const [from, to] = [await anAllocation(), await anAllocation()];
    expect(await from.permit(to.relayed())).toMatchObject({ code: 200 });
    expect(await to.permit(from.relayed())).toMatchObject({ code: 200 });
    let received = 0;
    const first = new Promise<Buffer>((resolve) => to.onData(resolve));
    to.onData((data) => (received += data.length));
    from.send(to.relayed(), Buffer.from('hello'));
    expect((await first).toString()).toBe('hello');

    // For three seconds, and until it was twice of what may pass: on a busy machine that takes longer.
    const packet = Buffer.alloc(1000);
    const start = performance.now();
    const allowed = (): number => Math.ceil((performance.now() - start) / 1000 + 1) * 500_000;
    for (let sent = 0; sent < 2 * allowed() || performance.now() - start < 3000; sent += 20 * packet.length) {
      for (let count = 0; count < 20; count += 1) from.send(to.relayed(), packet);
      await setTimeout(5);
    }
    // Whole seconds are counted, of which the pouring touches one more.
    expect(received).toBeGreaterThan(500_000);
    expect(received).toBeLessThan(allowed());
  });
});

describe.skipIf(findTurnServer() === undefined)('coturn with the shipped configuration, behind NAT', () => {
  beforeAll(async () => {
    server = await startTurnServer(['--allow-loopback-peers', '--external-ip=8.8.4.4/127.0.0.1']);
  });
  afterAll(() => server?.stop());

  test('brings two people together by its public address, and lets nobody else be reached', async () => {
    const [from, to] = [await anAllocation(), await anAllocation()];
    expect([...to.relayed().address]).toEqual([8, 8, 4, 4]);
    expect(await from.permit(to.relayed())).toMatchObject({ code: 200 });
    expect(await to.permit(from.relayed())).toMatchObject({ code: 200 });
    const arrived = new Promise<Buffer>((resolve) => to.onData(resolve));
    from.send(to.relayed(), Buffer.from('hello'));
    expect((await arrived).toString()).toBe('hello');
    const neighbour = { address: Buffer.from([127, 0, 0, 2]), port: 9 };
    expect(await from.permit(neighbour)).toMatchObject({ code: 403 });
  });
});

interface Range {
  readonly name: string;
  readonly first: bigint;
  readonly last: bigint;
}

function contains({ first, last }: Range, address: bigint): boolean {
  return address >= first && address <= last;
}

function rangeOf(name: string, address: bigint, bits: number): Range {
  const size = 1n << BigInt(bits - Number(name.split('/')[1]));
  return { name, first: address, last: address + size - 1n };
}

function range4(name: string): Range {
  const [text = ''] = name.split('/');
  return rangeOf(
    name,
    text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n),
    32,
  );
}

function range6(name: string): Range {
  const [text = ''] = name.split('/');
  const [head = [], tail = []] = text.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const parts = [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail];
  return rangeOf(name, BigInt(`0x${parts.map((part) => part.padStart(4, '0')).join('')}`), 128);
}
