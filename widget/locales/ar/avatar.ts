import type { enAvatar } from '../en-avatar.ts';
import type { Phrase } from '../strings.ts';

/** Arabic for choosing one's own picture, or a group's. */
export const avatar: Phrase<typeof enAvatar> = {
  mine: 'صورتك',
  group: 'صورة المجموعة',
  add: 'إضافة صورة',
  change: 'تغيير الصورة',
  drop: 'أفلت صورة هنا، أو',
  choose: 'اختيار صورة',
  chooseOther: 'اختيار غيرها',
  opening: 'جارٍ فتح الصورة…',
  stage: 'الجزء الظاهر من الصورة',
  stageKeys: 'مفاتيح الأسهم تحرّك الصورة، وزائد وناقص للتكبير والتصغير.',
  hint: 'اسحب للتحريك، ومرّر أو قرّب بإصبعين للتكبير.',
  zoom: 'التكبير',
  zoomIn: 'تكبير',
  zoomOut: 'تصغير',
  at: (zoom, left, top) => `التكبير ${zoom}، والوسط على بعد ${left} من اليسار و${top} من الأعلى.`,
  save: 'حفظ',
  saving: 'جارٍ الحفظ…',
  saved: 'حُفظت الصورة.',
  remove: 'إزالة الصورة',
  removing: 'جارٍ الإزالة…',
  removed: 'أُزيلت الصورة.',
  cancel: 'إلغاء',
  unreadable: 'لا يمكن فتح ذلك كصورة هنا. جرّب JPEG أو PNG أو WebP.',
  tooLarge: 'عدد وحدات البكسل في هذه الصورة كبير جدًا. جرّب نسخة أصغر.',
  notMade: 'تعذّر على هذا المتصفح إنشاء الصورة.',
  rejected: 'لا يمكن للدردشة استخدام هذه الصورة. جرّب صورة أخرى.',
};
