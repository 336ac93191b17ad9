import { counter, lasting } from '../count.ts';
import type { enCalls } from '../en-calls.ts';
import type { Phrase } from '../strings.ts';

const count = counter('ko');
const duration = lasting('ko');

const subject = { microphone: '마이크가', camera: '카메라가', screen: '화면이' };
const object = { microphone: '마이크를', camera: '카메라를', screen: '화면을' };

/** Korean for calls. */
export const calls: Phrase<typeof enCalls> = {
  calls: {
    audioCall: '음성 통화',
    videoCall: '영상 통화',
    hold: '길게 누르면 카메라와 마이크를 먼저 확인해요',
    join: '참여',
    joinCall: (n) => count(n, { other: '#명이 있는 통화에 참여' }),
    busyHere: '다른 통화 중이에요.',
    incoming: {
      audio: '님의 전화',
      video: '님의 영상 통화',
      inGroup: (title) => `${title}에서`,
      accept: '받기',
      acceptVideo: '영상으로 받기',
      acceptAudio: '음성으로 받기',
      decline: '거절',
      check: '카메라와 마이크 먼저 확인',
    },
    setup: {
      title: (name) => `${name} 님에게 전화`,
      joinTitle: (name) => `${name} 통화에 참여`,
      start: '전화 걸기',
      startVideo: '영상 통화 걸기',
      join: '참여',
      starting: '전화 거는 중…',
      cancel: '취소',
      preview: '내 카메라',
      waiting: '카메라와 마이크를 기다리는 중…',
      cameraOff: '카메라 꺼짐',
      level: '마이크 음량',
      notify: '이 페이지가 뒤에 있을 때도 전화 알림 받기',
    },
    devices: {
      microphone: '마이크',
      camera: '카메라',
      speaker: '스피커',
      nth: (kind, n) => `${kind} ${n}`,
    },
    stage: {
      label: (title) => `${title} 통화`,
      you: '나',
      controls: '통화 제어',
      mute: '마이크 끄기',
      unmute: '마이크 켜기',
      cameraOn: '카메라 켜기',
      cameraOff: '카메라 끄기',
      switchCamera: '다른 카메라 사용',
      share: '화면 공유',
      stopSharing: '화면 공유 중지',
      devices: '장치',
      leave: '통화 나가기',
      grid: '모두 같은 크기로 보기',
      speaker: '말하는 사람 보기',
      pictureInPicture: '영상을 별도 창으로 보기',
      pictureBack: '영상을 통화로 되돌리기',
      larger: '채팅 전체를 통화로 사용',
      smaller: '메시지도 보기',
      fold: '통화 접기',
      unfold: '통화 보기',
      ownPicture: '내 영상. 화살표 키로 옮길 수 있어요.',
      muted: '마이크 꺼짐',
      sharing: '화면 공유 중',
      quality: ['연결 없음', '연결 나쁨', '연결 보통', '연결 좋음'],
      paused: '연결이 나빠 영상을 멈췄어요',
      listen: '소리 켜기',
      listenWhy: '클릭하기 전까지 브라우저가 이 페이지의 소리를 꺼 둬요.',
      dismiss: '닫기',
    },
    person: {
      ringing: '벨이 울리는 중…',
      connecting: '연결하는 중…',
      reconnecting: '다시 연결하는 중…',
    },
    state: {
      outgoing: '전화 거는 중…',
      connecting: '연결하는 중…',
      connected: '통화 중',
      alone: '다른 사람을 기다리는 중…',
      reconnecting: '다시 연결하는 중…',
      elsewhere: '다른 탭이나 기기에서 통화 중이에요.',
      rejoin: '페이지를 새로고침하기 전에 이 통화에 있었어요.',
      moveHere: '여기로 옮기기',
      comeBack: '다시 참여',
      open: (title) => `${title} 통화로 돌아가기`,
      joined: (name) => `${name} 님이 참여했어요.`,
      left: (name) => `${name} 님이 나갔어요.`,
      shares: (name) => `${name} 님이 화면을 공유해요.`,
      speaking: (name) => `${name} 님이 말하는 중`,
    },
    ended: {
      completed: '통화가 끝났어요.',
      missed: '응답이 없어요.',
      missedOwn: '부재중 전화.',
      declined: (name) => `${name} 님이 거절했어요.`,
      declinedGroup: '모두 거절했어요.',
      declinedOwn: '전화를 거절했어요.',
      cancelled: '전화를 취소했어요.',
      busy: (name) => `${name} 님은 다른 통화 중이에요.`,
      failed: '통화를 연결하지 못했어요. 연결을 확인하고 다시 시도하세요.',
      left: '통화에서 나왔어요. 다른 사람들은 아직 통화 중이에요.',
      moved: '통화가 다른 탭이나 기기에서 이어지고 있어요.',
      full: '통화 인원이 가득 찼어요. 지금은 참여할 수 없어요.',
      unavailable: '통화가 되지 않았어요. 잠시 후 다시 시도하세요.',
      again: '다시 걸기',
      rejoin: '다시 참여',
      dismiss: '닫기',
    },
    problem: {
      noMicrophone: '다른 사람에게 내 목소리가 들리지 않아요.',
      denied: {
        chromium: (device) =>
          `이 페이지에서 ${subject[device]} 차단되어 있어요. 주소 왼쪽 아이콘에서 허용하고 다시 시도하세요.`,
        firefox: (device) =>
          `이 페이지에서 ${subject[device]} 차단되어 있어요. 주소 옆의 줄이 그어진 아이콘에서 허용하고 다시 시도하세요.`,
        safari: (device) =>
          `이 페이지에서 ${subject[device]} 차단되어 있어요. 주소 옆 메뉴의 웹 사이트 설정에서 허용하세요.`,
      },
      screenDenied: '화면이 공유되지 않았어요. 아무것도 뜨지 않았다면 시스템에서 브라우저의 화면 녹화를 허용하세요.',
      missing: (device) => `${object[device]} 찾지 못했어요. 연결하고 다시 시도하세요.`,
      'in-use': (device) => `다른 프로그램이 ${object[device]} 사용하고 있어요. 그 프로그램을 닫고 다시 시도하세요.`,
      blocked: (device) =>
        `이 페이지에서는 채팅이 ${object[device]} 쓸 수 없어요. 페이지 운영자가 허용할 수 있어요(allow="${device === 'screen' ? 'display-capture' : device}").`,
      insecure: '카메라와 마이크는 보안 페이지(https)에서만 쓸 수 있어요.',
      failed: (device) => `${object[device]} 시작하지 못했어요. 다시 시도하세요.`,
    },
    entry: {
      text: ({ kind, outcome, durationMs }, own) => {
        const what = kind === 'video' ? '영상 통화' : '통화';
        if (outcome === 'completed') return `${what}, ${duration(durationMs)}`;
        if (outcome === 'failed') return `${what}, 연결 실패`;
        if (outcome === 'declined') return `${what}, 거절됨`;
        if (!own) return `부재중 ${what}`;
        return `${what}, ${{ missed: '응답 없음', cancelled: '취소됨', busy: '통화 중' }[outcome]}`;
      },
      callBack: '다시 전화하기',
      again: '다시 걸기',
    },
    launcher: {
      ringing: (name) => `${name} 님의 전화`,
      inCall: '통화 중이에요',
    },
  },
};
