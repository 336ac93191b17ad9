import { counter, lasting } from '../count.ts';
import type { enCalls } from '../en-calls.ts';
import type { Phrase } from '../strings.ts';

const count = counter('es');
const duration = lasting('es');

const the = { microphone: 'el micrófono', camera: 'la cámara', screen: 'la pantalla' };
const blocked = {
  microphone: 'El micrófono está bloqueado',
  camera: 'La cámara está bloqueada',
  screen: 'La pantalla está bloqueada',
};
const none = { microphone: 'ningún micrófono', camera: 'ninguna cámara', screen: 'ninguna pantalla' };

/** Spanish for calls. */
export const calls: Phrase<typeof enCalls> = {
  calls: {
    audioCall: 'Llamada de voz',
    videoCall: 'Videollamada',
    hold: 'Mantén pulsado para revisar antes la cámara y el micrófono',
    join: 'Unirse',
    joinCall: (n) =>
      count(n, {
        one: 'Unirse a la llamada, con # persona',
        many: 'Unirse a la llamada, con # de personas',
        other: 'Unirse a la llamada, con # personas',
      }),
    busyHere: 'Estás en otra llamada.',
    incoming: {
      audio: 'te está llamando',
      video: 'te está haciendo una videollamada',
      inGroup: (title) => `en ${title}`,
      accept: 'Aceptar',
      acceptVideo: 'Aceptar con vídeo',
      acceptAudio: 'Aceptar sin vídeo',
      decline: 'Rechazar',
      check: 'Revisar antes la cámara y el micrófono',
    },
    setup: {
      title: (name) => `Llamar a ${name}`,
      joinTitle: (name) => `Unirse a la llamada con ${name}`,
      start: 'Llamar',
      startVideo: 'Llamar con vídeo',
      join: 'Unirse',
      starting: 'Llamando…',
      cancel: 'Cancelar',
      preview: 'Tu cámara',
      waiting: 'Esperando la cámara y el micrófono…',
      cameraOff: 'Cámara apagada',
      level: 'Nivel del micrófono',
      notify: 'Avisarme de las llamadas cuando esta página esté en segundo plano',
    },
    devices: {
      microphone: 'Micrófono',
      camera: 'Cámara',
      speaker: 'Altavoz',
      nth: (kind, n) => `${kind} ${n}`,
    },
    stage: {
      label: (title) => `Llamada con ${title}`,
      you: 'Tú',
      controls: 'Controles de la llamada',
      mute: 'Apagar el micrófono',
      unmute: 'Encender el micrófono',
      cameraOn: 'Encender la cámara',
      cameraOff: 'Apagar la cámara',
      switchCamera: 'Usar la otra cámara',
      share: 'Compartir tu pantalla',
      stopSharing: 'Dejar de compartir tu pantalla',
      devices: 'Dispositivos',
      leave: 'Salir de la llamada',
      grid: 'Mostrar a todos del mismo tamaño',
      speaker: 'Mostrar a quien habla',
      pictureInPicture: 'Mostrar la imagen en una ventana propia',
      pictureBack: 'Devolver la imagen a la llamada',
      larger: 'Usar todo el chat para la llamada',
      smaller: 'Mostrar también los mensajes',
      fold: 'Plegar la llamada',
      unfold: 'Mostrar la llamada',
      ownPicture: 'Tu imagen. Muévela con las flechas.',
      muted: 'micrófono apagado',
      sharing: 'comparte su pantalla',
      quality: ['Sin conexión', 'Mala conexión', 'Conexión regular', 'Buena conexión'],
      paused: 'Sin vídeo mientras la conexión sea mala',
      listen: 'Activar el sonido',
      listenWhy: 'El navegador mantiene esta página en silencio hasta que hagas clic.',
      dismiss: 'Ocultar',
    },
    person: {
      ringing: 'Sonando…',
      connecting: 'Conectando…',
      reconnecting: 'Reconectando…',
    },
    state: {
      outgoing: 'Llamando…',
      connecting: 'Conectando…',
      connected: 'En la llamada',
      alone: 'Esperando a los demás…',
      reconnecting: 'Reconectando…',
      elsewhere: 'Estás en una llamada en otra pestaña o en otro dispositivo.',
      rejoin: 'Estabas en esta llamada antes de recargar la página.',
      moveHere: 'Traer aquí',
      comeBack: 'Volver a unirse',
      open: (title) => `Volver a la llamada con ${title}`,
      joined: (name) => `${name} se unió.`,
      left: (name) => `${name} salió.`,
      shares: (name) => `${name} comparte su pantalla.`,
      speaking: (name) => `${name} está hablando`,
    },
    ended: {
      completed: 'La llamada terminó.',
      missed: 'Sin respuesta.',
      missedOwn: 'Llamada perdida.',
      declined: (name) => `${name} rechazó la llamada.`,
      declinedGroup: 'Todos rechazaron la llamada.',
      declinedOwn: 'Rechazaste la llamada.',
      cancelled: 'Llamada cancelada.',
      busy: (name) => `${name} está en otra llamada.`,
      failed: 'La llamada no pudo conectarse. Revisa la conexión e inténtalo de nuevo.',
      left: 'Saliste de la llamada. Los demás siguen en ella.',
      moved: 'La llamada sigue en otra pestaña o en otro dispositivo.',
      full: 'La llamada está llena. Ahora mismo no puede unirse nadie más.',
      unavailable: 'La llamada no funcionó. Inténtalo de nuevo en un momento.',
      again: 'Llamar otra vez',
      rejoin: 'Volver a unirse',
      dismiss: 'Ocultar',
    },
    problem: {
      noMicrophone: 'Los demás no pueden oírte.',
      denied: {
        chromium: (device) =>
          `${blocked[device]} para esta página. Permite el acceso con el icono a la izquierda de la dirección e inténtalo de nuevo.`,
        firefox: (device) =>
          `${blocked[device]} para esta página. Permite el acceso con el icono tachado junto a la dirección e inténtalo de nuevo.`,
        safari: (device) =>
          `${blocked[device]} para esta página. Permite el acceso en los ajustes del sitio web, en el menú junto a la dirección.`,
      },
      screenDenied:
        'La pantalla no se está compartiendo. Si no apareció nada, permite en el sistema que el navegador grabe la pantalla.',
      missing: (device) => `No se encontró ${none[device]}. Conecta el dispositivo e inténtalo de nuevo.`,
      'in-use': (device) => `Otro programa está usando ${the[device]}. Ciérralo allí e inténtalo de nuevo.`,
      blocked: (device) =>
        `Esta página no permite que el chat use ${the[device]}. Quien la administra puede permitirlo (allow="${device === 'screen' ? 'display-capture' : device}").`,
      insecure: 'Las cámaras y los micrófonos solo funcionan en páginas seguras (https).',
      failed: (device) => `No se pudo iniciar ${the[device]}. Inténtalo de nuevo.`,
    },
    entry: {
      text: ({ kind, outcome, durationMs }, own) => {
        const what = kind === 'video' ? 'Videollamada' : 'Llamada';
        if (outcome === 'completed') return `${what}, ${duration(durationMs)}`;
        if (outcome === 'failed') return `${what}, sin conexión`;
        if (outcome === 'declined') return `${what}, rechazada`;
        if (!own) return `${what} perdida`;
        return `${what}, ${{ missed: 'sin respuesta', cancelled: 'cancelada', busy: 'ocupado' }[outcome]}`;
      },
      callBack: 'Devolver la llamada',
      again: 'Llamar otra vez',
    },
    launcher: {
      ringing: (name) => `${name} está llamando`,
      inCall: 'Estás en una llamada',
    },
  },
};
