import { pino, type DestinationStream, type Logger } from 'pino';
import type { Config } from './config.ts';

/** The process's log: JSON lines without secrets, whatever is handed to it. */
export const createLog = (config: Pick<Config, 'logLevel'>, to?: DestinationStream): Logger =>
  pino(
    {
      level: config.logLevel,
      redact: {
        paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: '[redacted]',
      },
    },
    ...(to ? [to] : []),
  );

const secrets = [
  'password',
  'token',
  'accessToken',
  'refreshToken',
  'authorization',
  'cookie',
  '["set-cookie"]',
  'text',
  'tokenSecret',
  'ticket',
  'credential',
  'secret',
];
