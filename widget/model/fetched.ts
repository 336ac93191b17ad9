import { ChatError } from '../client/failure.ts';

/** A part of the chat that is loaded when it is needed. Rejects with `network` when it cannot be had now. */
export const fetched = <T>(loading: Promise<T>): Promise<T> =>
  loading.catch((cause: unknown) => {
    throw new ChatError({ code: 'network', message: 'unable to load a part of the chat; try again' }, { cause });
  });
