import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A mail as it came. */
export interface ReceivedMail {
  readonly to: string;
  /** By name in lower case, in one line each. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
  readonly html: string;
  /** All that came, undecoded. */
  readonly raw: string;
  /** The token of the link in it. */
  readonly token: string | undefined;
  /** The link in it. */
  readonly link: string | undefined;
}

/** A real mail server on this machine, which keeps what it is given. */
export interface MailServer {
  /** What `MAIL_URL` is to be. */
  readonly url: string;
  readonly mails: readonly ReceivedMail[];
  /** The next mail to an address that nobody has waited for yet. */
  next(to: string): Promise<ReceivedMail>;
  /** Refuses recipients for good that this says so of. */
  refuse(whom: (address: string) => boolean): void;
  close(): Promise<void>;
}

const patienceMs = 30_000;

/** Starts a mail server, on a port that another one had if that is given. */
export const startMailServer = async (port = 0): Promise<MailServer> => {
  const mails: ReceivedMail[] = [];
  const seen = new Set<ReceivedMail>();
  const waiting = new Set<() => void>();
  let refuses = (_address: string): boolean => false;
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    disabledCommands: ['AUTH'],
    onRcptTo({ address }, _session, done) {
      if (!refuses(address)) return done();
      return done(Object.assign(new Error('no such mailbox'), { responseCode: 550 }));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString('utf8');
        for (const { address } of session.envelope.rcptTo) mails.push(parse(address, raw));
        done();
        for (const look of waiting) look();
      });
    },
  });
  // A client that goes away is no fault of these.
  server.on('error', () => undefined);
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    mails,
    next: (to) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = mails.find((mail) => mail.to === to && !seen.has(mail));
          if (!found) return;
          seen.add(found);
          waiting.delete(look);
          clearTimeout(timeout);
          resolve(found);
        };
        const timeout = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`no mail to ${to} came; there were ${mails.map((mail) => mail.to).join(', ') || 'none'}`));
        }, patienceMs);
        waiting.add(look);
        look();
      }),
    refuse: (whom) => void (refuses = whom),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};

const parse = (to: string, raw: string): ReceivedMail => {
  const [head = '', ...body] = raw.split('\r\n\r\n');
  const headers = headersOf(head);
  const boundary = /boundary="([^"]+)"/.exec(headers.get('content-type') ?? '')?.[1] ?? '';
  const parts = body
    .join('\r\n\r\n')
    .split(`--${boundary}`)
    .map((part) => {
      const [partHead = '', ...rest] = part.trimStart().split('\r\n\r\n');
      const facts = headersOf(partHead);
      return {
        type: facts.get('content-type') ?? '',
        text: decode(rest.join('\r\n\r\n'), facts.get('content-transfer-encoding') ?? ''),
      };
    });
  const textOf = (type: string): string => parts.find((part) => part.type.startsWith(type))?.text ?? '';
  const text = textOf('text/plain');
  const link = /https?:\/\/\S+/.exec(text)?.[0];
  return { to, headers, text, html: textOf('text/html'), raw, link, token: link?.split('#')[1] };
};

const headersOf = (head: string): ReadonlyMap<string, string> =>
  new Map(
    head
      .replace(/\r\n[ \t]+/g, ' ')
      .split('\r\n')
      .map((line): [string, string] => {
        const at = line.indexOf(':');
        return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
      }),
  );

const decode = (text: string, encoding: string): string => {
  if (encoding === 'base64') return Buffer.from(text, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return text;
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
};
