/**
 * Measures the hub against bare uWebSockets.js in the same run: one speaker to a room of a thousand, and pairs. Rounds interleave, so that a
 * noisy neighbour hits all alike; figures are medians, ratios medians of each round's ratio. Build first; then
 *
 *     node bench/hub.js [--rounds 5] [--seconds 2] [--sockets 1000]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    sockets: { type: 'string', default: '1000' },
  },
});
const [rounds, seconds, sockets] = [Number(values.rounds), Number(values.seconds), Number(values.sockets)];

const shapes = [
  { name: `room of ${sockets}, one in flight`, shape: 'room', inFlight: 1 },
  { name: `room of ${sockets}, eight in flight`, shape: 'room', inFlight: 8 },
  { name: `${sockets / 2} pairs, saturated`, shape: 'pairs', inFlight: 4 },
  { name: `${sockets / 2} pairs, 10,000/s`, shape: 'pairs', rate: 10_000 },
];
const kinds = ['bare', 'uws', 'ws'];

const start = async (kind) => {
  const child = fork(new URL('hub-server.js', import.meta.url), [kind]);
  const { port } = await messageOf(child);
  return { child, port };
};

/** The next message of a child; fails when it ends instead. */
const messageOf = async (child) => {
  const done = new AbortController();
  const ended = once(child, 'exit', done).then(() => {
    throw new Error('unable to go on; a child process ended early');
  });
  const [message] = await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => undefined);
  done.abort();
  return message;
};

const cpuOf = async (child) => {
  child.send('cpu');
  const { cpu } = await messageOf(child);
  return cpu.user + cpu.system;
};

const run = async ({ child, port }, kind, shape) => {
  const load = fork(new URL('hub-load.js', import.meta.url));
  const exited = once(load, 'exit');
  load.send({ ...shape, port, sockets, seconds, bare: kind === 'bare' });
  await messageOf(load);
  const before = await cpuOf(child);
  load.send('go');
  const result = await messageOf(load);
  const cpu = (await cpuOf(child)) - before;
  await exited;
  return { ...result, cpu: cpu / result.deliveries };
};

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
const short = (number) => (number >= 1000 ? `${Math.round(number / 1000)}k` : number.toFixed(1));

const servers = {};
for (const kind of kinds) servers[kind] = await start(kind);
const results = shapes.map(() => Object.fromEntries(kinds.map((kind) => [kind, []])));
for (let round = 0; round < rounds; round += 1) {
  for (const [at, shape] of shapes.entries()) {
    for (const kind of kinds) results[at][kind].push(await run(servers[kind], kind, shape));
  }
  process.stderr.write(`round ${round + 1} of ${rounds}\n`);
}
for (const { child } of Object.values(servers)) child.disconnect();

const names = { bare: 'bare uWebSockets.js', uws: 'hub on uWebSockets.js', ws: 'hub on ws' };
console.log('| load | server | deliveries/s | ratio | p99 ms | ratio | server µs a delivery | ratio |');
console.log('|---|---|--:|--:|--:|--:|--:|--:|');
for (const [at, { name }] of shapes.entries()) {
  for (const kind of kinds) {
    const mine = results[at][kind];
    const of = (key) => median(mine.map((each) => each[key]));
    const ratio = (key) => median(mine.map((each, i) => each[key] / results[at].bare[i][key])).toFixed(2);
    console.log(
      `| ${name} | ${names[kind]} | ${short(of('perSecond'))} | ${ratio('perSecond')} | ` +
        `${of('p99').toFixed(1)} | ${ratio('p99')} | ${of('cpu').toFixed(2)} | ${ratio('cpu')} |`,
    );
  }
}
