import type { RelayOnly, WhoMayCall } from '../protocol/sites.ts';

/** Everything that an operator can set. Made by `loadConfig` from environment variables; the README's table explains each. */
export interface Config {
  readonly production: boolean;
  /** The public port and address. */
  readonly port: number;
  readonly host: string;
  /** The hub's own listener; port 0 picks a free one. */
  readonly hubPort: number;
  readonly hubHost: string;
  /** `undefined` means the embedded Postgres in `dataDir`. */
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  /** Signs access tokens and derives refresh tokens: at least 32 bytes. */
  readonly tokenSecret: string;
  /** The URL that browsers reach this server by, without a slash at the end; `undefined`: whatever they used. */
  readonly publicUrl: string | undefined;
  /** Origins that may embed the `default` site, besides the server's own. Localhost is always allowed when `demo`. */
  readonly allowedOrigins: readonly string[];
  /** How many proxies in front are trusted to set `X-Forwarded-For`. */
  readonly trustedProxies: number;
  /** Bearer token for `/metrics`; without one it answers to loopback addresses only. */
  readonly metricsToken: string | undefined;
  readonly logLevel: 'silent' | 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';
  /** The embedded default: demo people and the examples gallery exist. */
  readonly demo: boolean;
  /** Guests who were not here for so many days go, with what only they had. */
  readonly guestDays: number;
  /** Which socket transport to use; `auto` takes uWebSockets.js and falls back to ws. */
  readonly transport: 'auto' | 'uws' | 'ws';
  readonly limits: Limits;
  readonly files: FilesConfig;
  readonly calls: CallsConfig;
  readonly outbound: OutboundConfig;
  /** `undefined`: no mail is sent. */
  readonly mail: MailConfig | undefined;
  readonly webhooks: WebhooksConfig;
}

/** How events are delivered to webhooks. */
export interface WebhooksConfig {
  /** How often a process looks for what is due. */
  readonly pollMs: number;
  /** Deliveries under way at once: of a process, of a site, to a webhook that works; one that fails is tried with one at a time. */
  readonly inProcess: number;
  readonly perSite: number;
  readonly perWebhook: number;
  /** How long an answer is waited for. */
  readonly timeoutMs: number;
  /** How long a delivery belongs to the process that took it, which may die. */
  readonly leaseSeconds: number;
  /** How long after each failure an event is tried again, about; after the last one it is given up. */
  readonly retrySeconds: readonly number[];
  /** A webhook that fails, and was told nothing for so long, is switched off. */
  readonly disableAfterSeconds: number;
  /** How long deliveries that are over can be looked up. */
  readonly keptDays: number;
}

const [minute, hour] = [60, 60 * 60];

/** How every server delivers events. */
export const defaultWebhooks: WebhooksConfig = {
  pollMs: 500,
  inProcess: 32,
  perSite: 8,
  perWebhook: 4,
  timeoutMs: 10_000,
  leaseSeconds: 60,
  // About three days in all.
  retrySeconds: [
    5,
    30,
    2 * minute,
    10 * minute,
    30 * minute,
    hour,
    3 * hour,
    6 * hour,
    ...Array<number>(5).fill(12 * hour),
  ],
  disableAfterSeconds: 60 * hour,
  keptDays: 7,
};

/** How mail is sent. */
export interface MailConfig {
  /** The mail server: `smtp:` or `smtps:`, with name and password if it wants them. */
  readonly url: string;
  /** The address that mail is from. */
  readonly from: string;
  /** The URL that links in mails begin with, without a slash at the end: never what a request says of its host. */
  readonly linksTo: string;
}

/** Where requests may go that the server makes by itself: to webhooks and the like, at addresses that sites name. */
export interface OutboundConfig {
  /** Ranges of addresses inside the network that may be reached, by any port and also without TLS. */
  readonly allow: readonly string[];
  /** The ports that may be reached at public addresses. */
  readonly ports: readonly number[];
}

