import { z } from 'zod';
import type { MailConfig } from './config.ts';

/** Every variable about mail that is read, with what it is for. The README's table has the same sentences. */
export const mailVariables = {
  /** The server that mail is sent by, such as smtps://user:password@mail.example.org. */
  MAIL_URL: z
    .string()
    .refine(isMailUrl, 'must look like smtps://user:password@mail.example.org or smtp://mail.example.org:587')
    .optional(),
  /** Whom mail is from: an address such as chat@example.org. */
  MAIL_FROM: z.email('must be an address such as chat@example.org').max(254).optional(),
};

type Values = z.infer<z.ZodObject<typeof mailVariables>>;

/** The part of the configuration that is about mail; `undefined`: none is sent. */
export const mailConfig = ({ MAIL_URL, MAIL_FROM }: Values, publicUrl: string | undefined): MailConfig | undefined =>
  MAIL_URL === undefined || MAIL_FROM === undefined || publicUrl === undefined
    ? undefined
    : { url: MAIL_URL, from: MAIL_FROM, linksTo: publicUrl };

/** What is missing beside what was given. */
export const mailFaults = (given: Readonly<Record<string, string | undefined>>): string[] => {
  if (given['MAIL_URL'] === undefined)
    return given['MAIL_FROM'] === undefined ? [] : ['MAIL_FROM is of no use without MAIL_URL'];
  return [
    ...(given['MAIL_FROM'] === undefined ? ['MAIL_FROM must be given with MAIL_URL'] : []),
    // What a request says of its host must never get into a mail to somebody else.
    ...(given['PUBLIC_URL'] === undefined
      ? ['PUBLIC_URL must be given with MAIL_URL: links in mails begin with it']
      : []),
  ];
};

function isMailUrl(text: string): boolean {
  if (!/^smtps?:\/\/\S+$/.test(text) || !URL.canParse(text)) return false;
  const { hostname, pathname, search, hash } = new URL(text);
  return hostname !== '' && /^\/?$/.test(pathname) && search === '' && hash === '';
}
