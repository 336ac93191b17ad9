import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';

/** Seals a secret by a key of the installation's own (AES-256-GCM), so that a copy of the database alone gives nothing away. It opens only as what `whose` says. */
export const seal = (key: KeyObject, whose: string, secret: Uint8Array): Buffer => {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(whose));
  const sealed = Buffer.concat([cipher.update(secret), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
};

/** Opens what `seal` has sealed. Throws when the key, or what it is opened as, is another one. */
export const openSeal = (key: KeyObject, whose: string, sealed: Buffer): Buffer => {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(whose)).setAuthTag(sealed.subarray(12, 28));
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
};
