import { counter, lasting } from '../count.ts';
import type { enCalls } from '../en-calls.ts';
import type { Phrase } from '../strings.ts';

const count = counter('pt');
const duration = lasting('pt');

const the = { microphone: 'o microfone', camera: 'a câmera', screen: 'a tela' };
const blocked = {
  microphone: 'O microfone está bloqueado',
  camera: 'A câmera está bloqueada',
  screen: 'A tela está bloqueada',
};
const none = {
  microphone: 'Nenhum microfone encontrado',
  camera: 'Nenhuma câmera encontrada',
  screen: 'Nenhuma tela encontrada',
};

/** Portuguese for calls. */
export const calls: Phrase<typeof enCalls> = {
  calls: {
    audioCall: 'Chamada de voz',
    videoCall: 'Chamada de vídeo',
    hold: 'Segure para verificar antes a câmera e o microfone',
    join: 'Participar',
    joinCall: (n) =>
      count(n, {
        one: 'Participar da chamada, com # pessoa',
        many: 'Participar da chamada, com # de pessoas',
        other: 'Participar da chamada, com # pessoas',
      }),
    busyHere: 'Você está em outra chamada.',
    incoming: {
      audio: 'está ligando para você',
      video: 'está ligando para você com vídeo',
      inGroup: (title) => `em ${title}`,
      accept: 'Atender',
      acceptVideo: 'Atender com vídeo',
      acceptAudio: 'Atender sem vídeo',
      decline: 'Recusar',
      check: 'Verificar antes a câmera e o microfone',
    },
    setup: {
      title: (name) => `Ligar para ${name}`,
      joinTitle: (name) => `Participar da chamada com ${name}`,
      start: 'Ligar',
      startVideo: 'Ligar com vídeo',
      join: 'Participar',
      starting: 'Ligando…',
      cancel: 'Cancelar',
      preview: 'Sua câmera',
      waiting: 'Esperando a câmera e o microfone…',
      cameraOff: 'Câmera desligada',
      level: 'Nível do microfone',
      notify: 'Avisar sobre chamadas quando esta página estiver em segundo plano',
    },
    devices: {
      microphone: 'Microfone',
      camera: 'Câmera',
      speaker: 'Alto-falante',
      nth: (kind, n) => `${kind} ${n}`,
    },
    stage: {
      label: (title) => `Chamada com ${title}`,
      you: 'Você',
      controls: 'Controles da chamada',
      mute: 'Desligar o microfone',
      unmute: 'Ligar o microfone',
      cameraOn: 'Ligar a câmera',
      cameraOff: 'Desligar a câmera',
      switchCamera: 'Usar a outra câmera',
      share: 'Compartilhar sua tela',
      stopSharing: 'Parar de compartilhar sua tela',
      devices: 'Dispositivos',
      leave: 'Sair da chamada',
      grid: 'Mostrar todos do mesmo tamanho',
      speaker: 'Mostrar quem está falando',
      pictureInPicture: 'Mostrar a imagem em uma janela própria',
      pictureBack: 'Devolver a imagem à chamada',
      larger: 'Usar o chat inteiro para a chamada',
      smaller: 'Mostrar também as mensagens',
      fold: 'Recolher a chamada',
      unfold: 'Mostrar a chamada',
      ownPicture: 'Sua imagem. Mova com as setas.',
      muted: 'microfone desligado',
      sharing: 'compartilha a tela',
      quality: ['Sem conexão', 'Conexão ruim', 'Conexão razoável', 'Conexão boa'],
      paused: 'Sem vídeo enquanto a conexão estiver ruim',
      listen: 'Ligar o som',
      listenWhy: 'O navegador mantém esta página em silêncio até você clicar.',
      dismiss: 'Ocultar',
    },
    person: {
      ringing: 'Chamando…',
      connecting: 'Conectando…',
      reconnecting: 'Reconectando…',
    },
    state: {
      outgoing: 'Ligando…',
      connecting: 'Conectando…',
      connected: 'Na chamada',
      alone: 'Esperando os outros…',
      reconnecting: 'Reconectando…',
      elsewhere: 'Você está em uma chamada em outra aba ou em outro aparelho.',
      rejoin: 'Você estava nesta chamada antes de a página recarregar.',
      moveHere: 'Trazer para cá',
      comeBack: 'Voltar à chamada',
      open: (title) => `Voltar à chamada com ${title}`,
      joined: (name) => `${name} entrou.`,
      left: (name) => `${name} saiu.`,
      shares: (name) => `${name} compartilha a tela.`,
      speaking: (name) => `${name} está falando`,
    },
    ended: {
      completed: 'A chamada terminou.',
      missed: 'Sem resposta.',
      missedOwn: 'Chamada perdida.',
      declined: (name) => `${name} recusou.`,
      declinedGroup: 'Todos recusaram.',
      declinedOwn: 'Você recusou a chamada.',
      cancelled: 'Chamada cancelada.',
      busy: (name) => `${name} está em outra chamada.`,
      failed: 'A chamada não conectou. Verifique a conexão e tente de novo.',
      left: 'Você saiu da chamada. Os outros continuam nela.',
      moved: 'A chamada continua em outra aba ou em outro aparelho.',
      full: 'A chamada está cheia. Ninguém mais pode entrar agora.',
      unavailable: 'A chamada não funcionou. Tente de novo daqui a pouco.',
      again: 'Ligar de novo',
      rejoin: 'Voltar à chamada',
      dismiss: 'Ocultar',
    },
    problem: {
      noMicrophone: 'Os outros não conseguem ouvir você.',
      denied: {
        chromium: (device) =>
          `${blocked[device]} para esta página. Permita o acesso no ícone à esquerda do endereço e tente de novo.`,
        firefox: (device) =>
          `${blocked[device]} para esta página. Permita o acesso no ícone riscado ao lado do endereço e tente de novo.`,
        safari: (device) =>
          `${blocked[device]} para esta página. Permita o acesso nos ajustes do site, no menu ao lado do endereço.`,
      },
      screenDenied:
        'A tela não está sendo compartilhada. Se nada apareceu, permita no sistema que o navegador grave a tela.',
      missing: (device) => `${none[device]}. Conecte o dispositivo e tente de novo.`,
      'in-use': (device) => `Outro programa está usando ${the[device]}. Feche-o lá e tente de novo.`,
      blocked: (device) =>
        `Esta página não deixa o chat usar ${the[device]}. Quem cuida dela pode permitir (allow="${device === 'screen' ? 'display-capture' : device}").`,
      insecure: 'Câmeras e microfones só funcionam em páginas seguras (https).',
      failed: (device) => `Não foi possível iniciar ${the[device]}. Tente de novo.`,
    },
    entry: {
      text: ({ kind, outcome, durationMs }, own) => {
        const what = kind === 'video' ? 'Chamada de vídeo' : 'Chamada';
        if (outcome === 'completed') return `${what}, ${duration(durationMs)}`;
        if (outcome === 'failed') return `${what}, não conectou`;
        if (outcome === 'declined') return `${what}, recusada`;
        if (!own) return `${what} perdida`;
        return `${what}, ${{ missed: 'sem resposta', cancelled: 'cancelada', busy: 'ocupado' }[outcome]}`;
      },
      callBack: 'Ligar de volta',
      again: 'Ligar de novo',
    },
    launcher: {
      ringing: (name) => `${name} está ligando`,
      inCall: 'Você está em uma chamada',
    },
  },
};
