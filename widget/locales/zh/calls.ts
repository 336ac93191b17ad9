import { counter, lasting } from '../count.ts';
import type { enCalls } from '../en-calls.ts';
import type { Phrase } from '../strings.ts';

const count = counter('zh');
const duration = lasting('zh');

const names = { microphone: '麦克风', camera: '摄像头', screen: '屏幕' };

/** Chinese for calls. */
export const calls: Phrase<typeof enCalls> = {
  calls: {
    audioCall: '语音通话',
    videoCall: '视频通话',
    hold: '长按可先检查摄像头和麦克风',
    join: '加入',
    joinCall: (n) => count(n, { other: '加入通话，已有 # 人' }),
    busyHere: '你正在另一个通话中。',
    incoming: {
      audio: '邀请你语音通话',
      video: '邀请你视频通话',
      inGroup: (title) => `来自 ${title}`,
      accept: '接听',
      acceptVideo: '视频接听',
      acceptAudio: '语音接听',
      decline: '拒绝',
      check: '先检查摄像头和麦克风',
    },
    setup: {
      title: (name) => `呼叫 ${name}`,
      joinTitle: (name) => `加入与 ${name} 的通话`,
      start: '呼叫',
      startVideo: '视频呼叫',
      join: '加入',
      starting: '正在呼叫…',
      cancel: '取消',
      preview: '你的摄像头',
      waiting: '正在等待摄像头和麦克风…',
      cameraOff: '摄像头已关闭',
      level: '麦克风音量',
      notify: '此页面在后台时也提醒我来电',
    },
    devices: {
      microphone: '麦克风',
      camera: '摄像头',
      speaker: '扬声器',
      nth: (kind, n) => `${kind} ${n}`,
    },
    stage: {
      label: (title) => `与 ${title} 通话`,
      you: '你',
      controls: '通话控制',
      mute: '关闭麦克风',
      unmute: '打开麦克风',
      cameraOn: '打开摄像头',
      cameraOff: '关闭摄像头',
      switchCamera: '切换摄像头',
      share: '共享屏幕',
      stopSharing: '停止共享屏幕',
      devices: '设备',
      leave: '离开通话',
      grid: '以相同大小显示所有人',
      speaker: '突出显示发言者',
      pictureInPicture: '在独立窗口中显示画面',
      pictureBack: '将画面放回通话中',
      larger: '通话占满聊天窗口',
      smaller: '同时显示消息',
      fold: '收起通话',
      unfold: '显示通话',
      ownPicture: '你的画面。可用方向键移动。',
      muted: '麦克风已关闭',
      sharing: '正在共享屏幕',
      quality: ['无连接', '连接较差', '连接一般', '连接良好'],
      paused: '连接较差，暂停视频',
      listen: '打开声音',
      listenWhy: '点击之前，浏览器会让此页面保持静音。',
      dismiss: '关闭提示',
    },
    person: {
      ringing: '正在响铃…',
      connecting: '正在连接…',
      reconnecting: '正在重新连接…',
    },
    state: {
      outgoing: '正在呼叫…',
      connecting: '正在连接…',
      connected: '通话中',
      alone: '正在等待其他人…',
      reconnecting: '正在重新连接…',
      elsewhere: '你正在另一个标签页或设备上通话。',
      rejoin: '页面重新加载前，你在此通话中。',
      moveHere: '移到这里',
      comeBack: '重新加入',
      open: (title) => `返回与 ${title} 的通话`,
      joined: (name) => `${name} 已加入。`,
      left: (name) => `${name} 已离开。`,
      shares: (name) => `${name} 正在共享屏幕。`,
      speaking: (name) => `${name} 正在发言`,
    },
    ended: {
      completed: '通话已结束。',
      missed: '无人接听。',
      missedOwn: '未接来电。',
      declined: (name) => `${name} 已拒绝。`,
      declinedGroup: '所有人都已拒绝。',
      declinedOwn: '你已拒绝通话。',
      cancelled: '通话已取消。',
      busy: (name) => `${name} 正在另一个通话中。`,
      failed: '通话无法接通。请检查网络后重试。',
      left: '你已离开通话。其他人仍在通话中。',
      moved: '通话已在另一个标签页或设备上继续。',
      full: '通话人数已满。目前无法再加入。',
      unavailable: '通话未成功。请稍后重试。',
      again: '再次呼叫',
      rejoin: '重新加入',
      dismiss: '关闭提示',
    },
    problem: {
      noMicrophone: '其他人听不到你的声音。',
      denied: {
        chromium: (device) => `此页面无权使用${names[device]}。请点击地址栏左侧的图标允许使用，然后重试。`,
        firefox: (device) => `此页面无权使用${names[device]}。请点击地址旁带斜线的图标允许使用，然后重试。`,
        safari: (device) => `此页面无权使用${names[device]}。请在地址旁菜单的网站设置中允许使用。`,
      },
      screenDenied: '未共享屏幕。如果没有出现提示，请在系统中允许浏览器录制屏幕。',
      missing: (device) => `未找到${names[device]}。请连接后重试。`,
      'in-use': (device) => `另一个程序正在使用${names[device]}。请在那里关闭后重试。`,
      blocked: (device) =>
        `此页面不允许聊天使用${names[device]}。页面管理者可以允许（allow="${device === 'screen' ? 'display-capture' : device}"）。`,
      insecure: '摄像头和麦克风只能在安全页面（https）上使用。',
      failed: (device) => `${names[device]}无法启动。请重试。`,
    },
    entry: {
      text: ({ kind, outcome, durationMs }, own) => {
        const what = kind === 'video' ? '视频通话' : '语音通话';
        if (outcome === 'completed') return `${what}，${duration(durationMs)}`;
        if (outcome === 'failed') return `${what}，未能接通`;
        if (outcome === 'declined') return `${what}，已拒绝`;
        if (!own) return `未接${what}`;
        return `${what}，${{ missed: '无人接听', cancelled: '已取消', busy: '对方忙' }[outcome]}`;
      },
      callBack: '回拨',
      again: '再次呼叫',
    },
    launcher: {
      ringing: (name) => `${name} 来电`,
      inCall: '你正在通话中',
    },
  },
};
