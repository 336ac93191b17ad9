import type { enNotices } from '../en-notices.ts';
import type { Phrase } from '../strings.ts';

/** Korean for what is said of the line to the server. */
export const notices: Phrase<typeof enNotices> = {
  notices: {
    dismiss: '닫기',
    offline: '오프라인이에요. 다시 온라인이 되면 메시지를 보내요.',
    connecting: '연결하는 중…',
    waiting: (seconds) => `채팅에 연결할 수 없어요. ${seconds}\u00a0초 후 다시 시도해요.`,
    unreachable: '채팅에 연결할 수 없어요. 곧 다시 시도해요.',
    tryNow: '지금 시도',
    connected: '다시 연결되었어요.',
    memoryOnly: '이 브라우저는 보내지 않은 메시지를 저장할 수 없어요. 다 보낼 때까지 페이지를 열어 두세요.',
    unauthorized: '로그인 상태가 아니에요. 계속하려면 다시 로그인하세요.',
    sessionRevoked: '이 세션이 종료되었어요. 계속하려면 다시 로그인하세요.',
    siteDisabled: '이 사이트에서는 채팅이 꺼져 있어요.',
    unsupportedVersion: '채팅이 업데이트되었어요. 계속하려면 페이지를 새로고침하세요.',
    protocolError: '페이지와 채팅 사이에 문제가 생겼어요. 페이지를 새로고침하세요.',
    reload: '새로고침',
  },
};
