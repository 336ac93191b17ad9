import { createHmac, createSecretKey, hkdfSync, timingSafeEqual } from 'node:crypto';
import { Problem } from '../problem.ts';

/** What an address allows, in a fixed order: texts and numbers only. */
export type Grant = readonly (string | number | boolean)[];

/** Signs what the address of an upload or a file allows, so that nobody can make one up or change one. */
export interface Signer {
  /** `bound` is a text that goes along with the token and must not change either. */
  sign(use: string, grant: Grant, bound?: string): string;
  /** What was signed. Throws the Problem `forbidden` for anything else, other uses included. */
  read(use: string, token: string, bound?: string): Grant;
}

/** A signer with a key of its own, derived from the token secret (HKDF, RFC 5869; HMAC-SHA-256, RFC 2104). */
export const createSigner = (tokenSecret: string): Signer => {
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', tokenSecret, '', 'teatime file address', 32)));
  const mac = (use: string, payload: string, bound: string): Buffer =>
    createHmac('sha256', key)
      .update(JSON.stringify([use, payload, bound]))
      .digest();

  return {
    sign(use, grant, bound = '') {
      const payload = Buffer.from(JSON.stringify(grant)).toString('base64url');
      return `${payload}.${mac(use, payload, bound).toString('base64url')}`;
    },
    read(use, token, bound = '') {
      const [payload = '', signature = ''] = token.split('.');
      const given = Buffer.from(signature, 'base64url');
      const right = mac(use, payload, bound);
      if (given.length !== right.length || !timingSafeEqual(given, right)) throw badAddress();
      return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Grant;
    },
  };
};

const badAddress = (): Problem =>
  new Problem('forbidden', 'unable to take the request; the address was not made by this server');
