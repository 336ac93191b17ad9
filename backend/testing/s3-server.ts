import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type Koa from 'koa';
import type { S3Config } from '../config.ts';

/** A service that speaks S3, with an empty bucket, in a temporary folder. */
export interface S3Server {
  readonly config: S3Config;
  /** What it does with requests from now on: answer them, fail with 503, or leave them without an answer. */
  behave(how: 'well' | 'failing' | 'silent'): void;
  /** How many requests it has answered. */
  readonly requests: number;
  close(): Promise<void>;
}

const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
const bucket = 'teatime-files';

/**
 * Starts s3rver, which checks signatures of version 4. It leaves out what TeaTime needs besides, so that is added here, as the S3 API Reference has it:
 * ListParts, AbortMultipartUpload, ListMultipartUploads, `NoSuchUpload` for uploads that are over, and the refusal of requests without a signature.
 */
export const startS3Server = async (): Promise<S3Server> => {
  const directory = await mkdtemp(join(tmpdir(), 'teatime-s3-'));
  const app = new S3rver({
    directory,
    silent: true,
    vhostBuckets: false,
    configureBuckets: [{ name: bucket, configs: [corsRules] }],
  });
  let behaviour: 'well' | 'failing' | 'silent' = 'well';
  let requests = 0;
  const gone = new AbortController();
  app.middleware.unshift(async (ctx, next) => {
    requests += 1;
    if (behaviour === 'well') return next();
    if (behaviour === 'silent') await wait(60_000, undefined, { signal: gone.signal }).catch(() => undefined);
    ctx.status = 503;
    return undefined;
  });
  // Before the router, after what turns objects into XML.
  app.middleware.splice(-1, 0, addOperations(app.store));
  await app.configureBuckets();
  const server = await app.listen(0, '127.0.0.1');
  return {
    config: {
      kind: 's3',
      bucket,
      region: 'us-east-1',
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      credentials,
      pathStyle: true,
      prefix: 'teatime/',
    },
    behave(how) {
      behaviour = how;
    },
    get requests() {
      return requests;
    },
    async close() {
      gone.abort();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      await rm(directory, { recursive: true, force: true });
    },
  };
};

/** What s3rver is, as far as it is used here; the package has no types. */
interface Store {
  getResourcePath(bucket: string, key: undefined, resource: 'uploads'): string;
}
interface S3rverApp extends Omit<Koa, 'listen'> {
  readonly store: Store;
  configureBuckets(): Promise<void>;
  listen(port: number, host: string): Promise<Server>;
}

const require = createRequire(import.meta.url);
const S3rver = require('@20minutes/s3rver') as new (options: Record<string, unknown>) => S3rverApp;
const S3Error = require('@20minutes/s3rver/lib/models/error') as new (code: string, message: string) => Error;
const authentication = require('@20minutes/s3rver/lib/middleware/authentication') as () => Koa.Middleware;

// Of what is signed it leaves out the slash after a bucket, and some characters as they are: both are mended (Signature Version 4, canonical request).
const signatures = require('@20minutes/s3rver/lib/signature/v4') as {
  getStringToSign(request: { uri: string; querystring: string }, signature: unknown): string;
};
const { getStringToSign } = signatures;
signatures.getStringToSign = (request, signature) =>
  getStringToSign(
    {
      ...request,
      uri: request.uri.replace(/^\/[^/]+$/, '$&/'),
      querystring: request.querystring.replace(
        /[!'()*]/g,
        (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    },
    signature,
  );

const corsRules = `<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod>
<AllowedMethod>HEAD</AllowedMethod><AllowedMethod>PUT</AllowedMethod><AllowedHeader>*</AllowedHeader></CORSRule></CORSConfiguration>`;

const addOperations = (store: Store): Koa.Middleware => {
  const authenticate = authentication();
  const folder = (name: string): string => store.getResourcePath(name, undefined, 'uploads');

  return async (ctx, next) => {
    if (ctx.method === 'OPTIONS') return next();
    if (ctx.get('Authorization') === '' && ctx.query['X-Amz-Algorithm'] === undefined) {
      throw new S3Error('AccessDenied', 'Access Denied');
    }
    const [, name = '', ...rest] = ctx.path.split('/');
    const key = rest.map(decodeURIComponent).join('/');
    const uploadId = ctx.query['uploadId'];
    ctx['params'] = { bucket: name, key };
    if (typeof uploadId === 'string') {
      const upload = await readUpload(join(folder(name), uploadId));
      if (upload?.key !== key) throw new S3Error('NoSuchUpload', 'The specified multipart upload does not exist.');
      const path = join(folder(name), uploadId);
      if (ctx.method === 'GET') return authenticate(ctx, async () => listParts(ctx, path));
      if (ctx.method === 'DELETE') {
        return authenticate(ctx, async () => {
          await rm(path, { recursive: true });
          ctx.status = 204;
        });
      }
    }
    if (ctx.method === 'GET' && 'uploads' in ctx.query && key === '') {
      ctx['params'] = { bucket: name };
      return authenticate(ctx, async () => listUploads(ctx, folder(name)));
    }
    return next();
  };
};

const readUpload = async (path: string): Promise<{ key: string; begun: Date } | undefined> => {
  try {
    const file = join(path, 'key');
    return { key: await readFile(file, 'utf8'), begun: (await stat(file)).mtime };
  } catch {
    return undefined;
  }
};

const listParts = async (ctx: Koa.Context, path: string): Promise<void> => {
  const numbers = (await readdir(path)).filter((name) => /^\d+$/.test(name)).map(Number);
  const after = Number(ctx.query['part-number-marker'] ?? 0);
  const rest = numbers.filter((number) => number > after).sort((a, b) => a - b);
  // Small pages, so that going on to the next one is tested too.
  const page = rest.slice(0, 2);
  const parts = await Promise.all(
    page.map(async (number) => ({
      PartNumber: number,
      ETag: `"${await readFile(join(path, `${number}.md5`), 'utf8')}"`,
      Size: (await stat(join(path, String(number)))).size,
    })),
  );
  const more = rest.length > page.length;
  ctx.body = {
    ListPartsResult: { IsTruncated: more, ...(more && { NextPartNumberMarker: page.at(-1) }), Part: parts },
  };
};

const listUploads = async (ctx: Koa.Context, folder: string): Promise<void> => {
  const ids = await readdir(folder).catch(() => []);
  const prefix = String(ctx.query['prefix'] ?? '');
  const uploads = await Promise.all(ids.map(async (id) => ({ id, ...(await readUpload(join(folder, id))) })));
  ctx.body = {
    ListMultipartUploadsResult: {
      IsTruncated: false,
      Upload: uploads
        .filter(({ key }) => key?.startsWith(prefix))
        .map(({ id, key, begun }) => ({ Key: key, UploadId: id, Initiated: begun?.toISOString() })),
    },
  };
};
