import type { enNotices } from '../en-notices.ts';
import type { Phrase } from '../strings.ts';

/** German for what is said of the line to the server. */
export const notices: Phrase<typeof enNotices> = {
  notices: {
    dismiss: 'Ausblenden',
    offline: 'Sie sind offline. Nachrichten gehen hinaus, sobald Sie wieder online sind.',
    connecting: 'Verbindung wird hergestellt …',
    waiting: (seconds) => `Der Chat ist nicht erreichbar. Neuer Versuch in ${seconds}\u00a0s.`,
    unreachable: 'Der Chat ist nicht erreichbar. Gleich folgt ein neuer Versuch.',
    tryNow: 'Jetzt versuchen',
    connected: 'Wieder verbunden.',
    memoryOnly:
      'Dieser Browser kann nicht gesendete Nachrichten nicht aufbewahren. Lassen Sie die Seite offen, bis alles gesendet ist.',
    unauthorized: 'Sie sind nicht mehr angemeldet. Melden Sie sich neu an, um fortzufahren.',
    sessionRevoked: 'Diese Sitzung wurde beendet. Melden Sie sich neu an, um fortzufahren.',
    siteDisabled: 'Der Chat ist für diese Website ausgeschaltet.',
    unsupportedVersion: 'Der Chat wurde aktualisiert. Laden Sie die Seite neu, um fortzufahren.',
    protocolError: 'Zwischen dieser Seite und dem Chat ist etwas schiefgegangen. Laden Sie die Seite neu.',
    reload: 'Neu laden',
  },
};
