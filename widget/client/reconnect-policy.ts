import { closeCodes, terminalCloseCodes, type CloseReason } from '../../protocol/codes.ts';

const baseMs = 500;
const capMs = 30_000;
const floorMs = 250;

/**
 * Milliseconds to wait before try number `attempt` (0 is the first after a loss): full jitter,
 * `random(0, min(30 s, 0.5 s · 2^attempt))`, never below 250 ms (M. Brooker, "Exponential Backoff And Jitter", AWS 2015).
 */
export const reconnectDelay = (attempt: number, random: () => number = Math.random): number =>
  Math.max(floorMs, Math.round(random() * Math.min(capMs, baseMs * 2 ** Math.min(attempt, 16))));

/** The wait that the server asked for, with a little jitter of ours on top; at most a minute. */
export const askedDelay = (retryAfterMs: number, random: () => number = Math.random): number =>
  Math.max(floorMs, Math.min(60_000, retryAfterMs) + Math.round(random() * floorMs));

/** The close code of a line whose work another one goes on with, at once. It never travels. */
export const handedOver = 4900;

/** Why the server closed, when its code is one of ours. */
export const closeReason = (code: number): CloseReason | undefined =>
  (Object.keys(closeCodes) as CloseReason[]).find((reason) => closeCodes[reason] === code);

/** A reason after which reconnecting by itself is wrong. */
export type TerminalReason = keyof typeof terminalCloseCodes;

/** Whether reconnecting after this reason is wrong without a new session or a new version. */
export const isTerminal = (reason: CloseReason | undefined): reason is TerminalReason =>
  reason !== undefined && Object.hasOwn(terminalCloseCodes, reason);
