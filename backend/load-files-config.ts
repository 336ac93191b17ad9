import { join, resolve } from 'node:path';
import { z } from 'zod';
import { defaultFiles, type FilesConfig } from './config.ts';

const megabyte = 1_000_000;

/** Every variable about files that is read, with what it is for. The README's table has the same sentences. */
export const filesVariables = {
  /** `off` for a chat without files, voice messages and avatars. */
  FILES: z.enum(['on', 'off']).default('on'),
  /** The folder that files are kept in, when they are not in a bucket: `files` in DATA_DIR by default. */
  FILES_DIR: z.string().min(1).optional(),
  /** Another URL of this server that addresses of files begin with, so that what people upload has an origin of its own. */
  FILES_URL: httpUrl().optional(),
  /** The bucket that files are kept in, of AWS S3 or anything that speaks its protocol (R2, MinIO, Ceph). */
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket')
    .optional(),
  /** The region of the bucket. */
  S3_REGION: z
    .string()
    .regex(/^[a-z0-9-]+$/, 'must be the name of a region')
    .default('us-east-1'),
  /** Where the bucket's service is, when it is not AWS: servers and browsers must both reach it. */
  S3_ENDPOINT: httpUrl().optional(),
  /** The access key of the bucket; without it and S3_SECRET_ACCESS_KEY what the AWS SDK finds, such as the role of a machine. */
  S3_ACCESS_KEY_ID: z.string().min(1).optional(),
  /** The secret of the access key. */
  S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),
  /** `on` for services that want the bucket's name in the path, such as MinIO; by default that is so with S3_ENDPOINT. */
  S3_PATH_STYLE: z.enum(['on', 'off']).optional(),
  /** What the names of all objects begin with, so that a bucket can hold more than TeaTime's. */
  S3_PREFIX: z
    .string()
    .regex(/^[\w.-]+(?:\/[\w.-]+)*\/$/, 'must end with a slash, such as teatime/')
    .default('teatime/'),
  /** The largest file that may be sent, in MB (1,000,000 bytes). */
  MAX_FILE_MB: megabytes(1_000_000).default(defaultFiles.fileBytes),
  /** What all files of a user may take, in MB (1,000,000 bytes). */
  USER_QUOTA_MB: megabytes(1_000_000_000).default(defaultFiles.bytesPerUser),
  /** How many files a user may have. */
  USER_QUOTA_FILES: count(100_000_000).default(defaultFiles.filesPerUser),
  /** What all files of a site may take, in MB (1,000,000 bytes). */
  SITE_QUOTA_MB: megabytes(1_000_000_000).default(defaultFiles.bytesPerSite),
  /** Media types that are taken, and groups of them, separated by commas, such as image/*,application/pdf; all by default. */
  FILE_TYPES: z
    .string()
    .transform((text) =>
      text
        .toLowerCase()
        .split(/[\s,]+/)
        .filter(Boolean),
    )
    .pipe(
      z.array(
        z
          .string()
          .regex(/^[a-z0-9][a-z0-9.+-]*\/(?:\*|[a-z0-9][a-z0-9.+_-]*)$/, 'must hold media types such as image/*'),
      ),
    )
    .optional(),
  /** `on` to leave in pictures what cameras write into them, such as the place. */
  KEEP_METADATA: z.enum(['on', 'off']).default('off'),
  /** A clamd that looks at every file, as host:port or the path of its socket. */
  CLAMD: z
    .string()
    .regex(/^(?:\/\S+|(?:[\w.-]+|\[[0-9a-fA-F:]+\]):\d{1,5})$/, 'must be host:port or the path of a socket')
    .optional(),
  /** What becomes of files while clamd is away: `refuse` them, or `mark` them as unscanned. */
  CLAMD_AWAY: z.enum(['refuse', 'mark']).default('refuse'),
};

type Values = z.infer<z.ZodObject<typeof filesVariables>>;

/** What is wrong with variables that are right each by itself. */
export const filesFaults = (given: Readonly<Record<string, string | undefined>>): readonly string[] => {
  const has = (name: string): boolean => given[name] !== undefined;
  const faults: string[] = [];
  if (has('S3_ACCESS_KEY_ID') !== has('S3_SECRET_ACCESS_KEY'))
    faults.push('S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY must be given together');
  if (has('S3_BUCKET') && has('FILES_DIR')) faults.push('FILES_DIR must not be given with S3_BUCKET');
  if (has('S3_ENDPOINT') && !has('S3_BUCKET')) faults.push('S3_BUCKET must be given with S3_ENDPOINT');
  return faults;
};

/** The part of the configuration that is about files. */
export const filesConfig = (values: Values, dataDir: string): FilesConfig => ({
  ...defaultFiles,
  enabled: values.FILES === 'on',
  storage: storageConfig(values, dataDir),
  url: values.FILES_URL,
  fileBytes: values.MAX_FILE_MB,
  bytesPerUser: values.USER_QUOTA_MB,
  filesPerUser: values.USER_QUOTA_FILES,
  bytesPerSite: values.SITE_QUOTA_MB,
  types: values.FILE_TYPES,
  keepMetadata: values.KEEP_METADATA === 'on',
  clamd: values.CLAMD === undefined ? undefined : { address: values.CLAMD, whenAway: values.CLAMD_AWAY },
});

const storageConfig = (values: Values, dataDir: string): FilesConfig['storage'] => {
  const { S3_BUCKET: bucket, S3_ENDPOINT: endpoint, S3_ACCESS_KEY_ID: id, S3_SECRET_ACCESS_KEY: secret } = values;
  if (bucket === undefined) return { kind: 'disk', dir: resolve(values.FILES_DIR ?? join(dataDir, 'files')) };
  return {
    kind: 's3',
    bucket,
    region: values.S3_REGION,
    endpoint,
    credentials: id === undefined || secret === undefined ? undefined : { accessKeyId: id, secretAccessKey: secret },
    prefix: values.S3_PREFIX,
    pathStyle: values.S3_PATH_STYLE === undefined ? endpoint !== undefined : values.S3_PATH_STYLE === 'on',
  };
};

function count(max: number) {
  return z
    .string()
    .regex(/^[1-9]\d{0,9}$/, `must be a whole number from 1 to ${max}`)
    .transform(Number)
    .refine((value) => value <= max, `must be a whole number from 1 to ${max}`);
}

function megabytes(max: number) {
  return count(max).transform((value) => value * megabyte);
}

/** The URL of a server, without a slash at the end. */
export function httpUrl() {
  return z
    .string()
    .refine(isHttpUrl, 'must be an http or https URL without query or fragment')
    .transform((text) => text.replace(/\/+$/, ''));
}

/** True for an http or https URL of which only the path may follow the host. */
export function isHttpUrl(text: string): boolean {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return false;
  const { search, hash, username } = new URL(text);
  return search === '' && hash === '' && username === '';
}
