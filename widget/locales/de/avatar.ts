import type { enAvatar } from '../en-avatar.ts';
import type { Phrase } from '../strings.ts';

/** German for choosing one's own picture, or a group's. */
export const avatar: Phrase<typeof enAvatar> = {
  mine: 'Ihr Bild',
  group: 'Bild der Gruppe',
  add: 'Bild hinzufügen',
  change: 'Bild ändern',
  drop: 'Legen Sie ein Bild hier ab oder',
  choose: 'Bild auswählen',
  chooseOther: 'Anderes auswählen',
  opening: 'Bild wird geöffnet …',
  stage: 'Sichtbarer Ausschnitt des Bildes',
  stageKeys: 'Die Pfeiltasten verschieben das Bild, Plus und Minus zoomen.',
  hint: 'Ziehen zum Verschieben, scrollen oder mit zwei Fingern zoomen.',
  zoom: 'Zoom',
  zoomIn: 'Vergrößern',
  zoomOut: 'Verkleinern',
  at: (zoom, left, top) => `Zoom ${zoom}, Mitte bei ${left} von links und ${top} von oben.`,
  save: 'Speichern',
  saving: 'Wird gespeichert …',
  saved: 'Das Bild ist gespeichert.',
  remove: 'Bild entfernen',
  removing: 'Wird entfernt …',
  removed: 'Das Bild ist entfernt.',
  cancel: 'Abbrechen',
  unreadable: 'Das lässt sich hier nicht als Bild öffnen. Versuchen Sie es mit JPEG, PNG oder WebP.',
  tooLarge: 'Dieses Bild hat zu viele Pixel. Versuchen Sie es mit einer kleineren Kopie.',
  notMade: 'Dieser Browser konnte das Bild nicht erstellen.',
  rejected: 'Der Chat kann dieses Bild nicht verwenden. Versuchen Sie es mit einem anderen.',
};
