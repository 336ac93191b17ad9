import type { Logger } from 'pino';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { HubServer } from '../hub/hub.ts';
import type { Step } from './context.ts';

/** What operators see of the server: a log line for each request, and figures for Prometheus. */
export interface Observation {
  readonly step: Step;
  readonly registry: Registry;
}

/** Watches requests. Logs and figures name a route by its pattern: no ids, no query, nothing that people wrote. */
export const createObservation = (log: Logger, hub: Pick<HubServer, 'stats'>): Observation => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'teatime_http_request_seconds',
    help: 'Time to answer a request, by route pattern.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  hubGauges(registry, hub);

  return {
    registry,
    step: async (ctx, next) => {
      const start = performance.now();
      await next();
      const seconds = (performance.now() - start) / 1000;
      const { requestId, route, problem } = ctx.state;
      const status = ctx.status;
      durations.observe({ method: ctx.method, route, status: String(status) }, seconds);
      const line = {
        requestId,
        method: ctx.method,
        route,
        status,
        ms: Math.round(seconds * 1000),
        ...(problem !== undefined && { code: problem }),
      };
      if (route.startsWith('/')) log.info(line, 'request');
      else log.debug(line, 'request');
    },
  };
};

const hubGauges = (registry: Registry, hub: Pick<HubServer, 'stats'>): void => {
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  gauge('teatime_hub_connections', 'Open sockets.', () => hub.stats().connections);
  gauge('teatime_hub_authenticated', 'Open sockets that have signed in.', () => hub.stats().authenticated);
  gauge('teatime_hub_users', 'Users with a socket.', () => hub.stats().users);
  gauge('teatime_hub_published_total', 'Events handed to topics.', () => hub.stats().published);
  gauge('teatime_hub_commands_total', 'Commands received.', () => hub.stats().commands);
  new Gauge({
    name: 'teatime_hub_closed_total',
    help: 'Sockets that the server ended, by reason.',
    labelNames: ['reason'],
    registers: [registry],
    collect() {
      for (const [reason, count] of Object.entries(hub.stats().closed)) this.set({ reason }, count);
    },
  });
};
