import type { enAvatar } from '../en-avatar.ts';
import type { Phrase } from '../strings.ts';

/** Japanese for choosing one's own picture, or a group's. */
export const avatar: Phrase<typeof enAvatar> = {
  mine: 'プロフィール写真',
  group: 'グループの写真',
  add: '写真を追加',
  change: '写真を変更',
  drop: 'ここに写真をドロップするか、',
  choose: '写真を選ぶ',
  chooseOther: '別の写真を選ぶ',
  opening: '写真を開いています…',
  stage: '写真の表示範囲',
  stageKeys: '矢印キーで写真を動かし、プラスとマイナスで拡大縮小します。',
  hint: 'ドラッグで移動、スクロールかピンチで拡大縮小。',
  zoom: 'ズーム',
  zoomIn: '拡大',
  zoomOut: '縮小',
  at: (zoom, left, top) => `ズーム ${zoom}、中心は左から ${left}、上から ${top}。`,
  save: '保存',
  saving: '保存しています…',
  saved: '写真を保存しました。',
  remove: '写真を削除',
  removing: '削除しています…',
  removed: '写真を削除しました。',
  cancel: 'キャンセル',
  unreadable: '写真として開けません。JPEG、PNG、WebP をお試しください。',
  tooLarge: 'この写真は画素数が多すぎます。小さいものをお試しください。',
  notMade: 'このブラウザーでは写真を作成できませんでした。',
  rejected: 'その写真は使えません。別の写真をお試しください。',
};
