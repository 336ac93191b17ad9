import type { enNotices } from '../en-notices.ts';
import type { Phrase } from '../strings.ts';

/** Hebrew for what is said of the line to the server. */
export const notices: Phrase<typeof enNotices> = {
  notices: {
    dismiss: 'הסתרה',
    offline: 'אין חיבור לרשת. ההודעות יישלחו כשהחיבור יחזור.',
    connecting: 'מתחברים…',
    waiting: (seconds) => `אין גישה לצ׳אט. ניסיון נוסף בעוד ${seconds}\u00a0שנ׳.`,
    unreachable: 'אין גישה לצ׳אט. ניסיון נוסף בקרוב.',
    tryNow: 'ניסיון עכשיו',
    connected: 'החיבור חזר.',
    memoryOnly: 'הדפדפן הזה לא יכול לשמור הודעות שלא נשלחו. השאירו את הדף פתוח עד שיישלחו.',
    unauthorized: 'אתם כבר לא מחוברים. התחברו שוב כדי להמשיך.',
    sessionRevoked: 'החיבור הזה הופסק. התחברו שוב כדי להמשיך.',
    siteDisabled: 'הצ׳אט כבוי באתר הזה.',
    unsupportedVersion: 'הצ׳אט עודכן. טענו את הדף מחדש כדי להמשיך.',
    protocolError: 'משהו השתבש בין הדף הזה לצ׳אט. טענו את הדף מחדש.',
    reload: 'טעינה מחדש',
  },
};
