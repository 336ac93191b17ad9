import type { enNotices } from '../en-notices.ts';
import type { Phrase } from '../strings.ts';

/** Arabic for what is said of the line to the server. */
export const notices: Phrase<typeof enNotices> = {
  notices: {
    dismiss: 'إخفاء',
    offline: 'أنت غير متصل. تُرسل الرسائل عند عودة الاتصال.',
    connecting: 'جارٍ الاتصال…',
    waiting: (seconds) => `تعذّر الوصول إلى الدردشة. إعادة المحاولة خلال ${seconds}\u00a0ث.`,
    unreachable: 'تعذّر الوصول إلى الدردشة. ستُعاد المحاولة قريبًا.',
    tryNow: 'المحاولة الآن',
    connected: 'عاد الاتصال.',
    memoryOnly: 'لا يستطيع هذا المتصفح حفظ الرسائل غير المرسلة. أبقِ الصفحة مفتوحة حتى تُرسل.',
    unauthorized: 'لم تعد مسجّل الدخول. سجّل الدخول من جديد للمتابعة.',
    sessionRevoked: 'أُنهيت هذه الجلسة. سجّل الدخول من جديد للمتابعة.',
    siteDisabled: 'الدردشة متوقفة في هذا الموقع.',
    unsupportedVersion: 'حُدّثت الدردشة. أعد تحميل الصفحة للمتابعة.',
    protocolError: 'حدث خطأ بين هذه الصفحة والدردشة. أعد تحميل الصفحة.',
    reload: 'إعادة التحميل',
  },
};
