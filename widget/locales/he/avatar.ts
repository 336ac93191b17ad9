import type { enAvatar } from '../en-avatar.ts';
import type { Phrase } from '../strings.ts';

/** Hebrew for choosing one's own picture, or a group's. */
export const avatar: Phrase<typeof enAvatar> = {
  mine: 'התמונה שלכם',
  group: 'תמונת הקבוצה',
  add: 'הוספת תמונה',
  change: 'החלפת התמונה',
  drop: 'גררו לכאן תמונה, או',
  choose: 'בחירת תמונה',
  chooseOther: 'בחירת תמונה אחרת',
  opening: 'התמונה נפתחת…',
  stage: 'החלק של התמונה שיוצג',
  stageKeys: 'החיצים מזיזים את התמונה, פלוס ומינוס משנים את הזום.',
  hint: 'גררו כדי להזיז, גללו או צבטו כדי לשנות את הזום.',
  zoom: 'זום',
  zoomIn: 'הגדלה',
  zoomOut: 'הקטנה',
  at: (zoom, left, top) => `זום ${zoom}, מרכז: ${left} משמאל ו־${top} מלמעלה.`,
  save: 'שמירה',
  saving: 'נשמרת…',
  saved: 'התמונה נשמרה.',
  remove: 'הסרת התמונה',
  removing: 'מוסרת…',
  removed: 'התמונה הוסרה.',
  cancel: 'ביטול',
  unreadable: 'אי אפשר לפתוח את זה כתמונה. נסו JPEG,‏ PNG או WebP.',
  tooLarge: 'בתמונה הזו יותר מדי פיקסלים. נסו עותק קטן יותר.',
  notMade: 'הדפדפן הזה לא הצליח ליצור את התמונה.',
  rejected: 'הצ׳אט לא יכול להשתמש בתמונה הזו. נסו תמונה אחרת.',
};
