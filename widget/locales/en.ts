import type { enErrors } from './en-errors.ts';
import { enFirstErrors } from './en-first-errors.ts';
import { enLauncher } from './en-launcher.ts';
import { enPane } from './en-pane.ts';
import { plural } from './plural.ts';

const count = (n: number, one: string, other: string): string => plural('en', n, { one, other });

/** English: the reference of all locales. Short, human, no exclamation marks, no blame. */
export const en = {
  launcher: enLauncher,
  panel: {
    label: 'Chat',
    title: 'Chats',
    loading: 'Opening chat…',
    close: 'Close chat',
    back: 'Back',
    chooseTitle: 'Pick up where you left off',
    chooseText: 'Choose a conversation, or start a new one.',
  },
  signIn: {
    title: 'Good to see you',
    subtitle: 'Sign in to read and write messages.',
    identifier: 'User name, e-mail or phone',
    password: 'Password',
    showPassword: 'Show password',
    hidePassword: 'Hide password',
    submit: 'Sign in',
    submitting: 'Signing in…',
    toRegister: 'New here? Make an account',
    asGuest: 'Continue as a guest',
    forgotten: 'Forgot your password?',
    hostTitle: 'Sign in to chat',
    hostText: 'Sign in on this page to see your messages.',
    ended: 'You were signed out. Sign in to go on.',
    revoked: 'This session was ended for your safety. Sign in again.',
    failed: "Couldn't restore your session. Sign in again.",
    wrong: "That name and password don't match.",
    missing: 'Please fill this in.',
  },
  list: {
    label: 'Conversations',
    search: 'Search conversations',
    clearSearch: 'Clear search',
    loading: 'Loading conversations…',
    failed: "Couldn't load your conversations.",
    tryAgain: 'Try again',
    emptyTitle: 'No conversations yet',
    emptyText: 'Find somebody and say hello.',
    noMatch: (query: string) => `Nothing matches “${query}”.`,
    loadMore: 'Show more',
    newMessage: 'New message',
    profile: 'Your profile',
    typing: 'typing…',
    you: (text: string) => `You: ${text}`,
    by: (name: string, text: string) => `${name}: ${text}`,
    deleted: 'Message deleted',
    nothingYet: 'No messages yet',
    unread: (n: number) => count(n, '# unread message', '# unread messages'),
    manyUnread: '99+',
    muted: 'Muted',
    pinned: 'Pinned',
  },
  presence: {
    online: 'Online',
    away: 'Away',
  },
  notices: {
    dismiss: 'Dismiss',
  },
  // The others come with what is said of the line to the server.
  errors: enFirstErrors as typeof enErrors,
  pane: enPane,
};
