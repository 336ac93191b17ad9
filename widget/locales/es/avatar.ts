import type { enAvatar } from '../en-avatar.ts';
import type { Phrase } from '../strings.ts';

/** Spanish for choosing one's own picture, or a group's. */
export const avatar: Phrase<typeof enAvatar> = {
  mine: 'Tu foto',
  group: 'Foto del grupo',
  add: 'Añadir una foto',
  change: 'Cambiar la foto',
  drop: 'Suelta aquí una foto, o',
  choose: 'Elegir una foto',
  chooseOther: 'Elegir otra',
  opening: 'Abriendo la foto…',
  stage: 'Parte de la foto que se ve',
  stageKeys: 'Las flechas mueven la foto; más y menos cambian el zoom.',
  hint: 'Arrastra para mover; desplaza o pellizca para ampliar.',
  zoom: 'Zoom',
  zoomIn: 'Ampliar',
  zoomOut: 'Reducir',
  at: (zoom, left, top) => `Zoom ${zoom}, centro a ${left} de la izquierda y ${top} de arriba.`,
  save: 'Guardar',
  saving: 'Guardando…',
  saved: 'La foto está guardada.',
  remove: 'Quitar la foto',
  removing: 'Quitando…',
  removed: 'La foto se quitó.',
  cancel: 'Cancelar',
  unreadable: 'Aquí no se puede abrir como foto. Prueba con JPEG, PNG o WebP.',
  tooLarge: 'Esa foto tiene demasiados píxeles. Prueba con una copia más pequeña.',
  notMade: 'Este navegador no pudo crear la foto.',
  rejected: 'El chat no puede usar esa foto. Prueba con otra.',
};
