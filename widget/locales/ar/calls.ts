import { counter, lasting } from '../count.ts';
import type { enCalls } from '../en-calls.ts';
import type { Phrase } from '../strings.ts';

const count = counter('ar');
const duration = lasting('ar');

const the = { microphone: 'الميكروفون', camera: 'الكاميرا', screen: 'الشاشة' };
const isBlocked = { microphone: 'الميكروفون محظور', camera: 'الكاميرا محظورة', screen: 'الشاشة محظورة' };
const a = { microphone: 'ميكروفون', camera: 'كاميرا', screen: 'شاشة' };

/** Arabic for calls. */
export const calls: Phrase<typeof enCalls> = {
  calls: {
    audioCall: 'مكالمة صوتية',
    videoCall: 'مكالمة فيديو',
    hold: 'اضغط مطولًا لفحص الكاميرا والميكروفون أولًا',
    join: 'انضمام',
    joinCall: (n) =>
      count(n, {
        zero: 'الانضمام إلى المكالمة',
        one: 'الانضمام إلى المكالمة مع شخص واحد فيها',
        two: 'الانضمام إلى المكالمة مع شخصين فيها',
        few: 'الانضمام إلى المكالمة مع # أشخاص فيها',
        many: 'الانضمام إلى المكالمة مع # شخصًا فيها',
        other: 'الانضمام إلى المكالمة مع # شخص فيها',
      }),
    busyHere: 'أنت في مكالمة أخرى.',
    incoming: {
      audio: 'يتصل بك',
      video: 'يتصل بك بالفيديو',
      inGroup: (title) => `في ${title}`,
      accept: 'قبول',
      acceptVideo: 'قبول مع الفيديو',
      acceptAudio: 'قبول بلا فيديو',
      decline: 'رفض',
      check: 'فحص الكاميرا والميكروفون أولًا',
    },
    setup: {
      title: (name) => `الاتصال بـ ${name}`,
      joinTitle: (name) => `الانضمام إلى المكالمة مع ${name}`,
      start: 'اتصال',
      startVideo: 'اتصال بالفيديو',
      join: 'انضمام',
      starting: 'جارٍ الاتصال…',
      cancel: 'إلغاء',
      preview: 'كاميرتك',
      waiting: 'في انتظار الكاميرا والميكروفون…',
      cameraOff: 'الكاميرا متوقفة',
      level: 'مستوى الميكروفون',
      notify: 'أعلمني بالمكالمات حين تكون هذه الصفحة في الخلفية',
    },
    devices: {
      microphone: 'الميكروفون',
      camera: 'الكاميرا',
      speaker: 'مكبر الصوت',
      nth: (kind, n) => `${kind} ${n}`,
    },
    stage: {
      label: (title) => `مكالمة مع ${title}`,
      you: 'أنت',
      controls: 'أزرار المكالمة',
      mute: 'إيقاف الميكروفون',
      unmute: 'تشغيل الميكروفون',
      cameraOn: 'تشغيل الكاميرا',
      cameraOff: 'إيقاف الكاميرا',
      switchCamera: 'استخدام الكاميرا الأخرى',
      share: 'مشاركة الشاشة',
      stopSharing: 'إيقاف مشاركة الشاشة',
      devices: 'الأجهزة',
      leave: 'مغادرة المكالمة',
      grid: 'عرض الجميع بالحجم نفسه',
      speaker: 'عرض المتحدث',
      pictureInPicture: 'عرض الصورة في نافذة مستقلة',
      pictureBack: 'إعادة الصورة إلى المكالمة',
      larger: 'استخدام الدردشة كلها للمكالمة',
      smaller: 'عرض الرسائل أيضًا',
      fold: 'طي المكالمة',
      unfold: 'عرض المكالمة',
      ownPicture: 'صورتك. حرّكها بمفاتيح الأسهم.',
      muted: 'الميكروفون متوقف',
      sharing: 'يشارك الشاشة',
      quality: ['لا اتصال', 'اتصال ضعيف', 'اتصال متوسط', 'اتصال جيد'],
      paused: 'لا فيديو ما دام الاتصال ضعيفًا',
      listen: 'تشغيل الصوت',
      listenWhy: 'يُبقي المتصفح هذه الصفحة صامتة حتى تنقر.',
      dismiss: 'إخفاء',
    },
    person: {
      ringing: 'يرن…',
      connecting: 'جارٍ الاتصال…',
      reconnecting: 'جارٍ إعادة الاتصال…',
    },
    state: {
      outgoing: 'جارٍ الاتصال…',
      connecting: 'جارٍ الاتصال…',
      connected: 'في المكالمة',
      alone: 'في انتظار الآخرين…',
      reconnecting: 'جارٍ إعادة الاتصال…',
      elsewhere: 'أنت في مكالمة في علامة تبويب أخرى أو على جهاز آخر.',
      rejoin: 'كنت في هذه المكالمة قبل إعادة تحميل الصفحة.',
      moveHere: 'نقل إلى هنا',
      comeBack: 'الانضمام من جديد',
      open: (title) => `العودة إلى المكالمة مع ${title}`,
      joined: (name) => `انضم ${name}.`,
      left: (name) => `غادر ${name}.`,
      shares: (name) => `${name} يشارك الشاشة.`,
      speaking: (name) => `${name} يتحدث`,
    },
    ended: {
      completed: 'انتهت المكالمة.',
      missed: 'لا رد.',
      missedOwn: 'مكالمة فائتة.',
      declined: (name) => `رفض ${name} المكالمة.`,
      declinedGroup: 'رفض الجميع المكالمة.',
      declinedOwn: 'رفضت المكالمة.',
      cancelled: 'أُلغيت المكالمة.',
      busy: (name) => `${name} في مكالمة أخرى.`,
      failed: 'تعذّر إجراء المكالمة. تحقق من الاتصال وأعد المحاولة.',
      left: 'غادرت المكالمة. ما زال الآخرون فيها.',
      moved: 'تستمر المكالمة في علامة تبويب أخرى أو على جهاز آخر.',
      full: 'المكالمة ممتلئة. لا يمكن لأحد آخر الانضمام الآن.',
      unavailable: 'لم تنجح المكالمة. أعد المحاولة بعد لحظة.',
      again: 'الاتصال من جديد',
      rejoin: 'الانضمام من جديد',
      dismiss: 'إخفاء',
    },
    problem: {
      noMicrophone: 'لا يستطيع الآخرون سماعك.',
      denied: {
        chromium: (device) =>
          `${isBlocked[device]} في هذه الصفحة. غيّر ذلك من الأيقونة على يسار العنوان، ثم أعد المحاولة.`,
        firefox: (device) =>
          `${isBlocked[device]} في هذه الصفحة. غيّر ذلك من الأيقونة المشطوبة بجانب العنوان، ثم أعد المحاولة.`,
        safari: (device) => `${isBlocked[device]} في هذه الصفحة. غيّر ذلك في إعدادات الموقع، من القائمة بجانب العنوان.`,
      },
      screenDenied: 'لا تجري مشاركة الشاشة. إن لم يظهر شيء، فاسمح للمتصفح في النظام بتسجيل الشاشة.',
      missing: (device) => `لم يُعثر على ${a[device]}. وصّل الجهاز وأعد المحاولة.`,
      'in-use': (device) => `يستخدم برنامج آخر ${the[device]}. أغلقه وأعد المحاولة.`,
      blocked: (device) =>
        `تمنع هذه الصفحة الدردشة من استخدام ${the[device]}. يمكن لمن يديرها السماح بذلك (allow="${device === 'screen' ? 'display-capture' : device}").`,
      insecure: 'لا تعمل الكاميرا والميكروفون إلا في الصفحات الآمنة (https).',
      failed: (device) => `تعذّر تشغيل ${the[device]}. أعد المحاولة.`,
    },
    entry: {
      text: ({ kind, outcome, durationMs }, own) => {
        const what = kind === 'video' ? 'مكالمة فيديو' : 'مكالمة';
        if (outcome === 'completed') return `${what}، ${duration(durationMs)}`;
        if (outcome === 'failed') return `${what}، تعذّر الاتصال`;
        if (outcome === 'declined') return `${what}، مرفوضة`;
        if (!own) return `${what} فائتة`;
        return `${what}، ${{ missed: 'لا رد', cancelled: 'أُلغيت', busy: 'مشغول' }[outcome]}`;
      },
      callBack: 'معاودة الاتصال',
      again: 'الاتصال من جديد',
    },
    launcher: {
      ringing: (name) => `${name} يتصل`,
      inCall: 'أنت في مكالمة',
    },
  },
};
