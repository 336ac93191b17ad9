import type { enNotices } from '../en-notices.ts';
import type { Phrase } from '../strings.ts';

/** Portuguese for what is said of the line to the server. */
export const notices: Phrase<typeof enNotices> = {
  notices: {
    dismiss: 'Ocultar',
    offline: 'Você está off-line. As mensagens saem quando a conexão voltar.',
    connecting: 'Conectando…',
    waiting: (seconds) => `Não foi possível falar com o chat. Nova tentativa em ${seconds}\u00a0s.`,
    unreachable: 'Não foi possível falar com o chat. Nova tentativa em breve.',
    tryNow: 'Tentar agora',
    connected: 'Conectado de novo.',
    memoryOnly:
      'Este navegador não consegue guardar mensagens não enviadas. Deixe a página aberta até que sejam enviadas.',
    unauthorized: 'Sua sessão não está mais aberta. Entre de novo para continuar.',
    sessionRevoked: 'Esta sessão foi encerrada. Entre de novo para continuar.',
    siteDisabled: 'O chat está desligado neste site.',
    unsupportedVersion: 'O chat foi atualizado. Recarregue a página para continuar.',
    protocolError: 'Algo deu errado entre esta página e o chat. Recarregue a página.',
    reload: 'Recarregar',
  },
};
