import { createTransport } from 'nodemailer';
import type { MailConfig } from '../config.ts';
import type { Letter } from './letter.ts';

/** The way to the mail server. */
export interface Smtp {
  /** Hands a letter over. Rejects when the server does not take it. */
  send(letter: Letter, of: { readonly id: string; readonly to: string }): Promise<void>;
  close(): void;
}

const patienceMs = 15_000;

/**
 * Makes the way to the mail server; nothing is connected yet. Names and passwords go there encrypted alone, unless it is on this very machine; mail goes
 * encrypted where the server can do that.
 */
export const createSmtp = ({ url, from }: MailConfig): Smtp => {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const local = host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
  const transport = createTransport({
    pool: true,
    maxConnections: 3,
    host,
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && username !== '' && !local,
    ...(username !== '' && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = from.slice(from.lastIndexOf('@') + 1);
  return {
    async send({ fromName, subject, text, html }, { id, to }) {
      await transport.sendMail({
        // As objects: an address is never taken for a list of them, whatever it holds.
        from: { name: fromName, address: from },
        to: { name: '', address: to },
        subject,
        text,
        html,
        // A mail that is sent again, for nobody heard that it was taken, is known by it.
        messageId: `<${id}@${domain}>`,
        // Nobody answers to it: out-of-office replies are not to come back (RFC 3834).
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
    },
    close: () => transport.close(),
  };
};

/** True when a mail server will not take a mail however often it is tried: it refused its recipient or what it says for good (RFC 5321 §4.2.1). */
export const isRefusedForGood = (error: unknown): boolean => {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  return (code === 'EENVELOPE' || code === 'EMESSAGE') && typeof responseCode === 'number' && responseCode >= 500;
};
