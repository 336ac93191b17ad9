import type { Logger } from 'pino';
import { closeCodes, type CloseReason } from '../../protocol/codes.ts';
import type { Limits } from '../config.ts';
import { inSite } from '../database/wall.ts';
import { Budget } from './budget.ts';
import type { CallDirectory, SignalAdmission } from './signalling-data.ts';
import {
  errorFrame,
  expireFrame,
  openFrame,
  readSignal,
  signalFrame,
  type SignalMessage,
} from './signalling-frames.ts';
import type { Socket, SocketListener } from './transport.ts';

/** What all signalling sockets of a hub share. */
export interface SignalHouse {
  readonly limits: Limits;
  readonly log: Logger;
  readonly calls: CallDirectory;
  /** Hands a frame to the socket of an address in the same call, wherever that is; `lost` is called when nobody has taken it. */
  deliver(to: string, callId: string, frame: string, lost: () => void): void;
  /** Something came from it. */
  heard(socket: SignalSocket): void;
  gone(socket: SignalSocket): void;
  counted(reason: CloseReason): void;
}

const faultWindowMs = 10_000;
const mostFaults = 3;

/** The signalling socket of one participant: it may speak to those who are in the same call, as itself, and to nobody else. */
export class SignalSocket implements SocketListener {
  readonly admission: SignalAdmission;
  readonly #socket: Socket;
  readonly #house: SignalHouse;
  readonly #budget: Budget;
  #closed = false;
  readonly #waiting: { readonly message: SignalMessage; readonly bytes: number }[] = [];
  #passing = false;
  #waitingBytes = 0;
  #faults: number[] = [];

  constructor(socket: Socket, admission: SignalAdmission, house: SignalHouse) {
    this.#socket = socket;
    this.admission = admission;
    this.#house = house;
    const { signalsPerSecond, signalBurst } = house.limits;
    this.#budget = new Budget(signalsPerSecond, signalBurst, performance.now());
    socket.send(openFrame);
  }

  message(text: string | undefined, bytes: number): void {
    if (this.#closed) return;
    if (this.#budget.take(performance.now()) !== 'granted') return this.end('rate_limited');
    const frame = readSignal(text);
    if ('fault' in frame) return this.#refuse(frame.fault);
    this.#house.heard(this);
    if (frame.type === 'HEARTBEAT') return;
    if (frame.dst === undefined) return this.#close(1000, 'left');
    this.#takeTurn({ ...frame, src: this.admission.peerId, dst: frame.dst }, bytes);
  }

  send(frame: string): void {
    this.#socket.send(frame);
  }

  closed(slow: boolean): void {
    if (this.#closed) return;
    this.#closed = true;
    if (slow) this.#house.counted('slow_consumer');
    this.#house.gone(this);
  }

  /** Closes the socket with a code; what it said and has not been passed on is dropped. */
  end(reason: CloseReason, text: string = reason): void {
    if (this.#closed) return;
    this.#house.counted(reason);
    this.#close(closeCodes[reason], text);
  }

  #close(code: number, reason: string): void {
    this.#socket.close(code, reason);
    this.closed(false);
  }

  /** Frames are passed on in the order in which they came, though each has to be allowed first. */
  #takeTurn(message: SignalMessage, bytes: number): void {
    this.#waitingBytes += bytes;
    if (this.#waitingBytes > this.#house.limits.backpressureBytes) return this.end('rate_limited');
    this.#waiting.push({ message, bytes });
    if (!this.#passing) void this.#passAll();
  }

  async #passAll(): Promise<void> {
    this.#passing = true;
    for (let [first] = this.#waiting; first && !this.#closed; [first] = this.#waiting) {
      const { dst } = first.message;
      // A browser finds its candidates all at once: what has come for the same address by now is asked for together.
      const others = this.#waiting.findIndex(({ message }) => message.dst !== dst);
      const batch = this.#waiting.splice(0, others < 0 ? Infinity : others);
      await this.#pass(
        dst,
        batch.map(({ message }) => message),
      ).catch((error: unknown) => {
        this.#house.log.error({ err: error, callId: this.admission.callId }, 'unable to pass a signal on');
      });
      for (const { bytes } of batch) this.#waitingBytes -= bytes;
    }
    this.#passing = false;
  }

  async #pass(dst: string, messages: readonly SignalMessage[]): Promise<void> {
    const { callId, peerId, siteId } = this.admission;
    const lost = ({ type }: SignalMessage): void => {
      if (!this.#closed && type !== 'LEAVE') this.#socket.send(expireFrame(peerId, dst));
    };
    let allowed = false;
    try {
      allowed = await inSite(siteId, () => this.#house.calls.mayReach(callId, peerId, dst));
    } finally {
      if (!allowed) messages.forEach(lost);
    }
    if (!allowed) return;
    for (const message of messages) {
      if (this.#closed) return;
      this.#house.deliver(dst, callId, signalFrame(message), () => lost(message));
    }
  }

  #refuse(fault: string): void {
    this.#socket.send(errorFrame(`unable to read the frame; ${fault}`));
    const now = performance.now();
    this.#faults = [...this.#faults.filter((at) => at > now - faultWindowMs), now];
    if (this.#faults.length >= mostFaults) this.end('protocol_error', 'too many broken frames');
  }
}
