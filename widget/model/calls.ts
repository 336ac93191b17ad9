import type { Call } from '../../protocol/calls.ts';
import type { CallDesk, CallDeskOptions } from './call/call-desk.ts';
import { fetched } from './fetched.ts';

/** The calls of one person: what handles them is loaded with the first call. */
export interface Calls {
  load(): Promise<CallDesk>;
  heard(call: Call): void;
  /** The line is there, or there again. */
  opened(): void;
  close(): void;
}

/** Listens for calls. */
export const createCalls = (options: CallDeskOptions): Calls => {
  let desk: CallDesk | undefined;
  let loading: Promise<CallDesk> | undefined;
  let closed = false;
  const load = () => {
    loading ??= fetched(import('./call/call-desk.ts')).then(({ createCallDesk }) => {
      desk = createCallDesk(options);
      if (closed) desk.close();
      return desk;
    });
    loading.catch(() => (loading = undefined));
    return loading;
  };
  const heard = (call: Call) =>
    void load().then(
      (on) => on.heard(call),
      () => {},
    );
  return {
    load,
    heard,
    opened() {
      if (desk) desk.opened();
      else
        options.request('GET /calls', {}).then(
          ({ calls }) => calls.forEach(heard),
          () => {},
        );
    },
    close() {
      closed = true;
      desk?.close();
    },
  };
};
