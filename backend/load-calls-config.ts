import { z } from 'zod';
import { relayOnly, whoMayCall } from '../protocol/sites.ts';
import { defaultCalls, type CallsConfig } from './config.ts';

// RFC 7064 and 7065: a host and perhaps a port, and for TURN perhaps the transport.
const stunUrl = /^stuns?:(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?$/;
const turnUrl = /^turns?:(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?(?:\?transport=(?:udp|tcp))?$/;

const most = 50;

/** Every variable about calls that is read, with what it is for. The README's table has the same sentences. */
export const callsVariables = {
  /** `off` for a chat without calls. */
  CALLS: z.enum(['on', 'off']).default('on'),
  /** Servers that tell browsers their public address, separated by commas, such as stun:turn.example.org:3478. */
  STUN_URLS: urls(stunUrl, 'must hold URLs such as stun:turn.example.org:3478').default([]),
  /** Servers that relay calls, separated by commas, such as turn:turn.example.org:3478?transport=udp. */
  TURN_URLS: urls(turnUrl, 'must hold URLs such as turn:turn.example.org:3478?transport=udp').optional(),
  /** The static-auth-secret of the TURN servers. */
  TURN_SECRET: z.string().min(16, 'must have at least 16 characters; try: openssl rand -base64 48').optional(),
  /** Whose calls go through TURN alone on every site, so that no address is given away: `nobody`, `strangers` (with TURN the default), `everybody`. */
  RELAY_ONLY: relayOnly.optional(),
  /** Who may call people who have not decided it themselves: `everybody`, `known` (to whom they have written or whom they have called), `nobody`. */
  WHO_MAY_CALL: whoMayCall.default(defaultCalls.whoMayCall),
  /** How many can be in a call with video. */
  CALL_MAX_VIDEO: people().default(defaultCalls.videoParticipants),
  /** How many can be in a call with sound only. */
  CALL_MAX_AUDIO: people().default(defaultCalls.audioParticipants),
};

type Values = z.infer<z.ZodObject<typeof callsVariables>>;

/** What is wrong with variables that are right each by itself. */
export const callsFaults = (given: Readonly<Record<string, string | undefined>>): readonly string[] => {
  const has = (name: string): boolean => given[name] !== undefined;
  const faults: string[] = [];
  if (has('TURN_URLS') !== has('TURN_SECRET')) faults.push('TURN_URLS and TURN_SECRET must be given together');
  if (has('RELAY_ONLY') && given['RELAY_ONLY'] !== 'nobody' && !has('TURN_URLS'))
    faults.push('RELAY_ONLY needs TURN_URLS: without a TURN server such calls cannot come about');
  return faults;
};

/** The part of the configuration that is about calls. */
export const callsConfig = (values: Values): CallsConfig => {
  const { TURN_URLS: turnUrls, TURN_SECRET: secret } = values;
  const turn = turnUrls === undefined || secret === undefined ? undefined : { urls: turnUrls, secret };
  return {
    enabled: values.CALLS === 'on',
    stunUrls: values.STUN_URLS,
    turn,
    relayOnly: values.RELAY_ONLY,
    whoMayCall: values.WHO_MAY_CALL,
    videoParticipants: values.CALL_MAX_VIDEO,
    audioParticipants: Math.max(values.CALL_MAX_AUDIO, values.CALL_MAX_VIDEO),
  };
};

function urls(pattern: RegExp, fault: string) {
  return z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter(Boolean))
    .pipe(z.array(z.string().regex(pattern, fault)).min(1, fault).max(10, 'must hold at most 10 URLs'));
}

function people() {
  return z
    .string()
    .regex(/^\d{1,3}$/, `must be a whole number from 2 to ${most}`)
    .transform(Number)
    .refine((value) => value >= 2 && value <= most, `must be a whole number from 2 to ${most}`);
}
