import type { enAvatar } from '../en-avatar.ts';
import type { Phrase } from '../strings.ts';

/** Russian for choosing one's own picture, or a group's. */
export const avatar: Phrase<typeof enAvatar> = {
  mine: 'Ваше фото',
  group: 'Фото группы',
  add: 'Добавить фото',
  change: 'Изменить фото',
  drop: 'Перетащите фото сюда или',
  choose: 'Выбрать фото',
  chooseOther: 'Выбрать другое',
  opening: 'Фото открывается…',
  stage: 'Видимая часть фото',
  stageKeys: 'Стрелки двигают фото, плюс и минус меняют масштаб.',
  hint: 'Перетаскивайте, чтобы двигать; прокручивайте или сводите пальцы, чтобы менять масштаб.',
  zoom: 'Масштаб',
  zoomIn: 'Увеличить',
  zoomOut: 'Уменьшить',
  at: (zoom, left, top) => `Масштаб ${zoom}, центр: ${left} слева и ${top} сверху.`,
  save: 'Сохранить',
  saving: 'Сохранение…',
  saved: 'Фото сохранено.',
  remove: 'Удалить фото',
  removing: 'Удаление…',
  removed: 'Фото удалено.',
  cancel: 'Отмена',
  unreadable: 'Это не удаётся открыть как фото. Попробуйте JPEG, PNG или WebP.',
  tooLarge: 'В этом фото слишком много пикселей. Попробуйте копию поменьше.',
  notMade: 'Браузер не смог создать фото.',
  rejected: 'Чат не может использовать это фото. Попробуйте другое.',
};
