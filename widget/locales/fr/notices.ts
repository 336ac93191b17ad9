import type { enNotices } from '../en-notices.ts';
import type { Phrase } from '../strings.ts';

/** French for what is said of the line to the server. */
export const notices: Phrase<typeof enNotices> = {
  notices: {
    dismiss: 'Masquer',
    offline: 'Vous êtes hors ligne. Les messages partiront à votre retour.',
    connecting: 'Connexion…',
    waiting: (seconds) => `Le chat est injoignable. Nouvel essai dans ${seconds}\u00a0s.`,
    unreachable: 'Le chat est injoignable. Nouvel essai bientôt.',
    tryNow: 'Essayer maintenant',
    connected: 'Connexion rétablie.',
    memoryOnly:
      'Ce navigateur ne peut pas garder les messages non envoyés. Laissez la page ouverte jusqu’à leur envoi.',
    unauthorized: 'Vous n’êtes plus connecté. Reconnectez-vous pour continuer.',
    sessionRevoked: 'Cette session a été fermée. Reconnectez-vous pour continuer.',
    siteDisabled: 'Le chat est désactivé pour ce site.',
    unsupportedVersion: 'Le chat a été mis à jour. Rechargez la page pour continuer.',
    protocolError: 'Un problème est survenu entre cette page et le chat. Rechargez la page.',
    reload: 'Recharger',
  },
};
