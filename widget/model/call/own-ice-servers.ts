import type { IceServers } from '../../../protocol/calls.ts';
import type { ChatOptions } from '../types.ts';

/** The answer with the page's own servers in place of those that the server names. Whether all goes by relay stays the server's to say. */
export const withOwnServers = <Answer extends IceServers>(answer: Answer, own: ChatOptions['iceServers']): Answer => {
  const servers = own?.();
  if (!servers) return answer;
  return {
    ...answer,
    iceServers: servers.map(({ urls, username, credential }) => ({
      urls: [urls].flat(),
      ...(username && { username }),
      ...(credential && { credential }),
    })),
  };
};
