import type { enNotices } from '../en-notices.ts';
import type { Phrase } from '../strings.ts';

/** Chinese for what is said of the line to the server. */
export const notices: Phrase<typeof enNotices> = {
  notices: {
    dismiss: '关闭提示',
    offline: '你已离线。恢复网络后会发送消息。',
    connecting: '正在连接…',
    waiting: (seconds) => `无法连接聊天。${seconds}\u00a0秒后重试。`,
    unreachable: '无法连接聊天。稍后会自动重试。',
    tryNow: '立即重试',
    connected: '已重新连接。',
    memoryOnly: '此浏览器无法保存未发送的消息。请保持页面打开，直到发送完毕。',
    unauthorized: '你已不在登录状态。请重新登录以继续。',
    sessionRevoked: '此会话已结束。请重新登录以继续。',
    siteDisabled: '此网站已关闭聊天。',
    unsupportedVersion: '聊天已更新。请重新加载页面以继续。',
    protocolError: '页面与聊天之间出了问题。请重新加载页面。',
    reload: '重新加载',
  },
};
