import { en } from './en.ts';

/** English for what is said of the line to the server, loaded with it. */
export const enNotices = {
  notices: {
    ...en.notices,
    offline: "You're offline. Messages go out when you're back.",
    connecting: 'Connecting…',
    waiting: (seconds: number) => `Can't reach the chat. Trying again in ${seconds}\u00a0s.`,
    unreachable: "Can't reach the chat. Trying again soon.",
    tryNow: 'Try now',
    connected: 'Connected again.',
    memoryOnly: "This browser can't keep unsent messages. Leave the page open until they're sent.",
    unauthorized: 'You are no longer signed in. Sign in again to go on.',
    sessionRevoked: 'This session was ended. Sign in again to go on.',
    siteDisabled: 'Chat is switched off for this site.',
    unsupportedVersion: 'Chat was updated. Reload the page to go on.',
    protocolError: 'Something went wrong between this page and the chat. Reload the page.',
    reload: 'Reload',
  },
};