/** Requests of a server that sets nothing else. */
export const defaultOutbound: OutboundConfig = { allow: [], ports: [443] };

/** Calls, and what helps browsers to find a way to each other. */
export interface CallsConfig {
  /** False: nobody can call. */
  readonly enabled: boolean;
  /** Servers that tell browsers their public address. */
  readonly stunUrls: readonly string[];
  /** Servers that relay, with the secret that credentials for them are made of. */
  readonly turn: { readonly urls: readonly string[]; readonly secret: string } | undefined;
  /** Whose media goes through TURN alone, on all sites; `undefined`: as each site has it, which by default is `strangers` with TURN and `nobody` without. */
  readonly relayOnly: RelayOnly | undefined;
  /** Who may ring people who have not decided it themselves, on sites that have not either. */
  readonly whoMayCall: WhoMayCall;
  /** How many can be in a call while somebody shows something, and with sound only. */
  readonly videoParticipants: number;
  readonly audioParticipants: number;
}

/** Where files are kept, and what may be sent. Sizes are in bytes. */
export interface FilesConfig {
  /** False: no files, no voice messages, no avatars. */
  readonly enabled: boolean;
  readonly storage: DiskConfig | S3Config;
  /** Another URL of this server that links to files begin with, so that what people upload has an origin of its own; `undefined`: the server's. */
  readonly url: string | undefined;
  readonly fileBytes: number;
  readonly filesPerMessage: number;
  readonly avatarBytes: number;
  readonly imagePixels: number;
  readonly imageFrames: number;
  readonly voiceSeconds: number;
  /** Media types and groups of them (`image/*`) that are taken; `undefined`: all. */
  readonly types: readonly string[] | undefined;
  readonly filesPerUser: number;
  readonly bytesPerUser: number;
  readonly bytesPerSite: number;
  /** Uploads that were never completed, and files that were never sent, go after this many hours. */
  readonly unsentHours: number;
  /** Leave EXIF and the like in the pictures that people send. */
  readonly keepMetadata: boolean;
  /** A clamd that looks at every file; `host:port` or the path of a socket. When it is away, files are refused, or marked as unscanned. */
  readonly clamd: { readonly address: string; readonly whenAway: 'refuse' | 'mark' } | undefined;
}

/** Files in a folder of this machine. */
export interface DiskConfig {
  readonly kind: 'disk';
  readonly dir: string;
}

/** Files in a bucket that speaks S3. */
export interface S3Config {
  readonly kind: 's3';
  readonly bucket: string;
  readonly region: string;
  /** `undefined`: AWS. */
  readonly endpoint: string | undefined;
  /** `undefined`: from the surroundings, as the AWS SDK finds them. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  readonly pathStyle: boolean;
  /** What the names of all objects begin with; other objects of the bucket are left alone. */
  readonly prefix: string;
}

/** What may be sent to a server that sets nothing else. */
export const defaultFiles: Omit<FilesConfig, 'storage'> = {
  enabled: true,
  url: undefined,
  fileBytes: 25_000_000,
  filesPerMessage: 10,
  avatarBytes: 5_000_000,
  imagePixels: 40_000_000,
  imageFrames: 100,
  voiceSeconds: 15 * 60,
  types: undefined,
  filesPerUser: 10_000,
  bytesPerUser: 5_000_000_000,
  bytesPerSite: 100_000_000_000,
  unsentHours: 24,
  keepMetadata: false,
  clamd: undefined,
};

/** Calls of a server that sets nothing else. */
export const defaultCalls: CallsConfig = {
  enabled: true,
  stunUrls: [],
  turn: undefined,
  relayOnly: undefined,
  whoMayCall: 'everybody',
  videoParticipants: 6,
  audioParticipants: 8,
};

