import type { enAvatar } from '../en-avatar.ts';
import type { Phrase } from '../strings.ts';

/** Korean for choosing one's own picture, or a group's. */
export const avatar: Phrase<typeof enAvatar> = {
  mine: '내 사진',
  group: '그룹 사진',
  add: '사진 추가',
  change: '사진 변경',
  drop: '여기에 사진을 놓거나',
  choose: '사진 선택',
  chooseOther: '다른 사진 선택',
  opening: '사진을 여는 중…',
  stage: '사진에서 보이는 부분',
  stageKeys: '화살표 키로 사진을 옮기고, 더하기와 빼기로 확대하거나 축소해요.',
  hint: '끌어서 옮기고, 스크롤하거나 두 손가락으로 확대하세요.',
  zoom: '확대 비율',
  zoomIn: '확대',
  zoomOut: '축소',
  at: (zoom, left, top) => `확대 ${zoom}, 중심은 왼쪽에서 ${left}, 위에서 ${top}.`,
  save: '저장',
  saving: '저장하는 중…',
  saved: '사진을 저장했어요.',
  remove: '사진 삭제',
  removing: '삭제하는 중…',
  removed: '사진을 삭제했어요.',
  cancel: '취소',
  unreadable: '사진으로 열 수 없어요. JPEG, PNG, WebP를 써 보세요.',
  tooLarge: '사진의 픽셀이 너무 많아요. 더 작은 사진을 써 보세요.',
  notMade: '이 브라우저가 사진을 만들지 못했어요.',
  rejected: '이 사진은 쓸 수 없어요. 다른 사진을 써 보세요.',
};
