/** The other tabs of this browser that show the same chat. Where the browser offers nothing for it, there are none. */
export interface Tabs<M> {
  post(message: M): void;
  /** Runs `task` while no other tab runs one under the same name. */
  lock<T>(name: string, task: () => Promise<T>): Promise<T>;
  close(): void;
}

/** Joins the tabs that share `scope`; `hear` gets what others post. */
export const joinTabs = <M>(scope: string, hear: (message: M) => void): Tabs<M> => {
  const name = `teatime:${scope}`;
  let channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(name);
  // Node's channels keep the process alive unless told otherwise; browsers' have no `unref`.
  (channel as { unref?: () => void } | undefined)?.unref?.();
  if (channel) channel.onmessage = (event: MessageEvent) => hear(event.data as M);
  const locks = typeof navigator === 'undefined' ? undefined : navigator.locks;
  return {
    post: (message) => channel?.postMessage(message),
    async lock(part, task) {
      if (!locks) return task();
      let began = false;
      const run = () => {
        began = true;
        return task();
      };
      try {
        return (await locks.request(`${name}:${part}`, run)) as Awaited<ReturnType<typeof task>>;
      } catch (error) {
        // Sandboxed frames refuse locks altogether; then this tab stands alone.
        if (began) throw error;
        return task();
      }
    },
    close() {
      channel?.close();
      channel = undefined;
    },
  };
};
