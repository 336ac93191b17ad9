import type { enAvatar } from '../en-avatar.ts';
import type { Phrase } from '../strings.ts';

/** Portuguese for choosing one's own picture, or a group's. */
export const avatar: Phrase<typeof enAvatar> = {
  mine: 'Sua foto',
  group: 'Foto do grupo',
  add: 'Adicionar uma foto',
  change: 'Trocar a foto',
  drop: 'Solte uma foto aqui, ou',
  choose: 'Escolher uma foto',
  chooseOther: 'Escolher outra',
  opening: 'Abrindo a foto…',
  stage: 'Parte da foto que aparece',
  stageKeys: 'As setas movem a foto; mais e menos mudam o zoom.',
  hint: 'Arraste para mover; role ou faça pinça para ampliar.',
  zoom: 'Zoom',
  zoomIn: 'Ampliar',
  zoomOut: 'Reduzir',
  at: (zoom, left, top) => `Zoom ${zoom}, centro a ${left} da esquerda e ${top} do topo.`,
  save: 'Salvar',
  saving: 'Salvando…',
  saved: 'A foto está salva.',
  remove: 'Remover a foto',
  removing: 'Removendo…',
  removed: 'A foto foi removida.',
  cancel: 'Cancelar',
  unreadable: 'Não dá para abrir isso como foto aqui. Tente JPEG, PNG ou WebP.',
  tooLarge: 'Essa foto tem pixels demais. Tente uma cópia menor.',
  notMade: 'Este navegador não conseguiu criar a foto.',
  rejected: 'O chat não pode usar essa foto. Tente outra.',
};
