import { counter, lasting } from '../count.ts';
import type { enCalls } from '../en-calls.ts';
import type { Phrase } from '../strings.ts';

const count = counter('de');
const duration = lasting('de');

const the = { microphone: 'Das Mikrofon', camera: 'Die Kamera', screen: 'Der Bildschirm' };
const accusative = { microphone: 'das Mikrofon', camera: 'die Kamera', screen: 'den Bildschirm' };
const none = { microphone: 'Kein Mikrofon', camera: 'Keine Kamera', screen: 'Kein Bildschirm' };

/** German for calls. */
export const calls: Phrase<typeof enCalls> = {
  calls: {
    audioCall: 'Audioanruf',
    videoCall: 'Videoanruf',
    hold: 'Gedrückt halten, um erst Kamera und Mikrofon zu prüfen',
    join: 'Teilnehmen',
    joinCall: (n) => count(n, { one: 'Am Anruf mit # Person teilnehmen', other: 'Am Anruf mit # Personen teilnehmen' }),
    busyHere: 'Sie sind in einem anderen Anruf.',
    incoming: {
      audio: 'ruft Sie an',
      video: 'ruft Sie mit Video an',
      inGroup: (title) => `in ${title}`,
      accept: 'Annehmen',
      acceptVideo: 'Mit Video annehmen',
      acceptAudio: 'Ohne Video annehmen',
      decline: 'Ablehnen',
      check: 'Erst Kamera und Mikrofon prüfen',
    },
    setup: {
      title: (name) => `${name} anrufen`,
      joinTitle: (name) => `Am Anruf mit ${name} teilnehmen`,
      start: 'Anrufen',
      startVideo: 'Mit Video anrufen',
      join: 'Teilnehmen',
      starting: 'Anruf läuft …',
      cancel: 'Abbrechen',
      preview: 'Ihre Kamera',
      waiting: 'Warten auf Kamera und Mikrofon …',
      cameraOff: 'Kamera aus',
      level: 'Pegel des Mikrofons',
      notify: 'Anrufe auch melden, wenn diese Seite im Hintergrund ist',
    },
    devices: {
      microphone: 'Mikrofon',
      camera: 'Kamera',
      speaker: 'Lautsprecher',
      nth: (kind, n) => `${kind} ${n}`,
    },
    stage: {
      label: (title) => `Anruf mit ${title}`,
      you: 'Sie',
      controls: 'Steuerung des Anrufs',
      mute: 'Mikrofon ausschalten',
      unmute: 'Mikrofon einschalten',
      cameraOn: 'Kamera einschalten',
      cameraOff: 'Kamera ausschalten',
      switchCamera: 'Andere Kamera verwenden',
      share: 'Bildschirm teilen',
      stopSharing: 'Bildschirm nicht mehr teilen',
      devices: 'Geräte',
      leave: 'Anruf verlassen',
      grid: 'Alle gleich groß zeigen',
      speaker: 'Zeigen, wer spricht',
      pictureInPicture: 'Bild in eigenem Fenster zeigen',
      pictureBack: 'Bild in den Anruf zurückholen',
      larger: 'Den ganzen Chat für den Anruf verwenden',
      smaller: 'Auch Nachrichten zeigen',
      fold: 'Anruf einklappen',
      unfold: 'Anruf zeigen',
      ownPicture: 'Ihr Bild. Die Pfeiltasten verschieben es.',
      muted: 'Mikrofon aus',
      sharing: 'teilt den Bildschirm',
      quality: ['Keine Verbindung', 'Schlechte Verbindung', 'Mäßige Verbindung', 'Gute Verbindung'],
      paused: 'Kein Video, solange die Verbindung schlecht ist',
      listen: 'Ton einschalten',
      listenWhy: 'Bis zu einem Klick lässt der Browser diese Seite stumm.',
      dismiss: 'Ausblenden',
    },
    person: {
      ringing: 'Es klingelt …',
      connecting: 'Wird verbunden …',
      reconnecting: 'Wird neu verbunden …',
    },
    state: {
      outgoing: 'Anruf läuft …',
      connecting: 'Wird verbunden …',
      connected: 'Im Anruf',
      alone: 'Warten auf andere …',
      reconnecting: 'Wird neu verbunden …',
      elsewhere: 'Sie sind in einem Anruf, in einem anderen Tab oder auf einem anderen Gerät.',
      rejoin: 'Sie waren in diesem Anruf, bevor die Seite neu geladen wurde.',
      moveHere: 'Hierher holen',
      comeBack: 'Wieder teilnehmen',
      open: (title) => `Zurück zum Anruf mit ${title}`,
      joined: (name) => `${name} ist jetzt dabei.`,
      left: (name) => `${name} hat den Anruf verlassen.`,
      shares: (name) => `${name} teilt den Bildschirm.`,
      speaking: (name) => `${name} spricht`,
    },
    ended: {
      completed: 'Der Anruf ist beendet.',
      missed: 'Keine Antwort.',
      missedOwn: 'Verpasster Anruf.',
      declined: (name) => `${name} hat abgelehnt.`,
      declinedGroup: 'Alle haben abgelehnt.',
      declinedOwn: 'Sie haben den Anruf abgelehnt.',
      cancelled: 'Anruf abgebrochen.',
      busy: (name) => `${name} ist in einem anderen Anruf.`,
      failed: 'Der Anruf kam nicht zustande. Prüfen Sie die Verbindung und versuchen Sie es erneut.',
      left: 'Sie haben den Anruf verlassen. Die anderen sind noch darin.',
      moved: 'Der Anruf geht in einem anderen Tab oder auf einem anderen Gerät weiter.',
      full: 'Der Anruf ist voll. Zurzeit kann niemand mehr teilnehmen.',
      unavailable: 'Der Anruf hat nicht funktioniert. Versuchen Sie es gleich noch einmal.',
      again: 'Erneut anrufen',
      rejoin: 'Wieder teilnehmen',
      dismiss: 'Ausblenden',
    },
    problem: {
      noMicrophone: 'Die anderen können Sie nicht hören.',
      denied: {
        chromium: (device) =>
          `${the[device]} ist für diese Seite gesperrt. Ändern Sie das über das Symbol links neben der Adresse und versuchen Sie es erneut.`,
        firefox: (device) =>
          `${the[device]} ist für diese Seite gesperrt. Ändern Sie das über das durchgestrichene Symbol neben der Adresse und versuchen Sie es erneut.`,
        safari: (device) =>
          `${the[device]} ist für diese Seite gesperrt. Ändern Sie das in den Website-Einstellungen im Menü neben der Adresse.`,
      },
      screenDenied:
        'Der Bildschirm wird nicht geteilt. Falls keine Frage kam, erlauben Sie dem Browser im System, den Bildschirm aufzunehmen.',
      missing: (device) => `${none[device]} gefunden. Verbinden Sie das Gerät und versuchen Sie es erneut.`,
      'in-use': (device) =>
        `Ein anderes Programm verwendet ${accusative[device]}. Schließen Sie es dort und versuchen Sie es erneut.`,
      blocked: (device) =>
        `Diese Seite erlaubt dem Chat nicht, ${accusative[device]} zu verwenden. Wer sie betreibt, kann das erlauben (allow="${device === 'screen' ? 'display-capture' : device}").`,
      insecure: 'Kamera und Mikrofon funktionieren nur auf sicheren Seiten (https).',
      failed: (device) => `${the[device]} ließ sich nicht starten. Versuchen Sie es erneut.`,
    },
    entry: {
      text: ({ kind, outcome, durationMs }, own) => {
        const what = kind === 'video' ? 'Videoanruf' : 'Anruf';
        if (outcome === 'completed') return `${what}, ${duration(durationMs)}`;
        if (outcome === 'failed') return `${what}, nicht zustande gekommen`;
        if (outcome === 'declined') return `${what}, abgelehnt`;
        if (!own) return `Verpasster ${what}`;
        return `${what}, ${{ missed: 'keine Antwort', cancelled: 'abgebrochen', busy: 'besetzt' }[outcome]}`;
      },
      callBack: 'Zurückrufen',
      again: 'Erneut anrufen',
    },
    launcher: {
      ringing: (name) => `${name} ruft an`,
      inCall: 'Sie sind in einem Anruf',
    },
  },
};
