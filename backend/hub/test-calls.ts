import { randomBytes } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { CallDirectory, SignalAdmission } from './signalling-data.ts';

/** Calls as the tests of signalling keep them instead of a database: who is in which one, and open to change by a test. */
export class TestCalls implements CallDirectory {
  readonly joined = new Map<string, SignalAdmission>();
  readonly tickets = new Map<string, string>();
  /** Pairs `<from> <to>` that may not signal to each other. */
  readonly blocked = new Set<string>();
  readonly seenIds: string[] = [];
  readonly goneIds: string[] = [];
  /** Awaited by `admit` after it has read, so that a test can act in between. */
  gate: (() => Promise<void>) | undefined;
  /** Awaited by `mayReach`. */
  question: (() => Promise<void>) | undefined;

  /** Somebody who is in a call from now on. */
  join(callId: string, userId = uuidv7(), sessionId = uuidv7()): SignalAdmission {
    const admission = { peerId: uuidv7(), callId, userId, sessionId, siteId: uuidv7(), siteKey: 'default' };
    this.joined.set(admission.peerId, admission);
    return admission;
  }

  /** A new ticket for somebody's address. */
  ticket(peerId: string): string {
    const ticket = randomBytes(24).toString('base64url');
    this.tickets.set(ticket, peerId);
    return ticket;
  }

  async admit(ticket: string): Promise<SignalAdmission | undefined> {
    const admission = this.joined.get(this.tickets.get(ticket) ?? '');
    await this.gate?.();
    return admission;
  }

  async mayReach(callId: string, from: string, to: string): Promise<boolean> {
    await this.question?.();
    if (this.blocked.has(`${from} ${to}`)) return false;
    return this.joined.get(from)?.callId === callId && this.joined.get(to)?.callId === callId;
  }

  async seen(peerIds: readonly string[]): Promise<void> {
    this.seenIds.push(...peerIds);
  }

  gone(peerId: string): void {
    this.goneIds.push(peerId);
  }
}
