import type { Broker, BrokerMessage } from './broker.ts';

/** The broker of a single process: hands messages straight to the hubs that live in it. */
export const createLocalBroker = (): Broker => {
  const handlers = new Set<(message: BrokerMessage) => void>();
  return {
    publish(message) {
      for (const handler of handlers) handler(message);
    },
    subscribe(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    close: async () => handlers.clear(),
  };
};
