/**
 * Measures sends that are committed before they are acknowledged, against the plain thing on the same Postgres in the same run: one prepared INSERT for each
 * message, into a table with nothing but a primary key, over eight connections. Rounds interleave; figures are medians, ratios medians of each
 * round's ratio. `calls` are callers in the server's process; `sockets` come from a process of their own, in pairs who talk to each other, and an
 * acknowledged message is delivered as well. Build first; then
 *
 *     node bench/durable.js [--rounds 5] [--seconds 3] [--callers 2000] [--sockets 200]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { startTestPostgres } from '../dist/backend/testing/postgres.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    callers: { type: 'string', default: '2000' },
    sockets: { type: 'string', default: '200' },
    rate: { type: 'string', default: '1000' },
  },
});
const [rounds, seconds, callers, sockets, rate] = ['rounds', 'seconds', 'callers', 'sockets', 'rate'].map((name) =>
  Number(values[name]),
);

const shapes = [
  { name: `${callers} calls in flight`, through: 'calls', callers },
  { name: `calls, ${rate}/s`, through: 'calls', rate },
  { name: `${sockets} sockets, 4 in flight each`, through: 'sockets', sockets, inFlight: 4 },
];
const kinds = ['insert', 'teatime'];

const postgres = await startTestPostgres({ durable: true });

const start = async (kind) => {
  const child = fork(new URL('durable-server.js', import.meta.url), [kind, postgres.templateUrl]);
  child.once('exit', (code) => code && void postgres.stop().then(() => process.exit(1)));
  const [ready] = await once(child, 'message');
  return { child, ...ready };
};

const measure = async ({ child, url, tokens }, shape) => {
  const by = shape.through === 'calls' ? child : fork(new URL('durable-load.js', import.meta.url));
  by.send({ ...shape, seconds, url, tokens });
  const [result] = await once(by, 'message');
  if (by !== child) await once(by, 'exit');
  return result;
};

const servers = {};
for (const kind of kinds) servers[kind] = await start(kind);
const results = shapes.map(() => Object.fromEntries(kinds.map((kind) => [kind, []])));
// The first round warms up and does not count.
for (let round = 0; round <= rounds; round += 1) {
  for (const [at, shape] of shapes.entries()) {
    for (const kind of kinds) {
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
await postgres.stop();

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
const names = { insert: 'one INSERT a message', teatime: 'TeaTime' };
console.log('| load | server | messages/s | ratio | p50 ms | p99 ms | ratio |');
console.log('|---|---|--:|--:|--:|--:|--:|');
for (const [at, { name }] of shapes.entries()) {
  for (const kind of kinds) {
    const mine = results[at][kind];
    const of = (key) => median(mine.map((each) => each[key]));
    const ratio = (key) => median(mine.map((each, i) => each[key] / results[at].insert[i][key])).toFixed(2);
    console.log(
      `| ${name} | ${names[kind]} | ${Math.round(of('perSecond'))} | ${ratio('perSecond')} | ` +
        `${of('p50').toFixed(1)} | ${of('p99').toFixed(1)} | ${ratio('p99')} |`,
    );
  }
}
