import { z } from 'zod';
import { fields } from './primitives.ts';

/** Who may ring somebody. `known`: those in whose conversation they have written or begun a call themselves. */
export const whoMayCall = z.enum(['everybody', 'known', 'nobody']);
/** Who may ring somebody. */
export type WhoMayCall = z.infer<typeof whoMayCall>;

/** Whose media goes through a TURN server alone, so that nobody learns their address. `strangers`: of people who have neither written nor called before. */
export const relayOnly = z.enum(['nobody', 'strangers', 'everybody']);
/** Whose media goes through a TURN server alone. */
export type RelayOnly = z.infer<typeof relayOnly>;

/** What a site decides for its people. What it leaves out is as the installation has it. */
export const sitePolicy = fields({
  calls: fields({
    allowed: z.boolean().optional(),
    relayOnly: relayOnly.optional(),
    /** Of people who have not decided themselves. */
    whoMayCall: whoMayCall.optional(),
  }).optional(),
  names: fields({
    /** Names that nobody can give themselves, however they are spelt, besides those that no site lets them have. */
    reserved: z.array(z.string().min(1).max(64)).max(200).optional(),
  }).optional(),
});
/** What a site decides for its people. */
export type SitePolicy = z.infer<typeof sitePolicy>;
