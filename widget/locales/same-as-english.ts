import type { LanguageCode } from './count.ts';

/** For the tests of the languages: phrases that are in a language what they are in English. All others have been forgotten. */
export const sameAsEnglish: Readonly<Record<LanguageCode, readonly string[]>> = {
  ar: ['GIF'],
  de: [
    'Admin',
    'Audio',
    'Audio Ada',
    'Bot',
    'Chat',
    'Chats',
    'Details',
    'GIF',
    'Offline',
    'Online',
    'Pause',
    'Position',
    'Smileys',
    'Video',
    'Video Ada, Ben',
    'Zoom',
    'in Ada',
  ],
  es: ['Bot', 'Chat', 'Chats', 'GIF', 'Zoom'],
  fr: ['Bot', 'Chat', 'E-mail', 'GIF'],
  he: ['GIF'],
  hi: ['GIF'],
  ja: ['GIF'],
  ko: ['GIF'],
  pt: ['Bot', 'E-mail', 'GIF', 'Zoom'],
  ru: ['GIF'],
  zh: ['GIF'],
};
