import type { MailConfig } from '../../config.ts';
import type { Database } from '../../database/connect.ts';
import { inOneLine, writeLetter, type Content, type Letter } from '../../mail/letter.ts';
import type { TakenMailing } from '../../mail/outbox.ts';
import { readBranding } from '../sites/index.ts';
import {
  addressChanging,
  addressTaken,
  confirmAddress,
  linksOf,
  newPassword,
  noPassword,
  passwordChanged,
  type Links,
} from './letters.ts';
import { makeAddressLink, makePasswordLink } from './links.ts';
import { findOwner, findOwnerOf, isTaken } from './store.ts';

/** What people are written about. Requests say only this: whom it concerns is found out here, so that nobody can tell by an answer. */
export const mailingKinds = ['address given', 'password forgotten', 'password changed', 'address changing'] as const;
/** What people are written about. */
export type MailingKind = (typeof mailingKinds)[number];

/** Writes the letter of a mailing, with a new token where there is a link in it; `undefined` when there is nobody to tell. */
export const createCompose =
  (db: Database, { linksTo }: MailConfig) =>
  async (mailing: TakenMailing): Promise<Letter | undefined> => {
    const [site] = await db.query<{ key: string; name: string }>(
      'accounts_site',
      'select key, name from sites where id = $1 and enabled',
      [mailing.siteId],
    );
    if (!site) return undefined;
    const content = await contentOf(db, mailing, inOneLine(site.name), linksOf(linksTo, site.key));
    if (!content) return undefined;
    const branding = await readBranding(db, mailing.siteId);
    return writeLetter({ name: site.name, accent: branding?.accent }, content);
  };

const contentOf = async (
  db: Database,
  { kind, siteId, userId, address }: TakenMailing,
  site: string,
  links: Links,
): Promise<Content | undefined> => {
  switch (kind as MailingKind) {
    case 'address given':
      return userId === null ? undefined : aboutAddress(db, { siteId, userId, email: address }, site, links);
    case 'password forgotten': {
      const owner = await findOwnerOf(db, siteId, address);
      if (!owner) return undefined;
      if (!owner.hasPassword) return noPassword(site, owner);
      const token = await makePasswordLink(db, { siteId, userId: owner.id, email: address });
      return newPassword(site, owner, links.to('reset', token));
    }
    case 'password changed':
    case 'address changing': {
      const owner = userId === null ? undefined : await findOwner(db, { siteId, userId });
      return owner && (kind === 'password changed' ? passwordChanged : addressChanging)(site, owner, links);
    }
    default:
      return undefined;
  }
};

const aboutAddress = async (
  db: Database,
  given: { readonly siteId: string; readonly userId: string; readonly email: string },
  site: string,
  links: Links,
): Promise<Content | undefined> => {
  const owner = await findOwnerOf(db, given.siteId, given.email);
  if (owner) return owner.id === given.userId ? undefined : addressTaken(site, owner, links);
  // Of an account that is disabled: it stays its own, and nobody is told.
  if (await isTaken(db, given.siteId, given.email)) return undefined;
  const token = await makeAddressLink(db, given);
  return token === undefined ? undefined : confirmAddress(site, links.to('confirm', token));
};
