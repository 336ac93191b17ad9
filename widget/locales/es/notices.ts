import type { enNotices } from '../en-notices.ts';
import type { Phrase } from '../strings.ts';

/** Spanish for what is said of the line to the server. */
export const notices: Phrase<typeof enNotices> = {
  notices: {
    dismiss: 'Ocultar',
    offline: 'Estás sin conexión. Los mensajes saldrán cuando vuelvas.',
    connecting: 'Conectando…',
    waiting: (seconds) => `No se puede conectar con el chat. Nuevo intento en ${seconds}\u00a0s.`,
    unreachable: 'No se puede conectar con el chat. Se volverá a intentar pronto.',
    tryNow: 'Intentar ahora',
    connected: 'Hay conexión de nuevo.',
    memoryOnly: 'Este navegador no puede guardar los mensajes sin enviar. Deja la página abierta hasta que se envíen.',
    unauthorized: 'Tu sesión ya no está abierta. Vuelve a iniciar sesión para continuar.',
    sessionRevoked: 'Esta sesión se cerró. Vuelve a iniciar sesión para continuar.',
    siteDisabled: 'El chat está desactivado en este sitio.',
    unsupportedVersion: 'El chat se actualizó. Recarga la página para continuar.',
    protocolError: 'Algo salió mal entre esta página y el chat. Recarga la página.',
    reload: 'Recargar',
  },
};
