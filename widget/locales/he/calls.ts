import { counter, lasting } from '../count.ts';
import type { enCalls } from '../en-calls.ts';
import type { Phrase } from '../strings.ts';

const count = counter('he');
const duration = lasting('he');

const names = { microphone: 'המיקרופון', camera: 'המצלמה', screen: 'המסך' };
const blocked = { microphone: 'המיקרופון חסום', camera: 'המצלמה חסומה', screen: 'המסך חסום' };
const missing = { microphone: 'לא נמצא מיקרופון', camera: 'לא נמצאה מצלמה', screen: 'לא נמצא מסך' };

/** Hebrew for calls. */
export const calls: Phrase<typeof enCalls> = {
  calls: {
    audioCall: 'שיחה קולית',
    videoCall: 'שיחת וידאו',
    hold: 'לחיצה ארוכה כדי לבדוק קודם את המצלמה והמיקרופון',
    join: 'הצטרפות',
    joinCall: (n) =>
      count(n, {
        one: 'הצטרפות לשיחה עם אדם #',
        two: 'הצטרפות לשיחה עם # אנשים',
        other: 'הצטרפות לשיחה עם # אנשים',
      }),
    busyHere: 'אתם בשיחה אחרת.',
    incoming: {
      audio: 'מתקשר/ת אליכם',
      video: 'מתקשר/ת אליכם בווידאו',
      inGroup: (title) => `בקבוצה ${title}`,
      accept: 'מענה',
      acceptVideo: 'מענה עם וידאו',
      acceptAudio: 'מענה בלי וידאו',
      decline: 'דחייה',
      check: 'לבדוק קודם את המצלמה והמיקרופון',
    },
    setup: {
      title: (name) => `שיחה אל ${name}`,
      joinTitle: (name) => `הצטרפות לשיחה עם ${name}`,
      start: 'התקשרות',
      startVideo: 'התקשרות בווידאו',
      join: 'הצטרפות',
      starting: 'מתקשרים…',
      cancel: 'ביטול',
      preview: 'המצלמה שלכם',
      waiting: 'מחכים למצלמה ולמיקרופון…',
      cameraOff: 'המצלמה כבויה',
      level: 'עוצמת המיקרופון',
      notify: 'להודיע על שיחות גם כשהדף הזה ברקע',
    },
    devices: {
      microphone: 'מיקרופון',
      camera: 'מצלמה',
      speaker: 'רמקול',
      nth: (kind, n) => `${kind} ${n}`,
    },
    stage: {
      label: (title) => `שיחה עם ${title}`,
      you: 'אני',
      controls: 'פקדי השיחה',
      mute: 'כיבוי המיקרופון',
      unmute: 'הפעלת המיקרופון',
      cameraOn: 'הפעלת המצלמה',
      cameraOff: 'כיבוי המצלמה',
      switchCamera: 'מעבר למצלמה האחרת',
      share: 'שיתוף המסך',
      stopSharing: 'הפסקת שיתוף המסך',
      devices: 'מכשירים',
      leave: 'עזיבת השיחה',
      grid: 'הצגת כולם באותו גודל',
      speaker: 'הצגת מי שמדבר',
      pictureInPicture: 'הצגת התמונה בחלון נפרד',
      pictureBack: 'החזרת התמונה לשיחה',
      larger: 'כל הצ׳אט לשיחה',
      smaller: 'להציג גם הודעות',
      fold: 'קיפול השיחה',
      unfold: 'הצגת השיחה',
      ownPicture: 'התמונה שלכם. אפשר להזיז אותה בחיצים.',
      muted: 'מיקרופון כבוי',
      sharing: 'משתף/ת מסך',
      quality: ['אין חיבור', 'חיבור חלש', 'חיבור סביר', 'חיבור טוב'],
      paused: 'בלי וידאו כל עוד החיבור חלש',
      listen: 'הפעלת הקול',
      listenWhy: 'הדפדפן משתיק את הדף הזה עד ללחיצה.',
      dismiss: 'הסתרה',
    },
    person: {
      ringing: 'מצלצל…',
      connecting: 'מתחבר…',
      reconnecting: 'מתחבר מחדש…',
    },
    state: {
      outgoing: 'מתקשרים…',
      connecting: 'מתחברים…',
      connected: 'בשיחה',
      alone: 'מחכים לאחרים…',
      reconnecting: 'מתחברים מחדש…',
      elsewhere: 'אתם בשיחה בלשונית אחרת או במכשיר אחר.',
      rejoin: 'הייתם בשיחה הזו לפני שהדף נטען מחדש.',
      moveHere: 'העברה לכאן',
      comeBack: 'הצטרפות מחדש',
      open: (title) => `חזרה לשיחה עם ${title}`,
      joined: (name) => `${name} בשיחה.`,
      left: (name) => `${name} כבר לא בשיחה.`,
      shares: (name) => `${name} משתף/ת מסך.`,
      speaking: (name) => `${name} מדבר/ת`,
    },
    ended: {
      completed: 'השיחה הסתיימה.',
      missed: 'אין מענה.',
      missedOwn: 'שיחה שלא נענתה.',
      declined: (name) => `השיחה נדחתה: ${name}.`,
      declinedGroup: 'כולם דחו את השיחה.',
      declinedOwn: 'דחיתם את השיחה.',
      cancelled: 'השיחה בוטלה.',
      busy: (name) => `${name} בשיחה אחרת.`,
      failed: 'לא ניתן לחבר את השיחה. בדקו את החיבור ונסו שוב.',
      left: 'עזבתם את השיחה. האחרים עדיין בה.',
      moved: 'השיחה נמשכת בלשונית אחרת או במכשיר אחר.',
      full: 'השיחה מלאה. אי אפשר להצטרף כרגע.',
      unavailable: 'השיחה לא הצליחה. נסו שוב עוד רגע.',
      again: 'התקשרות נוספת',
      rejoin: 'הצטרפות מחדש',
      dismiss: 'הסתרה',
    },
    problem: {
      noMicrophone: 'האחרים לא שומעים אתכם.',
      denied: {
        chromium: (device) => `${blocked[device]} בדף הזה. אפשרו גישה בסמל שמשמאל לכתובת ונסו שוב.`,
        firefox: (device) => `${blocked[device]} בדף הזה. אפשרו גישה בסמל המחוק שליד הכתובת ונסו שוב.`,
        safari: (device) => `${blocked[device]} בדף הזה. אפשרו גישה בהגדרות האתר, בתפריט שליד הכתובת.`,
      },
      screenDenied: 'המסך לא משותף. אם לא הופיעה שאלה, אפשרו לדפדפן במערכת להקליט את המסך.',
      missing: (device) => `${missing[device]}. חברו את המכשיר ונסו שוב.`,
      'in-use': (device) => `תוכנה אחרת משתמשת ב: ${names[device]}. סגרו שם ונסו שוב.`,
      blocked: (device) =>
        `הדף הזה לא מאפשר לצ׳אט גישה אל ${names[device]}. מי שמפעיל אותו יכול לאפשר זאת (allow="${device === 'screen' ? 'display-capture' : device}").`,
      insecure: 'מצלמות ומיקרופונים פועלים רק בדפים מאובטחים (https).',
      failed: (device) => `לא ניתן להפעיל את ${names[device]}. נסו שוב.`,
    },
    entry: {
      text: ({ kind, outcome, durationMs }, own) => {
        const what = kind === 'video' ? 'שיחת וידאו' : 'שיחה';
        if (outcome === 'completed') return `${what}, ${duration(durationMs)}`;
        if (outcome === 'failed') return `${what}, לא התחברה`;
        if (outcome === 'declined') return `${what}, נדחתה`;
        if (!own) return `${what} שלא נענתה`;
        return `${what}, ${{ missed: 'אין מענה', cancelled: 'בוטלה', busy: 'תפוס' }[outcome]}`;
      },
      callBack: 'התקשרות חזרה',
      again: 'התקשרות נוספת',
    },
    launcher: {
      ringing: (name) => `${name} מתקשר/ת`,
      inCall: 'אתם בשיחה',
    },
  },
};
