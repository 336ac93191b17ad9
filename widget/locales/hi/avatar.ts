import type { enAvatar } from '../en-avatar.ts';
import type { Phrase } from '../strings.ts';

/** Hindi for choosing one's own picture, or a group's. */
export const avatar: Phrase<typeof enAvatar> = {
  mine: 'आपकी फ़ोटो',
  group: 'ग्रुप की फ़ोटो',
  add: 'फ़ोटो जोड़ें',
  change: 'फ़ोटो बदलें',
  drop: 'फ़ोटो यहाँ छोड़ें, या',
  choose: 'फ़ोटो चुनें',
  chooseOther: 'दूसरी चुनें',
  opening: 'फ़ोटो खुल रही है…',
  stage: 'फ़ोटो का दिखने वाला हिस्सा',
  stageKeys: 'तीर वाले बटन फ़ोटो को खिसकाते हैं, प्लस और माइनस ज़ूम करते हैं।',
  hint: 'खिसकाने के लिए खींचें, ज़ूम के लिए स्क्रॉल या पिंच करें।',
  zoom: 'ज़ूम',
  zoomIn: 'बड़ा करें',
  zoomOut: 'छोटा करें',
  at: (zoom, left, top) => `ज़ूम ${zoom}, बीच बाईं ओर से ${left} और ऊपर से ${top} पर।`,
  save: 'सहेजें',
  saving: 'सहेजी जा रही है…',
  saved: 'फ़ोटो सहेजी गई।',
  remove: 'फ़ोटो हटाएँ',
  removing: 'हटाई जा रही है…',
  removed: 'फ़ोटो हटा दी गई।',
  cancel: 'रद्द करें',
  unreadable: 'यह यहाँ फ़ोटो के रूप में नहीं खुल सकता। JPEG, PNG या WebP आज़माएँ।',
  tooLarge: 'उस फ़ोटो में बहुत ज़्यादा पिक्सेल हैं। छोटी कॉपी आज़माएँ।',
  notMade: 'यह ब्राउज़र फ़ोटो नहीं बना सका।',
  rejected: 'चैट वह फ़ोटो इस्तेमाल नहीं कर सकती। दूसरी आज़माएँ।',
};
