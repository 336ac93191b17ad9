import { counter } from '../count.ts';
import type { enFiles } from '../en-files.ts';
import type { Phrase } from '../strings.ts';

const count = counter('es');

/** Spanish for files, pictures and sound. */
export const files: Phrase<typeof enFiles> = {
  tray: {
    label: 'Archivos para enviar',
    attach: 'Adjuntar archivos',
    drop: 'Suelta archivos para añadirlos',
    added: (name) => `Se añadió ${name}.`,
    addedMany: (n) =>
      count(n, { one: 'Se añadió # archivo.', many: 'Se añadieron # de archivos.', other: 'Se añadieron # archivos.' }),
    ready: (n) =>
      count(n, {
        one: 'El archivo está listo para enviar.',
        many: 'Los archivos están listos para enviar.',
        other: 'Los archivos están listos para enviar.',
      }),
    failed: (name, why) => `No se subió ${name}. ${why}`,
    removed: (name) => `Se quitó ${name}.`,
    remove: (name) => `Quitar ${name}`,
    retry: (name) => `Reintentar: ${name}`,
    uploading: (name) => `Subiendo ${name}`,
    waiting: 'En espera',
    processing: 'Comprobando…',
    notTaken: 'Archivos que no se añadieron',
    tooLarge: (name, size, limit) => `${name} ocupa ${size}; aquí el límite es ${limit}.`,
    empty: (name) => `${name} está vacío.`,
    wrongType: (name) => `Aquí no se pueden enviar archivos como ${name}.`,
    tooMany: (limit) =>
      count(limit, {
        one: 'Aquí un mensaje admite # archivo.',
        many: 'Aquí un mensaje admite hasta # de archivos.',
        other: 'Aquí un mensaje admite hasta # archivos.',
      }),
    off: 'Aquí no se pueden enviar archivos.',
    folder: (name) => `${name} es una carpeta. Añade los archivos que contiene, o un zip con ellos.`,
    others: (n) =>
      count(n, {
        one: 'Otro archivo (#) no se añadió.',
        many: 'Otros # de archivos no se añadieron.',
        other: 'Otros # archivos no se añadieron.',
      }),
  },
  recorder: {
    label: 'Mensaje de voz',
    record: 'Grabar un mensaje de voz',
    starting: 'Esperando el micrófono…',
    recording: 'Grabando',
    cancel: 'Descartar la grabación',
    stop: 'Parar y escuchar',
    send: 'Enviar la grabación',
    slide: 'Desliza para cancelar',
    level: 'Nivel del micrófono',
    elapsed: (time) => `Grabado: ${time}`,
    longest: 'Una grabación no puede durar más aquí. Envíala o descártala.',
    lost: 'El micrófono se desconectó. Aquí está lo grabado hasta entonces.',
    tryAgain: 'Reintentar',
    close: 'Cerrar',
    denied: {
      chromium:
        'El micrófono está bloqueado para esta página. Permite el acceso con el icono a la izquierda de la dirección.',
      firefox:
        'El micrófono está bloqueado para esta página. Permite el acceso con el micrófono tachado junto a la dirección.',
      safari:
        'El micrófono está bloqueado para esta página. Permite el acceso en los ajustes del sitio web, en el menú junto a la dirección.',
    },
    dismissed: 'Para grabar hace falta el micrófono. Inténtalo de nuevo y elige «Permitir».',
    system:
      'Este dispositivo no deja que el navegador use el micrófono. Permítelo en los ajustes de privacidad del sistema.',
    policy:
      'Esta página no permite que el chat use el micrófono. Quien la administra puede permitirlo (allow="microphone").',
    insecure: 'El micrófono solo funciona en páginas seguras (https).',
    missing: 'No se encontró ningún micrófono. Conecta uno e inténtalo de nuevo.',
    busy: 'Otro programa está usando el micrófono. Ciérralo allí e inténtalo de nuevo.',
    unsupported: 'Este navegador no puede grabar sonido.',
    failed: 'La grabación no funcionó. Inténtalo de nuevo.',
    empty: 'No se grabó nada. Inténtalo de nuevo y mantén pulsado un poco más.',
  },
  files: {
    label: 'Archivos',
    image: (name, size) => `Imagen ${name}, ${size}`,
    video: (name, size) => `Vídeo ${name}, ${size}`,
    audio: (name) => `Sonido ${name}`,
    voice: 'Mensaje de voz',
    open: (label) => `Abrir: ${label}`,
    more: (n) => `+${n}`,
    hidden: (n) => count(n, { one: '# más', many: '# más', other: '# más' }),
    animated: 'GIF',
    download: (name) => `Descargar ${name}`,
    cancel: (name) => `Cancelar ${name}`,
    retry: (name) => `Reintentar: ${name}`,
    progress: (name) => `Enviando ${name}`,
    waiting: 'En espera',
    uploading: (done, size) => `${done} de ${size}`,
    processing: 'Comprobando…',
    gone: 'Ya no está disponible',
    broken: 'No se pudo cargar.',
    tryAgain: 'Reintentar',
    unplayable: 'Este navegador no puede reproducirlo.',
    downloadFailed: 'No se pudo descargar. Inténtalo de nuevo.',
    unscanned: 'Sin comprobar si tiene virus',
  },
  lightbox: {
    label: 'Fotos y vídeos',
    close: 'Cerrar',
    previous: 'Anterior',
    next: 'Siguiente',
    zoomIn: 'Ampliar',
    zoomOut: 'Reducir',
    download: 'Descargar',
    position: (at, of) => `${at} de ${of}`,
    at: (day, time) => `${day}, ${time}`,
  },
  player: {
    play: 'Reproducir',
    pause: 'Pausar',
    position: 'Posición',
    at: (elapsed, total) => `${elapsed} de ${total}`,
    speed: (factor) => `Velocidad ${factor}×`,
    factor: (factor) => `${factor}×`,
    failed: 'No se pudo reproducir.',
  },
  shared: {
    kinds: 'Tipos',
    media: 'Multimedia',
    file: 'Archivos',
    audio: 'Sonido',
    loading: 'Cargando…',
    failed: 'No se pudo cargar.',
    tryAgain: 'Reintentar',
    emptyMedia: 'Aquí aparecen las fotos y los vídeos que se comparten en esta conversación.',
    emptyFile: 'Aquí aparecen los archivos que se comparten en esta conversación.',
    emptyAudio: 'Aquí aparecen los mensajes de voz y otros sonidos que se comparten en esta conversación.',
    jump: (name) => `Mostrar el mensaje con ${name}`,
    by: (name, day) => `${name}, ${day}`,
  },
};