/** The limits that the API and the hub enforce. */
export interface Limits {
  readonly messagesPerSecond: number;
  readonly messageBurst: number;
  /** Socket commands of a user over all devices; more are refused, and a flood beyond twice the burst closes the socket. */
  readonly commandsPerSecond: number;
  readonly commandBurst: number;
  readonly socketsPerUser: number;
  /** In a minute: calls that a user may begin, how often they may come into one, mute and the like, and ask for ICE servers. */
  readonly callsPerMinute: number;
  readonly callChangesPerMinute: number;
  readonly iceServersPerMinute: number;
  /** Frames on one signalling socket; more close it. Two who meet need about thirty, all within a second. */
  readonly signalsPerSecond: number;
  readonly signalBurst: number;
  readonly unauthenticatedSocketsPerAddress: number;
  readonly groupMembers: number;
  readonly reactionsPerMessage: number;
  readonly backpressureBytes: number;
  readonly ephemeralBackpressureBytes: number;
  readonly authTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly idleTimeoutSeconds: number;
  /** Time between a user's last socket closing and their presence turning offline, so that a reload does not flicker. */
  readonly offlineGraceMs: number;
  readonly drainMs: number;
  /** REST requests a minute of one user. */
  readonly requestsPerMinute: number;
  /** REST requests a minute from one address, whoever sends them. */
  readonly requestsPerMinutePerAddress: number;
  /** Requests a minute from one address to what needs no access token: sign-in, refresh and the like. */
  readonly anonymousRequestsPerMinute: number;
  /** Requests a minute by one server key. */
  readonly serverKeyRequestsPerMinute: number;
  /** New accounts an hour from one address. */
  readonly registrationsPerHour: number;
  /** Guests who come in within an hour from one address, and to one site in all. */
  readonly guestsPerHour: number;
  readonly guestsPerHourPerSite: number;
  /** Work that a guest's browser does before they come in, in leading zero bits of SHA-256: each doubles it. Rises by itself with the rate of an address. */
  readonly guestProofBits: number;
  /** What a guest may have stored at once. */
  readonly guestFiles: number;
  readonly guestFileBytes: number;
  /** Wrong passwords in a quarter of an hour from one address, whatever the account. */
  readonly loginFailuresPerAddress: number;
  /** Wrong passwords on one account before the next try must wait: 1 s, 2 s, 4 s … up to a quarter of an hour. */
  readonly loginFailuresBeforeDelay: number;
  /** Requests an hour from one address about passwords that are forgotten and links in mails. */
  readonly accountRequestsPerHour: number;
  /** Mails an hour to one address of a site; more are not sent, and nobody is told. */
  readonly mailsPerHourPerAddress: number;
}

/** The limits of a server that sets none of its own. */
export const defaultLimits: Limits = {
  messagesPerSecond: 5,
  messageBurst: 20,
  commandsPerSecond: 50,
  commandBurst: 100,
  socketsPerUser: 20,
  callsPerMinute: 10,
  callChangesPerMinute: 120,
  iceServersPerMinute: 60,
  signalsPerSecond: 50,
  signalBurst: 500,
  unauthenticatedSocketsPerAddress: 20,
  groupMembers: 1000,
  reactionsPerMessage: 20,
  backpressureBytes: 1024 * 1024,
  ephemeralBackpressureBytes: 64 * 1024,
  authTimeoutMs: 5000,
  heartbeatMs: 25_000,
  idleTimeoutSeconds: 60,
  offlineGraceMs: 5000,
  drainMs: 10_000,
  requestsPerMinute: 1200,
  requestsPerMinutePerAddress: 6000,
  anonymousRequestsPerMinute: 300,
  serverKeyRequestsPerMinute: 3000,
  registrationsPerHour: 120,
  guestsPerHour: 30,
  guestsPerHourPerSite: 2000,
  guestProofBits: 15,
  guestFiles: 50,
  guestFileBytes: 100_000_000,
  loginFailuresPerAddress: 100,
  loginFailuresBeforeDelay: 5,
  accountRequestsPerHour: 60,
  mailsPerHourPerAddress: 5,
};
