import type { Content } from '../../mail/letter.ts';
import type { Owner } from './store.ts';

/** Where the links in letters of a site lead. */
export interface Links {
  /** The page that takes the token of a link; it travels behind the `#`, so that no server's log has it. */
  to(page: 'confirm' | 'reset', token: string): string;
  readonly forgot: string;
}

/** The links of a site, on the server's own URL. */
export const linksOf = (linksTo: string, siteKey: string): Links => {
  const page = (name: string): string => `${linksTo}/account/${name}/?site=${encodeURIComponent(siteKey)}`;
  return { to: (name, token) => `${page(name)}#${token}`, forgot: page('forgot') };
};

// Nothing that people chose themselves stands in a letter to an address that was not shown to be theirs.
export const confirmAddress = (site: string, url: string): Content => ({
  subject: 'Confirm your e-mail address',
  paragraphs: [
    `Somebody, most likely you, gave this address for their account at ${site}. Please confirm it within 24 hours.`,
    'If it was not you, there is nothing to do: the address is not used for the account.',
  ],
  link: { label: 'Confirm this address', url },
});

export const addressTaken = (site: string, owner: Owner, { forgot }: Links): Content => ({
  subject: `Your account at ${site}`,
  paragraphs: [
    `Hello ${owner.displayName}, somebody tried to use your e-mail address for another account at ${site}. You have one already: your user name is ${owner.username}. If it was you and you have forgotten your password, set a new one.`,
    'If it was not you, there is nothing to do. They were not told that you have an account.',
  ],
  link: { label: 'Set a new password', url: forgot },
});

export const newPassword = (site: string, owner: Owner, url: string): Content => ({
  subject: 'Set a new password',
  paragraphs: [
    `Hello ${owner.displayName}, somebody, most likely you, has forgotten the password of your account at ${site}. Within 30 minutes you can set a new one, once.`,
    `Your user name is ${owner.username}.`,
    'If it was not you, there is nothing to do: your password stays as it is.',
  ],
  link: { label: 'Set a new password', url },
});

export const noPassword = (site: string, owner: Owner): Content => ({
  subject: `Your account at ${site}`,
  paragraphs: [
    `Hello ${owner.displayName}, somebody, most likely you, has forgotten the password of your account at ${site}. Your account has none: you are signed in by the pages of ${site}.`,
    'If it was not you, there is nothing to do.',
  ],
});

export const passwordChanged = (site: string, owner: Owner, { forgot }: Links): Content => ({
  subject: 'Your password was changed',
  paragraphs: [
    `Hello ${owner.displayName}, the password of your account ${owner.username} at ${site} was changed, and all other devices were signed out. If it was not you, set a new one at once.`,
  ],
  link: { label: 'Set a new password', url: forgot },
});

export const addressChanging = (site: string, owner: Owner, { forgot }: Links): Content => ({
  subject: 'Another e-mail address for your account',
  paragraphs: [
    `Hello ${owner.displayName}, somebody who knows the password of your account ${owner.username} at ${site} gave another e-mail address for it, which takes the place of this one as soon as it is confirmed. If it was not you, set a new password at once.`,
  ],
  link: { label: 'Set a new password', url: forgot },
});
