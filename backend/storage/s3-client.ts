import { HeadBucketCommand, NoSuchUpload, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { Logger } from 'pino';
import type { S3Config } from '../config.ts';
import { notFound, Problem } from '../problem.ts';

/** A connection to the service that keeps a bucket. What is not answered in time is asked once more. */
export const connectToBucket = ({ region, endpoint, credentials, pathStyle }: S3Config, patienceMs: number): S3Client =>
  new S3Client({
    region,
    forcePathStyle: pathStyle,
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials && { credentials }),
    // Checksums of the SDK's own are unknown to many services that speak S3, and would be part of signed addresses.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 3000, requestTimeout: patienceMs, throwOnRequestTimeout: true },
  });

/** Asks the service for something; its faults become Problems. */
export const onService = async <T>(use: () => Promise<T>): Promise<T> => {
  try {
    return await use();
  } catch (error) {
    throw fromService(error);
  }
};

/** True for the answer that an upload does not exist: it was completed or given up. */
export const isNoUpload = (error: unknown): boolean =>
  error instanceof NoSuchUpload || (error instanceof S3ServiceException && error.name === 'NoSuchUpload');

/** True for the answer that an object does not exist. */
export const isNoObject = (error: unknown): boolean =>
  error instanceof S3ServiceException && (error.name === 'NoSuchKey' || error.name === 'NotFound');

/** Throws an error that says what to mend when the bucket cannot be used. A service that is away is no such thing: it may come back. */
export const checkBucket = async (client: S3Client, bucket: string, log: Logger): Promise<void> => {
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
  } catch (error) {
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    const because = (reason: string): Error =>
      new Error(`unable to keep files in the bucket ${bucket}; ${reason}`, { cause: error });
    if (status === 404) throw because('it does not exist: create it, or set S3_BUCKET');
    if (status === 403 || status === 401) {
      throw because('the access key may not use it: set S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY');
    }
    if (status === 301 || status === 400)
      throw because('it is not in this region, or at this place: set S3_REGION and S3_ENDPOINT');
    if (error instanceof Error && error.name === 'CredentialsProviderError') {
      throw because('there is no access key: set S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY');
    }
    log.error(
      { reason: error instanceof Error ? error.message : '' },
      'unable to reach the bucket of files; until it is there, files can be neither sent nor loaded',
    );
  }
};

const byName = new Set(['TimeoutError', 'CredentialsProviderError']);
const full = new Set(['XMinioStorageFull', 'QuotaExceeded', 'InsufficientStorage', 'EntityTooLarge']);

const fromService = (error: unknown): unknown => {
  if (error instanceof Problem || !(error instanceof Error)) return error;
  if (isNoObject(error)) return notFound('file');
  const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
  if (full.has(error.name) || status === 507)
    return new Problem('storage_full', 'unable to store the file; the server has no room left', { cause: error });
  // The SDK marks what it had to do with; connections that fail have a code.
  if (!(error instanceof S3ServiceException || '$metadata' in error || 'code' in error || byName.has(error.name)))
    return error;
  return new Problem('dependency_unavailable', 'unable to reach the files; their storage does not answer', {
    cause: error,
  });
};
