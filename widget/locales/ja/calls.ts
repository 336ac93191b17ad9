import { counter, lasting } from '../count.ts';
import type { enCalls } from '../en-calls.ts';
import type { Phrase } from '../strings.ts';

const count = counter('ja');
const duration = lasting('ja');

const names = { microphone: 'マイク', camera: 'カメラ', screen: '画面' };

/** Japanese for calls. */
export const calls: Phrase<typeof enCalls> = {
  calls: {
    audioCall: '音声通話',
    videoCall: 'ビデオ通話',
    hold: '長押しで先にカメラとマイクを確認',
    join: '参加',
    joinCall: (n) => count(n, { other: '# 人が参加中の通話に参加' }),
    busyHere: '別の通話中です。',
    incoming: {
      audio: 'から着信',
      video: 'からビデオ通話の着信',
      inGroup: (title) => `${title} から`,
      accept: '応答',
      acceptVideo: 'ビデオで応答',
      acceptAudio: '音声で応答',
      decline: '拒否',
      check: '先にカメラとマイクを確認',
    },
    setup: {
      title: (name) => `${name}さんに発信`,
      joinTitle: (name) => `${name}との通話に参加`,
      start: '発信',
      startVideo: 'ビデオで発信',
      join: '参加',
      starting: '発信中…',
      cancel: 'キャンセル',
      preview: '自分のカメラ',
      waiting: 'カメラとマイクを待っています…',
      cameraOff: 'カメラはオフ',
      level: 'マイクの音量',
      notify: 'このページが背面にあるときも着信を知らせる',
    },
    devices: {
      microphone: 'マイク',
      camera: 'カメラ',
      speaker: 'スピーカー',
      nth: (kind, n) => `${kind} ${n}`,
    },
    stage: {
      label: (title) => `${title}との通話`,
      you: '自分',
      controls: '通話の操作',
      mute: 'マイクをオフ',
      unmute: 'マイクをオン',
      cameraOn: 'カメラをオン',
      cameraOff: 'カメラをオフ',
      switchCamera: 'カメラを切り替え',
      share: '画面を共有',
      stopSharing: '画面の共有を停止',
      devices: 'デバイス',
      leave: '通話を退出',
      grid: '全員を同じ大きさで表示',
      speaker: '話している人を表示',
      pictureInPicture: '映像を別ウィンドウで表示',
      pictureBack: '映像を通話に戻す',
      larger: 'チャット全体を通話に使う',
      smaller: 'メッセージも表示',
      fold: '通話を折りたたむ',
      unfold: '通話を表示',
      ownPicture: '自分の映像。矢印キーで動かせます。',
      muted: 'マイクはオフ',
      sharing: '画面を共有中',
      quality: ['接続なし', '接続が悪い', '接続はまずまず', '接続は良好'],
      paused: '接続が悪いため、ビデオを停止しています',
      listen: '音声をオン',
      listenWhy: 'クリックするまで、ブラウザーはこのページの音を出しません。',
      dismiss: '閉じる',
    },
    person: {
      ringing: '呼び出し中…',
      connecting: '接続中…',
      reconnecting: '再接続中…',
    },
    state: {
      outgoing: '発信中…',
      connecting: '接続中…',
      connected: '通話中',
      alone: 'ほかの人を待っています…',
      reconnecting: '再接続中…',
      elsewhere: '別のタブまたは端末で通話中です。',
      rejoin: 'ページの再読み込み前は、この通話に参加していました。',
      moveHere: 'ここに移す',
      comeBack: 'もう一度参加',
      open: (title) => `${title}との通話に戻る`,
      joined: (name) => `${name}さんが参加しました。`,
      left: (name) => `${name}さんが退出しました。`,
      shares: (name) => `${name}さんが画面を共有しています。`,
      speaking: (name) => `${name}さんが話しています`,
    },
    ended: {
      completed: '通話が終了しました。',
      missed: '応答がありません。',
      missedOwn: '不在着信。',
      declined: (name) => `${name}さんが拒否しました。`,
      declinedGroup: '全員が拒否しました。',
      declinedOwn: '通話を拒否しました。',
      cancelled: '通話をキャンセルしました。',
      busy: (name) => `${name}さんは別の通話中です。`,
      failed: '通話を接続できませんでした。接続を確認して、もう一度お試しください。',
      left: '通話を退出しました。ほかの人はまだ参加しています。',
      moved: '通話は別のタブまたは端末で続いています。',
      full: '通話は満員です。今は参加できません。',
      unavailable: '通話できませんでした。しばらくしてからお試しください。',
      again: 'もう一度発信',
      rejoin: 'もう一度参加',
      dismiss: '閉じる',
    },
    problem: {
      noMicrophone: 'ほかの人に声が届いていません。',
      denied: {
        chromium: (device) =>
          `このページでは${names[device]}がブロックされています。アドレスの左のアイコンから許可して、もう一度お試しください。`,
        firefox: (device) =>
          `このページでは${names[device]}がブロックされています。アドレスの横の斜線付きアイコンから許可して、もう一度お試しください。`,
        safari: (device) =>
          `このページでは${names[device]}がブロックされています。アドレスの横のメニューにある Web サイトの設定で許可してください。`,
      },
      screenDenied:
        '画面は共有されていません。確認が表示されなかった場合は、システムの設定でブラウザーに画面の収録を許可してください。',
      missing: (device) => `${names[device]}が見つかりません。接続して、もう一度お試しください。`,
      'in-use': (device) => `${names[device]}は別のプログラムが使用中です。そちらを終了して、もう一度お試しください。`,
      blocked: (device) =>
        `このページではチャットが${names[device]}を使えません。ページの管理者が許可できます（allow="${device === 'screen' ? 'display-capture' : device}"）。`,
      insecure: 'カメラとマイクは安全なページ（https）でのみ使えます。',
      failed: (device) => `${names[device]}を開始できませんでした。もう一度お試しください。`,
    },
    entry: {
      text: ({ kind, outcome, durationMs }, own) => {
        const what = kind === 'video' ? 'ビデオ通話' : '通話';
        if (outcome === 'completed') return `${what}、${duration(durationMs)}`;
        if (outcome === 'failed') return `${what}、接続できず`;
        if (outcome === 'declined') return `${what}、拒否`;
        if (!own) return kind === 'video' ? '不在着信（ビデオ）' : '不在着信';
        return `${what}、${{ missed: '応答なし', cancelled: 'キャンセル', busy: '話し中' }[outcome]}`;
      },
      callBack: 'かけ直す',
      again: 'もう一度発信',
    },
    launcher: {
      ringing: (name) => `${name}さんから着信`,
      inCall: '通話中です',
    },
  },
};
