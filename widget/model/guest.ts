import type { HttpClient } from '../client/http-client.ts';
import type { SessionClient } from '../client/session.ts';
import { solve } from './proof-of-work.ts';

/** Comes in as a guest: asks for a challenge, does its work, and brings the solution with the name. */
export const enterAsGuest = async (
  http: HttpClient,
  session: Pick<SessionClient, 'enter'>,
  displayName: string,
): Promise<void> => {
  const { challenge, difficulty } = await http.send('POST /auth/guest/challenge', {});
  const solution = await solve(challenge, difficulty);
  await session.enter('POST /auth/guest', { body: { displayName, challenge, solution } });
};
