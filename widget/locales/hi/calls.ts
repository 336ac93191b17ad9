import { counter, lasting } from '../count.ts';
import type { enCalls } from '../en-calls.ts';
import type { Phrase } from '../strings.ts';

const count = counter('hi');
const duration = lasting('hi');

const names = { microphone: 'माइक्रोफ़ोन', camera: 'कैमरा', screen: 'स्क्रीन' };

/** Hindi for calls. */
export const calls: Phrase<typeof enCalls> = {
  calls: {
    audioCall: 'वॉइस कॉल',
    videoCall: 'वीडियो कॉल',
    hold: 'पहले कैमरा और माइक्रोफ़ोन जाँचने के लिए दबाए रखें',
    join: 'शामिल हों',
    joinCall: (n) => count(n, { one: 'कॉल में शामिल हों, # व्यक्ति है', other: 'कॉल में शामिल हों, # लोग हैं' }),
    busyHere: 'आप दूसरी कॉल में हैं।',
    incoming: {
      audio: 'आपको कॉल कर रहे हैं',
      video: 'आपको वीडियो कॉल कर रहे हैं',
      inGroup: (title) => `${title} में`,
      accept: 'स्वीकार करें',
      acceptVideo: 'वीडियो के साथ स्वीकार करें',
      acceptAudio: 'बिना वीडियो स्वीकार करें',
      decline: 'अस्वीकार करें',
      check: 'पहले कैमरा और माइक्रोफ़ोन जाँचें',
    },
    setup: {
      title: (name) => `${name} को कॉल करें`,
      joinTitle: (name) => `${name} के साथ कॉल में शामिल हों`,
      start: 'कॉल करें',
      startVideo: 'वीडियो कॉल करें',
      join: 'शामिल हों',
      starting: 'कॉल की जा रही है…',
      cancel: 'रद्द करें',
      preview: 'आपका कैमरा',
      waiting: 'कैमरे और माइक्रोफ़ोन का इंतज़ार…',
      cameraOff: 'कैमरा बंद',
      level: 'माइक्रोफ़ोन का स्तर',
      notify: 'पेज पीछे होने पर भी कॉल की सूचना दें',
    },
    devices: {
      microphone: 'माइक्रोफ़ोन',
      camera: 'कैमरा',
      speaker: 'स्पीकर',
      nth: (kind, n) => `${kind} ${n}`,
    },
    stage: {
      label: (title) => `${title} के साथ कॉल`,
      you: 'आप',
      controls: 'कॉल के नियंत्रण',
      mute: 'माइक्रोफ़ोन बंद करें',
      unmute: 'माइक्रोफ़ोन चालू करें',
      cameraOn: 'कैमरा चालू करें',
      cameraOff: 'कैमरा बंद करें',
      switchCamera: 'दूसरा कैमरा इस्तेमाल करें',
      share: 'स्क्रीन शेयर करें',
      stopSharing: 'स्क्रीन शेयर करना बंद करें',
      devices: 'डिवाइस',
      leave: 'कॉल छोड़ें',
      grid: 'सबको एक ही आकार में दिखाएँ',
      speaker: 'जो बोल रहे हैं, उन्हें दिखाएँ',
      pictureInPicture: 'तस्वीर अलग विंडो में दिखाएँ',
      pictureBack: 'तस्वीर कॉल में वापस लाएँ',
      larger: 'पूरी चैट में कॉल दिखाएँ',
      smaller: 'संदेश भी दिखाएँ',
      fold: 'कॉल समेटें',
      unfold: 'कॉल दिखाएँ',
      ownPicture: 'आपकी तस्वीर। तीर वाले बटनों से खिसकाएँ।',
      muted: 'माइक्रोफ़ोन बंद',
      sharing: 'स्क्रीन दिखा रहे हैं',
      quality: ['कनेक्शन नहीं', 'कमज़ोर कनेक्शन', 'ठीक-ठाक कनेक्शन', 'अच्छा कनेक्शन'],
      paused: 'कनेक्शन कमज़ोर रहने तक वीडियो बंद है',
      listen: 'आवाज़ चालू करें',
      listenWhy: 'आपके क्लिक करने तक ब्राउज़र इस पेज को चुप रखता है।',
      dismiss: 'छिपाएँ',
    },
    person: {
      ringing: 'घंटी बज रही है…',
      connecting: 'कनेक्ट हो रहा है…',
      reconnecting: 'फिर से कनेक्ट हो रहा है…',
    },
    state: {
      outgoing: 'कॉल की जा रही है…',
      connecting: 'कनेक्ट हो रहा है…',
      connected: 'कॉल में',
      alone: 'दूसरों का इंतज़ार…',
      reconnecting: 'फिर से कनेक्ट हो रहा है…',
      elsewhere: 'आप दूसरे टैब या डिवाइस पर कॉल में हैं।',
      rejoin: 'पेज फिर से लोड होने से पहले आप इस कॉल में थे।',
      moveHere: 'यहाँ लाएँ',
      comeBack: 'फिर शामिल हों',
      open: (title) => `${title} के साथ कॉल पर वापस`,
      joined: (name) => `${name} शामिल हुए।`,
      left: (name) => `${name} चले गए।`,
      shares: (name) => `${name} स्क्रीन दिखा रहे हैं।`,
      speaking: (name) => `${name} बोल रहे हैं`,
    },
    ended: {
      completed: 'कॉल समाप्त हो गई।',
      missed: 'कोई जवाब नहीं।',
      missedOwn: 'मिस्ड कॉल।',
      declined: (name) => `${name} ने अस्वीकार किया।`,
      declinedGroup: 'सबने अस्वीकार किया।',
      declinedOwn: 'आपने कॉल अस्वीकार की।',
      cancelled: 'कॉल रद्द हुई।',
      busy: (name) => `${name} दूसरी कॉल में हैं।`,
      failed: 'कॉल कनेक्ट नहीं हो सकी। कनेक्शन जाँचें और फिर कोशिश करें।',
      left: 'आपने कॉल छोड़ दी। बाकी लोग अब भी उसमें हैं।',
      moved: 'कॉल दूसरे टैब या डिवाइस पर जारी है।',
      full: 'कॉल भरी हुई है। अभी और कोई शामिल नहीं हो सकता।',
      unavailable: 'कॉल नहीं हो पाई। थोड़ी देर में फिर कोशिश करें।',
      again: 'फिर कॉल करें',
      rejoin: 'फिर शामिल हों',
      dismiss: 'छिपाएँ',
    },
    problem: {
      noMicrophone: 'दूसरे आपको सुन नहीं सकते।',
      denied: {
        chromium: (device) => `इस पेज के लिए ${names[device]} ब्लॉक है। पते के बाईं ओर के आइकन से अनुमति दें, फिर कोशिश करें।`,
        firefox: (device) => `इस पेज के लिए ${names[device]} ब्लॉक है। पते के पास कटे हुए आइकन से अनुमति दें, फिर कोशिश करें।`,
        safari: (device) => `इस पेज के लिए ${names[device]} ब्लॉक है। पते के पास के मेनू में वेबसाइट सेटिंग से अनुमति दें।`,
      },
      screenDenied: 'स्क्रीन शेयर नहीं हो रही। अगर कुछ नहीं पूछा गया, तो सिस्टम में ब्राउज़र को स्क्रीन रिकॉर्ड करने दें।',
      missing: (device) => `${names[device]} नहीं मिला। डिवाइस जोड़ें और फिर कोशिश करें।`,
      'in-use': (device) => `${names[device]} किसी दूसरे प्रोग्राम में इस्तेमाल हो रहा है। वहाँ बंद करें और फिर कोशिश करें।`,
      blocked: (device) =>
        `यह पेज चैट को ${names[device]} इस्तेमाल नहीं करने देता। पेज चलाने वाले इसकी अनुमति दे सकते हैं (allow="${device === 'screen' ? 'display-capture' : device}")।`,
      insecure: 'कैमरा और माइक्रोफ़ोन सिर्फ़ सुरक्षित पेज (https) पर चलते हैं।',
      failed: (device) => `${names[device]} शुरू नहीं हुआ। फिर कोशिश करें।`,
    },
    entry: {
      text: ({ kind, outcome, durationMs }, own) => {
        const what = kind === 'video' ? 'वीडियो कॉल' : 'वॉइस कॉल';
        if (outcome === 'completed') return `${what}, ${duration(durationMs)}`;
        if (outcome === 'failed') return `${what}, कनेक्ट नहीं हुई`;
        if (outcome === 'declined') return `${what}, अस्वीकार`;
        if (!own) return `मिस्ड ${what}`;
        return `${what}, ${{ missed: 'कोई जवाब नहीं', cancelled: 'रद्द', busy: 'व्यस्त' }[outcome]}`;
      },
      callBack: 'वापस कॉल करें',
      again: 'फिर कॉल करें',
    },
    launcher: {
      ringing: (name) => `${name} कॉल कर रहे हैं`,
      inCall: 'आप कॉल में हैं',
    },
  },
};
