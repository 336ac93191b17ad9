import type { UploadTarget } from '../../../protocol/files.ts';
import { ChatError } from '../../client/failure.ts';
import { failureFrom } from '../../client/http-client.ts';
import type { Transport } from './transport.ts';

/** The target does not take bytes any more, or not these: another must be asked for. */
export class TargetEnded extends Error {
  override readonly name = 'TargetEnded';
}

/** The bytes of one file, and where they go. */
export interface Delivery {
  readonly blob: Blob;
  readonly target: UploadTarget;
  /** How many bytes a `tus` target has; `undefined`: it is asked. */
  readonly offset: number | undefined;
  readonly transport: Transport;
  readonly signal: AbortSignal;
  /** Bytes that have arrived or are on their way. */
  progress(bytes: number): void;
}

// One request of a resumable upload: few enough bytes that a proxy which gathers requests holds little back, and loses little.
const sliceBytes = 8 * 1024 * 1024;
const partsAtOnce = 3;

/** Brings to the target what it lacks. Rejects with a TargetEnded, or a ChatError with what the other side said. */
export const deliver = (delivery: Delivery): Promise<void> =>
  delivery.target.kind === 'tus' ? toTus(delivery, delivery.target.url) : toParts(delivery, delivery.target);

// tus 1.0 (https://tus.io/protocols/resumable-upload): HEAD tells the offset, PATCH goes on from it.
const toTus = async ({ blob, offset: known, transport, signal, progress }: Delivery, url: string): Promise<void> => {
  const tus = { 'Tus-Resumable': '1.0.0' };
  let offset = known;
  if (offset === undefined) {
    const response = await transport({ method: 'HEAD', url, headers: tus, signal });
    offset = offsetOf(response);
    if (!response.ok || offset === undefined) throw await refusalOf(response);
  }
  while (offset < blob.size) {
    const from: number = offset;
    progress(from);
    const body = blob.slice(from, from + sliceBytes);
    const response = await transport({
      method: 'PATCH',
      url,
      headers: { ...tus, 'Upload-Offset': `${from}`, 'Content-Type': 'application/offset+octet-stream' },
      body,
      signal,
      progress: (bytes) => progress(from + bytes),
    });
    if (!response.ok) throw await refusalOf(response);
    offset = offsetOf(response) ?? from + body.size;
    if (offset <= from) throw new TargetEnded('unable to send the file; the server took none of it');
  }
  progress(blob.size);
};

const offsetOf = (response: Response): number | undefined => {
  const text = response.headers.get('Upload-Offset');
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
};

const toParts = async (
  { blob, transport, signal, progress }: Delivery,
  { partSize, parts }: Extract<UploadTarget, { kind: 'parts' }>,
): Promise<void> => {
  const waiting = parts.map(({ number, url }) => ({
    url,
    body: blob.slice((number - 1) * partSize, number * partSize),
  }));
  let arrived = blob.size - waiting.reduce((sum, { body }) => sum + body.size, 0);
  const underWay = new Map<string, number>();
  const tell = () => progress([...underWay.values()].reduce((sum, bytes) => sum + bytes, arrived));
  // The first that fails ends the others: their target is asked for anew.
  const failed = new AbortController();
  const both = AbortSignal.any([signal, failed.signal]);
  tell();

  const work = async () => {
    for (let part = waiting.shift(); part; part = waiting.shift()) {
      const { url, body } = part;
      const response = await transport({
        method: 'PUT',
        url,
        body,
        signal: both,
        progress(bytes) {
          underWay.set(url, bytes);
          tell();
        },
      });
      if (!response.ok) throw await refusalOf(response);
      underWay.delete(url);
      arrived += body.size;
      tell();
    }
  };
  try {
    await Promise.all(Array.from({ length: partsAtOnce }, work));
  } catch (error) {
    failed.abort(error);
    throw error;
  }
};

/** What a refusal means. Storages answer in words of their own, so that the status has to do. */
const refusalOf = async (response: Response): Promise<Error> => {
  const { status } = response;
  const failure = await failureFrom(response);
  const isFinal = status === 413 || status === 415 || status === 422 || status === 507;
  const isPassing = status === 423 || status === 429 || (status >= 500 && !isFinal);
  if (isFinal || failure.code === 'quota_exceeded') return new ChatError(failure);
  if (isPassing) return new ChatError({ ...failure, code: status === 429 ? 'rate_limited' : 'dependency_unavailable' });
  return new TargetEnded(`unable to send the file; the server answered ${status}`);
};
