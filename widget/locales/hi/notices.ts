import type { enNotices } from '../en-notices.ts';
import type { Phrase } from '../strings.ts';

/** Hindi for what is said of the line to the server. */
export const notices: Phrase<typeof enNotices> = {
  notices: {
    dismiss: 'छिपाएँ',
    offline: 'आप ऑफ़लाइन हैं। कनेक्शन लौटने पर संदेश चले जाएँगे।',
    connecting: 'कनेक्ट हो रहा है…',
    waiting: (seconds) => `चैट से संपर्क नहीं हो रहा। ${seconds}\u00a0सेकंड में फिर कोशिश होगी।`,
    unreachable: 'चैट से संपर्क नहीं हो रहा। जल्द ही फिर कोशिश होगी।',
    tryNow: 'अभी कोशिश करें',
    connected: 'फिर से कनेक्ट हो गया।',
    memoryOnly: 'यह ब्राउज़र न भेजे गए संदेश नहीं रख सकता। उनके भेजे जाने तक पेज खुला रखें।',
    unauthorized: 'आप अब साइन इन नहीं हैं। जारी रखने के लिए फिर से साइन इन करें।',
    sessionRevoked: 'यह सत्र बंद कर दिया गया। जारी रखने के लिए फिर से साइन इन करें।',
    siteDisabled: 'इस साइट पर चैट बंद है।',
    unsupportedVersion: 'चैट अपडेट हो गई है। जारी रखने के लिए पेज फिर से लोड करें।',
    protocolError: 'इस पेज और चैट के बीच कुछ गड़बड़ हो गई। पेज फिर से लोड करें।',
    reload: 'फिर से लोड करें',
  },
};
