import type { BodyInput } from '../../../protocol/contract.ts';
import type { File, UploadTarget } from '../../../protocol/files.ts';
import type { Endpoint } from '../../../protocol/index.ts';
import { addressOf } from '../../client/address.ts';
import { ChatError, failureOf, isPassing, isRefusal, type Failure } from '../../client/failure.ts';
import { reconnectDelay } from '../../client/reconnect-policy.ts';
import type { SessionClient } from '../../client/session.ts';
import { newClientId } from '../client-id.ts';
import { deliver, TargetEnded } from './deliver.ts';
import type { Transport } from './transport.ts';

/** A file to be brought to the server. */
export interface Job {
  /** The file's `clientId`: under the same one it goes on where it was left. */
  readonly clientId: string;
  readonly blob: Blob;
  readonly name: string;
  readonly type: string;
  readonly purpose: 'message' | 'voice' | 'avatar';
  /** Nothing of it can be on the server yet. */
  readonly fresh: boolean;
  readonly signal: AbortSignal;
  /** What the sender knows of it, asked for when the bytes are there. */
  details(): Promise<BodyInput<Endpoint<'POST /files/:fileId/complete'>>>;
  /** The server knows the file by this id now; may come after the signal. */
  announced(fileId: string): void;
  /** `waiting`: until the line is back. `progress` is from 0 to 1. */
  report(status: 'waiting' | 'uploading' | 'processing', progress: number): void;
}

/** How a file travels. */
export interface Wire {
  readonly server: string;
  readonly request: SessionClient['request'];
  readonly transport: Transport;
  /** Whether the line to the server is there: then a failure is not the line's. */
  connected(): boolean;
  /** Waits, or until there is reason to try at once. */
  nap(ms: number, signal: AbortSignal): Promise<void>;
}

// So many tries over a line that is there, without a byte of progress, and it is given up.
const maxFruitless = 10;
// After so many targets that were none, the file is begun anew.
const maxEnds = 3;
// The server looks at the whole file before it answers.
const completeMs = 180_000;

/** Brings a file to the server, through cuts and restarts. Rejects with a ChatError when it cannot be, or with the signal's reason. */
export const bringFile = async (job: Job, wire: Wire): Promise<File> => {
  const { blob, signal } = job;
  const { request } = wire;
  let { clientId } = job;
  let fileId: string | undefined;
  let target: UploadTarget | undefined;
  let offset = job.fresh ? 0 : undefined;
  let step: 'announce' | 'renew' | 'send' | 'complete' = 'announce';
  let most = 0;
  let tries = 0;
  let fruitless = 0;

  const announce = async () => {
    const { name, type, purpose } = job;
    const answer = fileId
      ? await request('POST /files/:fileId/upload', { params: { fileId } })
      : await request('POST /files', { body: { clientId, name, size: blob.size, type, purpose } });
    fileId = answer.fileId;
    job.announced(fileId);
    return withAddresses(answer.upload, wire.server);
  };

  const progress = (bytes: number) => {
    if (bytes > most) {
      most = bytes;
      tries = fruitless = 0;
    }
    job.report('uploading', bytes / blob.size);
  };

  const advance = async (): Promise<File | undefined> => {
    if (step === 'announce' || step === 'renew') {
      target = await announce();
      step = 'send';
    } else if (step === 'send' && target) {
      await deliver({ blob, target, offset, transport: wire.transport, signal, progress });
      step = 'complete';
    } else if (fileId) {
      const body = await job.details();
      signal.throwIfAborted();
      job.report('processing', 1);
      const input = { params: { fileId }, body };
      return (await request('POST /files/:fileId/complete', input, { timeoutMs: completeMs })).file;
    }
    return undefined;
  };

  /** The bytes that were there are lost: what is left of the file is in the way. */
  const beginAnew = (): typeof step => {
    if (fileId !== undefined) request('DELETE /files/:fileId', { params: { fileId } }).catch(() => {});
    fileId = undefined;
    clientId = newClientId();
    most = 0;
    return 'announce';
  };

  /** Where to go on after a failure; `undefined` when that is no use. */
  const detour = (error: unknown, failure: Failure): typeof step | undefined => {
    const { code } = failure;
    if (error instanceof TargetEnded) return fruitless < maxEnds ? 'renew' : beginAnew();
    // A fault of this code's, which would only happen again.
    if (!(error instanceof ChatError)) return undefined;
    if (isRefusal(failure) || (isPassing(failure) && code !== 'storage_full')) {
      // Parts that have arrived are not asked for again.
      return step === 'send' && target?.kind === 'parts' ? 'renew' : step;
    }
    if (step === 'announce' && (code === 'conflict' || code === 'idempotency_key_reused')) {
      // An earlier try of it was dropped since.
      clientId = newClientId();
      return step;
    }
    // All its bytes are there already, or some are not.
    if (code === 'conflict' && step === 'renew') return 'complete';
    if (code === 'conflict' && step === 'complete') return fruitless < maxEnds ? 'renew' : beginAnew();
    if (step === 'announce' || code !== 'not_found') return undefined;
    fileId = undefined;
    return 'announce';
  };

  for (;;) {
    signal.throwIfAborted();
    try {
      const file = await advance();
      if (file) return file;
    } catch (error) {
      signal.throwIfAborted();
      const failure = failureOf(error);
      const next = detour(error, failure);
      const silent = failure.code === 'network' || failure.code === 'timeout';
      if (silent && step === 'send') await assertReadable(blob);
      // A server that names a time is there, and busy.
      if (failure.retryAfterMs === undefined && (!silent || wire.connected())) fruitless++;
      if (!next || fruitless > maxFruitless) throw error instanceof ChatError ? error : new ChatError(failure);
      step = next;
      offset = undefined;
      job.report('waiting', most / blob.size);
      // A target that has ended says nothing against trying at once.
      if (fruitless > 1 || !(error instanceof TargetEnded))
        await wire.nap(failure.retryAfterMs ?? reconnectDelay(tries++), signal);
    }
  }
};

/** A browser tells of a file that has changed on the disk since it was picked only as of a line that broke. */
const assertReadable = async (blob: Blob): Promise<void> => {
  try {
    await blob.slice(0, 1).arrayBuffer();
  } catch (cause) {
    const message = 'unable to read the file; it has changed or gone since it was picked';
    throw new ChatError({ code: 'storage', message }, { cause });
  }
};

const withAddresses = (target: UploadTarget, server: string): UploadTarget =>
  target.kind === 'tus'
    ? { ...target, url: addressOf(server, target.url) }
    : { ...target, parts: target.parts.map((part) => ({ ...part, url: addressOf(server, part.url) })) };
