/**
 * Measures whether it costs anything that a server has many sites: 1,000 sites of 100 people beside a single one of 100,000, on the same Postgres in the same
 * run, each server in a process of its own. Rounds interleave; figures are medians, ratios medians of each round's ratio. Build first; then
 *
 *     node bench/sites.js [--rounds 5] [--requests 3000] [--in-flight 8] [--sites 1000] [--people 100]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { parseArgs } from 'node:util';
import { uuidv7 } from 'uuidv7';
import { startTestPostgres } from '../dist/backend/testing/postgres.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    requests: { type: 'string', default: '3000' },
    'in-flight': { type: 'string', default: '8' },
    sites: { type: 'string', default: '1000' },
    people: { type: 'string', default: '100' },
  },
});
const [rounds, requests, inFlight] = ['rounds', 'requests', 'in-flight'].map((name) => Number(values[name]));

const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
const ask = (url, { method = 'GET', token, body }) =>
  new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) };
    const sent = request(url, { method, agent, headers }, (answer) => {
      answer.resume();
      answer.on('end', () =>
        answer.statusCode < 300 ? resolve() : reject(new Error(`${url} was answered with ${answer.statusCode}`)),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });

const shapes = [
  { name: 'conversation list', ask: (url, { token }) => ask(`${url}/api/v1/conversations?limit=30`, { token }) },
  {
    name: 'send',
    ask: (url, { token, conversationId }) =>
      ask(`${url}/api/v1/conversations/${conversationId}/messages`, {
        method: 'POST',
        token,
        body: JSON.stringify({ clientId: uuidv7(), text: 'Another cup?' }),
      }),
  },
];
const kinds = ['one', 'many'];
const names = { one: 'one site', many: `${values.sites} sites` };

const measure = async ({ url, sample }, shape) => {
  const took = [];
  let next = 0;
  const begun = performance.now();
  const caller = async () => {
    while (next < requests) {
      const person = sample[(next++ * 7919) % sample.length];
      const at = performance.now();
      await shape.ask(url, person);
      took.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
  took.sort((a, b) => a - b);
  const at = (share) => took[Math.floor(took.length * share)];
  return { perSecond: (requests / (performance.now() - begun)) * 1000, p50: at(0.5), p99: at(0.99) };
};

const postgres = await startTestPostgres();
const servers = {};
for (const kind of kinds) {
  const child = fork(new URL('sites-server.js', import.meta.url), [
    kind,
    postgres.templateUrl,
    values.sites,
    values.people,
  ]);
  child.once('exit', (code) => code && void postgres.stop().then(() => process.exit(1)));
  const [ready] = await once(child, 'message');
  servers[kind] = { child, ...ready };
  process.stderr.write(`${names[kind]}: filled\n`);
}
const results = shapes.map(() => Object.fromEntries(kinds.map((kind) => [kind, []])));
// The first round warms up and does not count.
for (let round = 0; round <= rounds; round += 1) {
  for (const [at, shape] of shapes.entries()) {
    for (const kind of round % 2 === 0 ? kinds : kinds.toReversed()) {
      const result = await measure(servers[kind], shape);
      if (round > 0) results[at][kind].push(result);
    }
  }
  process.stderr.write(`round ${round} of ${rounds}\n`);
}
for (const { child } of Object.values(servers)) {
  child.send('stop');
  await once(child, 'exit');
}
agent.destroy();
await postgres.stop();

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
console.log('| what | people | requests/s | p50 ms | p99 ms | p99, ratio |');
console.log('|---|---|--:|--:|--:|--:|');
for (const [at, { name }] of shapes.entries()) {
  for (const kind of kinds) {
    const mine = results[at][kind];
    const of = (key) => median(mine.map((each) => each[key]));
    const ratio = median(mine.map((each, i) => each.p99 / results[at].one[i].p99)).toFixed(2);
    console.log(
      `| ${name} | ${names[kind]} | ${Math.round(of('perSecond'))} | ${of('p50').toFixed(1)} | ${of('p99').toFixed(1)} | ${ratio} |`,
    );
  }
}
