import type { enAvatar } from '../en-avatar.ts';
import type { Phrase } from '../strings.ts';

/** French for choosing one's own picture, or a group's. */
export const avatar: Phrase<typeof enAvatar> = {
  mine: 'Votre photo',
  group: 'Photo du groupe',
  add: 'Ajouter une photo',
  change: 'Changer la photo',
  drop: 'Déposez une photo ici, ou',
  choose: 'Choisir une photo',
  chooseOther: 'En choisir une autre',
  opening: 'Ouverture de la photo…',
  stage: 'Partie visible de la photo',
  stageKeys: 'Les flèches déplacent la photo, plus et moins zooment.',
  hint: 'Faites glisser pour déplacer, défilez ou pincez pour zoomer.',
  zoom: 'Agrandissement',
  zoomIn: 'Agrandir',
  zoomOut: 'Réduire',
  at: (zoom, left, top) => `Agrandissement ${zoom}, centre à ${left} de la gauche et ${top} du haut.`,
  save: 'Enregistrer',
  saving: 'Enregistrement…',
  saved: 'La photo est enregistrée.',
  remove: 'Retirer la photo',
  removing: 'Retrait…',
  removed: 'La photo est retirée.',
  cancel: 'Annuler',
  unreadable: 'Impossible d’ouvrir cela comme photo ici. Essayez en JPEG, PNG ou WebP.',
  tooLarge: 'Cette photo a trop de pixels. Essayez une copie plus petite.',
  notMade: 'Ce navigateur n’a pas pu créer la photo.',
  rejected: 'Le chat ne peut pas utiliser cette photo. Essayez-en une autre.',
};
