/**
 * Measures sign-ons, each with a token of its own, beside checking the signatures of as many tokens and nothing else, in the same run: the floor of what a
 * sign-on can cost. Server and floor are processes of their own, callers are in this one. Everybody is known already and comes back. Rounds interleave;
 * figures are medians, ratios medians of each round's ratio. Build first; then
 *
 *     node bench/sign-on.js [--rounds 5] [--tokens 2000] [--people 500] [--in-flight 16]
 */
import { fork } from 'node:child_process';
import { createPrivateKey, createSecretKey, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { parseArgs } from 'node:util';
import { SignJWT } from 'jose';
import { startTestPostgres } from '../dist/backend/testing/postgres.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    tokens: { type: 'string', default: '2000' },
    people: { type: 'string', default: '500' },
    'in-flight': { type: 'string', default: '16' },
  },
});
const [rounds, count, people, inFlight] = ['rounds', 'tokens', 'people', 'in-flight'].map((name) =>
  Number(values[name]),
);

const secret = randomBytes(32).toString('base64url');
const pair = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const signing = { HS256: createSecretKey(Buffer.from(secret)), ES256: createPrivateKey(pair.privateKey) };
const mint = (algorithm, number) =>
  new SignJWT({ name: `Person ${number % people}` })
    .setProtectedHeader({ alg: algorithm, kid: algorithm })
    .setIssuer('bench')
    .setAudience('teatime')
    .setSubject(`person-${number % people}`)
    .setJti(randomUUID())
    .setExpirationTime('5m')
    .sign(signing[algorithm]);

const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
const exchange = (url, token) =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'teatime-site': 'bench' };
    const sent = request(`${url}/api/v1/auth/exchange`, { method: 'POST', agent, headers }, (answer) => {
      answer.resume();
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve() : reject(new Error(`a sign-on was answered with ${answer.statusCode}`)),
      );
    });
    sent.on('error', reject);
    sent.end(JSON.stringify({ token }));
  });

const measures = {
  async verify({ child }, algorithm, tokens) {
    child.send({ algorithm, tokens, inFlight });
    const [result] = await once(child, 'message');
    return result;
  },
  async teatime({ url }, _algorithm, tokens) {
    const took = [];
    let next = 0;
    const begun = performance.now();
    const caller = async () => {
      while (next < tokens.length) {
        const at = performance.now();
        await exchange(url, tokens[next++]);
        took.push(performance.now() - at);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, caller));
    took.sort((a, b) => a - b);
    return {
      perSecond: (tokens.length / (performance.now() - begun)) * 1000,
      p50: took[took.length >> 1],
      p99: took[Math.floor(took.length * 0.99)],
    };
  },
};

const postgres = await startTestPostgres();
const servers = {};
for (const kind of Object.keys(measures)) {
  const child = fork(new URL('sign-on-server.js', import.meta.url), [
    kind,
    postgres.templateUrl,
    secret,
    pair.publicKey,
  ]);
  child.once('exit', (code) => code && void postgres.stop().then(() => process.exit(1)));
  const [ready] = await once(child, 'message');
  servers[kind] = { child, ...ready };
}
const algorithms = Object.keys(signing);
const results = Object.fromEntries(algorithms.map((algorithm) => [algorithm, { verify: [], teatime: [] }]));
// The first round makes the people and warms up, and does not count.
for (let round = 0; round <= rounds; round += 1) {
  for (const algorithm of algorithms) {
    for (const [kind, measure] of Object.entries(measures)) {
      const tokens = await Promise.all(Array.from({ length: count }, (_, number) => mint(algorithm, number)));
      const result = await measure(servers[kind], algorithm, tokens);
      if (round > 0) results[algorithm][kind].push(result);
    }
  }
  process.stderr.write(`round ${round} of ${rounds}\n`);
}
for (const { child } of Object.values(servers)) {
  child.send({ stop: true });
  await once(child, 'exit');
}
agent.destroy();
await postgres.stop();

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
console.log('| algorithm | signatures checked/s | sign-ons/s | ratio | p50 ms | p99 ms |');
console.log('|---|--:|--:|--:|--:|--:|');
for (const algorithm of algorithms) {
  const { verify, teatime } = results[algorithm];
  const of = (all, key) => median(all.map((each) => each[key]));
  const ratio = median(teatime.map((each, i) => each.perSecond / verify[i].perSecond)).toFixed(3);
  console.log(
    `| ${algorithm} | ${Math.round(of(verify, 'perSecond'))} | ${Math.round(of(teatime, 'perSecond'))} | ${ratio} | ${of(teatime, 'p50').toFixed(1)} | ${of(teatime, 'p99').toFixed(1)} |`,
  );
}
