import type { IceServers } from '../../../protocol/calls.ts';
import type { CallsConfig } from '../../config.ts';
import { iceCredentials, maxIceSeconds } from './ice-credentials.ts';

/** The ICE servers of one user, with credentials of their own. `relayed`: nobody may learn where they are. */
export const iceServersFor = (
  { stunUrls, turn }: CallsConfig,
  { userId, relayed }: { userId: string; relayed: boolean },
): IceServers => {
  // Who may only be relayed has no use for their public address.
  const stun = stunUrls.length > 0 && !relayed ? [{ urls: [...stunUrls] }] : [];
  const policy = relayed ? 'relay' : 'all';
  if (!turn) return { iceServers: stun, policy };
  const { username, credential, expiresAt } = iceCredentials({
    userId,
    secret: turn.secret,
    ttlSeconds: maxIceSeconds,
    now: Date.now(),
  });
  return { iceServers: [...stun, { urls: [...turn.urls], username, credential }], policy, expiresAt };
};
