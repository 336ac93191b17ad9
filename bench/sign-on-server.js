/** What `sign-on.js` measures, one per process: `verify` checks the signatures of tokens that it is sent, `teatime` is the server that takes them. */
import { createPublicKey, createSecretKey } from 'node:crypto';
import { compactVerify } from 'jose';
import { uuidv7 } from 'uuidv7';
import { createSiteKeys } from '../dist/backend/features/sign-on/index.js';
import { startTestBackend } from '../dist/backend/testing/backend.js';
import { cloneDatabase } from '../dist/backend/testing/postgres.js';
import { createTokens } from '../dist/backend/tokens.js';

process.on('disconnect', () => process.exit(1));
const [kind, templateUrl, secret, publicKey] = process.argv.slice(2);

const keys = { HS256: createSecretKey(Buffer.from(secret)), ES256: createPublicKey(publicKey) };
const startVerify = () => {
  process.on('message', async ({ stop, algorithm, tokens, inFlight }) => {
    if (stop) process.exit(0);
    const begun = performance.now();
    let next = 0;
    const caller = async () => {
      while (next < tokens.length) await compactVerify(tokens[next++], keys[algorithm], { algorithms: [algorithm] });
    };
    await Promise.all(Array.from({ length: inFlight }, caller));
    process.send({ perSecond: (tokens.length / (performance.now() - begun)) * 1000 });
  });
  process.send({});
};

const startTeaTime = async () => {
  const server = await startTestBackend({ logLevel: 'error' }, { databaseUrl: await cloneDatabase(templateUrl) });
  const id = uuidv7();
  await server.db.pool.query(`insert into sites (id, key, name) values ($1, 'bench', 'Bench')`, [id]);
  const known = createSiteKeys(
    { query: async (_, text, values) => (await server.db.pool.query(text, values)).rows },
    createTokens(server.config),
  );
  await known.addSecret(id, 'HS256', Buffer.from(secret));
  await known.addPublicKey(id, 'ES256', publicKey);
  process.on('message', () => process.exit(0));
  process.send({ url: server.url });
};

await (kind === 'verify' ? startVerify() : startTeaTime());
