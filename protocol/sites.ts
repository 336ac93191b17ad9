import { z } from 'zod';
import { defineEndpoints } from './contract.ts';
import { fields, id, nameText, storableText, time } from './primitives.ts';

/** Who may ring somebody. `known`: those in whose conversation they have written or begun a call themselves. */
export const whoMayCall = z.enum(['everybody', 'known', 'nobody']);
/** Who may ring somebody. */
export type WhoMayCall = z.infer<typeof whoMayCall>;

/** Whose media goes through a TURN server alone, so that nobody learns their address. `strangers`: of people who have neither written nor called before. */
export const relayOnly = z.enum(['nobody', 'strangers', 'everybody']);
/** Whose media goes through a TURN server alone. */
export type RelayOnly = z.infer<typeof relayOnly>;

/** Who may begin conversations. `people`: those with an account, so no guests. `nobody`: the site itself makes them. */
export const whoMayStart = z.enum(['everybody', 'people', 'nobody']);
/** Who may begin conversations. */
export type WhoMayStart = z.infer<typeof whoMayStart>;

/** What those see who are added to a group later: everything that was said before, or nothing of it. */
export const historyForNewMembers = z.enum(['all', 'sinceJoining']);
/** What those see who are added to a group later. */
export type HistoryForNewMembers = z.infer<typeof historyForNewMembers>;

const mediaPattern = z
  .string()
  .max(100)
  .toLowerCase()
  .regex(/^[a-z]+\/(?:\*|[a-z0-9][a-z0-9.+-]*)$/, 'must be a media type or a group of them, such as image/*');

const bytes = z.int().min(1).max(1_000_000_000_000_000);

/** What a site decides for its people. What it leaves out is as the installation has it. */
export const sitePolicy = fields({
  accounts: fields({
    /** Whether people can make accounts by themselves. They come with passwords: without `passwordSignIn` nobody can. */
    registration: z.boolean().optional(),
    passwordSignIn: z.boolean().optional(),
    /** Whether people can come in with a name and nothing else. */
    guests: z.boolean().optional(),
  }).optional(),
  calls: fields({
    allowed: z.boolean().optional(),
    relayOnly: relayOnly.optional(),
    /** Of people who have not decided themselves. */
    whoMayCall: whoMayCall.optional(),
  }).optional(),
  conversations: fields({
    whoMayStartDirect: whoMayStart.optional(),
    whoMayStartGroups: whoMayStart.optional(),
    historyForNewMembers: historyForNewMembers.optional(),
  }).optional(),
  /** Never more than the installation takes. */
  files: fields({
    /** False: no files, no voice messages, no pictures of people and groups. */
    allowed: z.boolean().optional(),
    fileBytes: bytes.optional(),
    bytesPerPerson: bytes.optional(),
    /** Media types and groups of them (`image/*`). */
    types: z.array(mediaPattern).min(1).max(100).optional(),
  }).optional(),
  names: fields({
    /** Names that nobody can give themselves, however they are spelt, besides those that no site lets them have. */
    reserved: z.array(z.string().min(1).max(64)).max(200).optional(),
  }).optional(),
  retention: fields({
    /** Messages that are older are deleted with their files. */
    messageDays: z.int().min(1).max(36_500).optional(),
  }).optional(),
});
/** What a site decides for its people. */
export type SitePolicy = z.infer<typeof sitePolicy>;

/** True for the address of a picture that browsers may load: https, or http of the very machine, without a password in it. */
const isPictureAddress = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  const local = hostname === 'localhost' || hostname === '127.0.0.1';
  return (protocol === 'https:' || (protocol === 'http:' && local)) && username === '' && password === '';
};

/** How a site looks, besides its name. */
export const branding = fields({
  /** A picture that stands above the sign-in. */
  logoUrl: storableText
    .max(1000)
    .refine(isPictureAddress, 'must be the https address of a picture')
    .overwrite((text) => (URL.canParse(text) ? new URL(text).href : text))
    .optional(),
  /** The colour of buttons and marks. */
  accent: z
    .string()
    .toLowerCase()
    .regex(/^#[0-9a-f]{6}$/, 'must be a colour such as #0a6c4f')
    .optional(),
});
/** How a site looks, besides its name. */
export type Branding = z.infer<typeof branding>;

/** What people read as the name of a site. */
export const siteName = nameText(100);

/** A site as its own servers see it. */
export const adminSite = z.object({
  id,
  key: z.string(),
  name: z.string(),
  /** Pages that may embed it. */
  allowedOrigins: z.array(z.string()),
  policy: sitePolicy,
  branding,
  createdAt: time,
});
/** A site as its own servers see it. */
export type AdminSite = z.infer<typeof adminSite>;

export const siteEndpoints = defineEndpoints({
  'GET /admin/site': {
    summary: 'The site: its name, the pages that may embed it, what it decides and how it looks.',
    auth: 'server',
    scope: 'site:read',
    replies: { 200: z.object({ site: adminSite }) },
  },
  'PATCH /admin/site': {
    summary:
      'Changes the site. What is left out stays; of the policy, each part that is given (such as `accounts`) replaces that part; origins and branding are replaced as a whole.',
    auth: 'server',
    scope: 'site:write',
    body: fields({
      name: siteName.optional(),
      allowedOrigins: z.array(z.string().max(300)).max(100).optional(),
      policy: sitePolicy.optional(),
      branding: branding.optional(),
    }),
    replies: { 200: z.object({ site: adminSite }) },
  },
});
