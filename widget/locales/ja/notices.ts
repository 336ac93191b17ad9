import type { enNotices } from '../en-notices.ts';
import type { Phrase } from '../strings.ts';

/** Japanese for what is said of the line to the server. */
export const notices: Phrase<typeof enNotices> = {
  notices: {
    dismiss: '閉じる',
    offline: 'オフラインです。オンラインに戻るとメッセージを送信します。',
    connecting: '接続しています…',
    waiting: (seconds) => `チャットに接続できません。${seconds}\u00a0秒後に再試行します。`,
    unreachable: 'チャットに接続できません。まもなく再試行します。',
    tryNow: '今すぐ再試行',
    connected: '再接続しました。',
    memoryOnly: 'このブラウザーは未送信メッセージを保存できません。送信が終わるまでページを開いたままにしてください。',
    unauthorized: 'ログアウトされています。続けるにはもう一度ログインしてください。',
    sessionRevoked: 'このセッションは終了しました。続けるにはもう一度ログインしてください。',
    siteDisabled: 'このサイトではチャットがオフになっています。',
    unsupportedVersion: 'チャットが更新されました。続けるにはページを再読み込みしてください。',
    protocolError: 'このページとチャットの間で問題が発生しました。ページを再読み込みしてください。',
    reload: '再読み込み',
  },
};
