import { counter, lasting } from '../count.ts';
import type { enCalls } from '../en-calls.ts';
import type { Phrase } from '../strings.ts';

const count = counter('fr');
const duration = lasting('fr');

const the = { microphone: 'le micro', camera: 'la caméra', screen: 'l’écran' };
const blocked = {
  microphone: 'Le micro est bloqué',
  camera: 'La caméra est bloquée',
  screen: 'L’écran est bloqué',
};
const none = { microphone: 'Aucun micro trouvé', camera: 'Aucune caméra trouvée', screen: 'Aucun écran trouvé' };

/** French for calls. */
export const calls: Phrase<typeof enCalls> = {
  calls: {
    audioCall: 'Appel audio',
    videoCall: 'Appel vidéo',
    hold: 'Maintenez pour vérifier d’abord la caméra et le micro',
    join: 'Rejoindre',
    joinCall: (n) =>
      count(n, {
        one: 'Rejoindre l’appel, avec # personne',
        many: 'Rejoindre l’appel, avec # de personnes',
        other: 'Rejoindre l’appel, avec # personnes',
      }),
    busyHere: 'Vous êtes dans un autre appel.',
    incoming: {
      audio: 'vous appelle',
      video: 'vous appelle en vidéo',
      inGroup: (title) => `dans ${title}`,
      accept: 'Accepter',
      acceptVideo: 'Accepter avec la vidéo',
      acceptAudio: 'Accepter sans la vidéo',
      decline: 'Refuser',
      check: 'Vérifier d’abord la caméra et le micro',
    },
    setup: {
      title: (name) => `Appeler ${name}`,
      joinTitle: (name) => `Rejoindre l’appel avec ${name}`,
      start: 'Appeler',
      startVideo: 'Appeler en vidéo',
      join: 'Rejoindre',
      starting: 'Appel en cours…',
      cancel: 'Annuler',
      preview: 'Votre caméra',
      waiting: 'En attente de la caméra et du micro…',
      cameraOff: 'Caméra coupée',
      level: 'Niveau du micro',
      notify: 'M’avertir des appels quand cette page est en arrière-plan',
    },
    devices: {
      microphone: 'Micro',
      camera: 'Caméra',
      speaker: 'Haut-parleur',
      nth: (kind, n) => `${kind} ${n}`,
    },
    stage: {
      label: (title) => `Appel avec ${title}`,
      you: 'Vous',
      controls: 'Commandes de l’appel',
      mute: 'Couper le micro',
      unmute: 'Activer le micro',
      cameraOn: 'Activer la caméra',
      cameraOff: 'Couper la caméra',
      switchCamera: 'Utiliser l’autre caméra',
      share: 'Partager votre écran',
      stopSharing: 'Arrêter le partage d’écran',
      devices: 'Périphériques',
      leave: 'Quitter l’appel',
      grid: 'Afficher tout le monde à la même taille',
      speaker: 'Afficher la personne qui parle',
      pictureInPicture: 'Afficher l’image dans sa propre fenêtre',
      pictureBack: 'Remettre l’image dans l’appel',
      larger: 'Utiliser tout le chat pour l’appel',
      smaller: 'Afficher aussi les messages',
      fold: 'Réduire l’appel',
      unfold: 'Afficher l’appel',
      ownPicture: 'Votre image. Déplacez-la avec les flèches.',
      muted: 'micro coupé',
      sharing: 'partage son écran',
      quality: ['Pas de connexion', 'Mauvaise connexion', 'Connexion moyenne', 'Bonne connexion'],
      paused: 'Pas de vidéo tant que la connexion est mauvaise',
      listen: 'Activer le son',
      listenWhy: 'Le navigateur garde cette page muette jusqu’à un clic.',
      dismiss: 'Masquer',
    },
    person: {
      ringing: 'Ça sonne…',
      connecting: 'Connexion…',
      reconnecting: 'Reconnexion…',
    },
    state: {
      outgoing: 'Appel en cours…',
      connecting: 'Connexion…',
      connected: 'En communication',
      alone: 'En attente des autres…',
      reconnecting: 'Reconnexion…',
      elsewhere: 'Vous êtes en appel dans un autre onglet ou sur un autre appareil.',
      rejoin: 'Vous étiez dans cet appel avant le rechargement de la page.',
      moveHere: 'Déplacer ici',
      comeBack: 'Revenir',
      open: (title) => `Retour à l’appel avec ${title}`,
      joined: (name) => `${name} a rejoint l’appel.`,
      left: (name) => `${name} a quitté l’appel.`,
      shares: (name) => `${name} partage son écran.`,
      speaking: (name) => `${name} parle`,
    },
    ended: {
      completed: 'L’appel est terminé.',
      missed: 'Pas de réponse.',
      missedOwn: 'Appel manqué.',
      declined: (name) => `${name} a refusé l’appel.`,
      declinedGroup: 'Tout le monde a refusé l’appel.',
      declinedOwn: 'Vous avez refusé l’appel.',
      cancelled: 'Appel annulé.',
      busy: (name) => `${name} est dans un autre appel.`,
      failed: 'L’appel n’a pas pu s’établir. Vérifiez la connexion et réessayez.',
      left: 'Vous avez quitté l’appel. Les autres y sont encore.',
      moved: 'L’appel continue dans un autre onglet ou sur un autre appareil.',
      full: 'L’appel est complet. Personne d’autre ne peut le rejoindre pour l’instant.',
      unavailable: 'L’appel n’a pas fonctionné. Réessayez dans un instant.',
      again: 'Rappeler',
      rejoin: 'Revenir',
      dismiss: 'Masquer',
    },
    problem: {
      noMicrophone: 'Les autres ne vous entendent pas.',
      denied: {
        chromium: (device) =>
          `${blocked[device]} pour cette page. Autorisez l’accès avec l’icône à gauche de l’adresse, puis réessayez.`,
        firefox: (device) =>
          `${blocked[device]} pour cette page. Autorisez l’accès avec l’icône barrée près de l’adresse, puis réessayez.`,
        safari: (device) =>
          `${blocked[device]} pour cette page. Autorisez l’accès dans les réglages du site web, dans le menu près de l’adresse.`,
      },
      screenDenied:
        'L’écran n’est pas partagé. Si rien ne s’est affiché, autorisez dans le système le navigateur à enregistrer l’écran.',
      missing: (device) => `${none[device]}. Branchez l’appareil et réessayez.`,
      'in-use': (device) => `Un autre programme utilise ${the[device]}. Fermez-le et réessayez.`,
      blocked: (device) =>
        `Cette page empêche le chat d’utiliser ${the[device]}. La personne qui la gère peut l’autoriser (allow="${device === 'screen' ? 'display-capture' : device}").`,
      insecure: 'Caméras et micros ne fonctionnent que sur des pages sécurisées (https).',
      failed: (device) => `Impossible de démarrer ${the[device]}. Réessayez.`,
    },
    entry: {
      text: ({ kind, outcome, durationMs }, own) => {
        const what = kind === 'video' ? 'Appel vidéo' : 'Appel';
        if (outcome === 'completed') return `${what}, ${duration(durationMs)}`;
        if (outcome === 'failed') return `${what}, échec de la connexion`;
        if (outcome === 'declined') return `${what}, refusé`;
        if (!own) return `${what} manqué`;
        return `${what}, ${{ missed: 'pas de réponse', cancelled: 'annulé', busy: 'occupé' }[outcome]}`;
      },
      callBack: 'Rappeler',
      again: 'Rappeler',
    },
    launcher: {
      ringing: (name) => `${name} vous appelle`,
      inCall: 'Vous êtes en appel',
    },
  },
};
