import type { enAvatar } from '../en-avatar.ts';
import type { Phrase } from '../strings.ts';

/** Chinese for choosing one's own picture, or a group's. */
export const avatar: Phrase<typeof enAvatar> = {
  mine: '你的头像',
  group: '群组头像',
  add: '添加头像',
  change: '更换头像',
  drop: '将图片拖到这里，或',
  choose: '选择图片',
  chooseOther: '选择其他图片',
  opening: '正在打开图片…',
  stage: '图片的显示部分',
  stageKeys: '方向键移动图片，加减键缩放。',
  hint: '拖动可移动，滚动或双指捏合可缩放。',
  zoom: '缩放',
  zoomIn: '放大',
  zoomOut: '缩小',
  at: (zoom, left, top) => `缩放 ${zoom}，中心距左 ${left}、距上 ${top}。`,
  save: '保存',
  saving: '正在保存…',
  saved: '头像已保存。',
  remove: '移除头像',
  removing: '正在移除…',
  removed: '头像已移除。',
  cancel: '取消',
  unreadable: '无法将其作为图片打开。请试试 JPEG、PNG 或 WebP。',
  tooLarge: '该图片像素过多。请试试较小的副本。',
  notMade: '此浏览器无法生成头像。',
  rejected: '聊天无法使用该图片。请换一张。',
};
