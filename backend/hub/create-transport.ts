import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Transport, TransportHandlers } from './transport.ts';
import { createUwsTransport } from './transport-uws.ts';
import { createWsTransport } from './transport-ws.ts';

/** Makes the transport that the configuration names; `auto` takes uWebSockets.js and, where its binary does not load, ws. */
export const createTransport = <Context>(
  config: Pick<Config, 'transport' | 'limits'>,
  log: Logger,
  handlers: TransportHandlers<Context>,
): Transport => {
  if (config.transport === 'ws') return createWsTransport(handlers, config.limits);
  try {
    return createUwsTransport(handlers, config.limits);
  } catch (error) {
    if (config.transport === 'uws') throw error;
    log.error(
      { err: error },
      'unable to load uWebSockets.js; sockets are served by ws instead, which fans out several times slower. ' +
        'See docs/decisions/0005-socket-transport.md, or set TRANSPORT=ws to accept it',
    );
    return createWsTransport(handlers, config.limits);
  }
};
