import type { Context, Middleware } from 'koa';
import type { UploadTarget } from '../../protocol/files.ts';
import { Problem } from '../problem.ts';
import { sendObject } from './disk-links.ts';
import { createUploads } from './disk-uploads.ts';
import { linkExpiry, targetMs } from './lifetimes.ts';
import type { Locks } from './locks.ts';
import { createSigner } from './signer.ts';
import type { LinkOptions, Upload } from './storage.ts';

/** What the addresses of a storage on disk are made of. */
export interface AddressOptions {
  readonly dir: string;
  readonly tokenSecret: string;
  readonly url: string | undefined;
  readonly locks: Locks;
}

/** Makes the addresses of uploads and files, and answers at them: `/uploads/<token>` and `/files/<token>/<name>`. */
export interface Addresses {
  upload(upload: Omit<Upload, 'state'>, baseUrl: string): UploadTarget;
  link(key: string, options: LinkOptions, baseUrl: string): { url: string; expiresAt: Date };
  readonly serve: Middleware;
}

/** Makes addresses for the files of a folder. Whoever holds one may use it: they are signed, and they end. */
export const createAddresses = ({ dir, tokenSecret, url, locks }: AddressOptions): Addresses => {
  const signer = createSigner(tokenSecret);
  const receive = createUploads(dir, locks);

  const takeUpload = async (ctx: Context, token: string): Promise<void> => {
    ctx.state['route'] = '/uploads/:token';
    const [key, size, type, expiresAt] = signer.read('upload', token) as [string, number, string, number];
    if (expiresAt < Date.now()) throw expired();
    await receive(ctx, { key, size, type });
  };

  const giveFile = async (ctx: Context, token: string, encoded: string): Promise<void> => {
    ctx.state['route'] = '/files/:token/:name';
    const name = decode(encoded);
    const [key, type, inline, ends] = signer.read('file', token, name) as [string, string, boolean, number];
    if (ends < Date.now()) throw expired();
    await sendObject(ctx, dir, name, { key, type, inline, expiresAt: new Date(ends) });
  };

  return {
    upload({ key, size, type }, baseUrl) {
      const expiresAt = Date.now() + targetMs;
      const token = signer.sign('upload', [key, size, type, expiresAt]);
      return {
        kind: 'tus',
        url: `${url ?? baseUrl}/uploads/${token}`,
        expiresAt: new Date(expiresAt).toISOString(),
      };
    },
    link(key, { name, type, inline }, baseUrl) {
      const expiresAt = linkExpiry();
      const token = signer.sign('file', [key, type, inline, expiresAt.getTime()], name);
      return { url: `${url ?? baseUrl}/files/${token}/${encodeURIComponent(name)}`, expiresAt };
    },
    serve: async (ctx, next) => {
      const [, kind, token, name] = pattern.exec(ctx.path) ?? [];
      if (kind === 'uploads' && token !== undefined && name === undefined) return takeUpload(ctx, token);
      if (kind === 'files' && token !== undefined && name !== undefined) return giveFile(ctx, token, name);
      return next();
    },
  };
};

const pattern = /^\/(uploads|files)\/([\w.-]+)(?:\/([^/]+))?$/;

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Problem('validation_failed', 'unable to take the request; its percent-encoding is malformed');
  }
};

const expired = (): Problem =>
  new Problem('forbidden', 'unable to take the request; the address has expired, ask for a new one');
