import type { CallEntry } from '../../protocol/calls.ts';
import { plural } from './plural.ts';

const count = (n: number, one: string, other: string): string => plural('en', n, { one, other });

/** What a call needs; in English their names are the words for them too. */
export type CallDevice = 'microphone' | 'camera' | 'screen';

/** English for calls, loaded soon after the first picture. */
export const enCalls = {
  calls: {
    audioCall: 'Audio call',
    videoCall: 'Video call',
    hold: 'Hold to check camera and microphone first',
    join: 'Join',
    joinCall: (n: number) => count(n, 'Join the call with # person in it', 'Join the call with # people in it'),
    busyHere: "You're in another call.",
    incoming: {
      audio: 'is calling you',
      video: 'is calling you with video',
      inGroup: (title: string) => `in ${title}`,
      accept: 'Accept',
      acceptVideo: 'Accept with video',
      acceptAudio: 'Accept without video',
      decline: 'Decline',
      check: 'Check camera and microphone first',
    },
    setup: {
      title: (name: string) => `Call ${name}`,
      joinTitle: (name: string) => `Join the call with ${name}`,
      start: 'Call',
      startVideo: 'Call with video',
      join: 'Join',
      starting: 'Calling…',
      cancel: 'Cancel',
      preview: 'Your camera',
      waiting: 'Waiting for the camera and the microphone…',
      cameraOff: 'Camera off',
      level: 'Level of the microphone',
      notify: 'Tell me about calls when this page is in the background',
    },
    devices: {
      microphone: 'Microphone',
      camera: 'Camera',
      speaker: 'Speaker',
      nth: (kind: string, n: number) => `${kind} ${n}`,
    },
    stage: {
      label: (title: string) => `Call with ${title}`,
      you: 'You',
      controls: 'Controls of the call',
      mute: 'Turn microphone off',
      unmute: 'Turn microphone on',
      cameraOn: 'Turn camera on',
      cameraOff: 'Turn camera off',
      switchCamera: 'Use the other camera',
      share: 'Share your screen',
      stopSharing: 'Stop sharing your screen',
      devices: 'Devices',
      leave: 'Leave the call',
      grid: 'Show everybody in the same size',
      speaker: 'Show who is speaking',
      pictureInPicture: 'Show the picture in a window of its own',
      pictureBack: 'Put the picture back into the call',
      larger: 'Use the whole chat for the call',
      smaller: 'Show messages too',
      fold: 'Fold the call',
      unfold: 'Show the call',
      ownPicture: 'Your picture. Move it with the arrow keys.',
      muted: 'microphone off',
      sharing: 'shows their screen',
      quality: ['No connection', 'Poor connection', 'Fair connection', 'Good connection'] as readonly string[],
      paused: 'No video while the connection is poor',
      listen: 'Turn the sound on',
      listenWhy: 'The browser keeps this page quiet until you click.',
      dismiss: 'Dismiss',
    },
    person: {
      ringing: 'Ringing…',
      connecting: 'Connecting…',
      reconnecting: 'Reconnecting…',
    },
    state: {
      outgoing: 'Calling…',
      connecting: 'Connecting…',
      connected: 'In the call',
      alone: 'Waiting for others…',
      reconnecting: 'Reconnecting…',
      elsewhere: "You're in a call in another tab or on another device.",
      rejoin: 'You were in this call before the page was reloaded.',
      moveHere: 'Move here',
      comeBack: 'Join again',
      open: (title: string) => `Back to the call with ${title}`,
      joined: (name: string) => `${name} joined.`,
      left: (name: string) => `${name} left.`,
      shares: (name: string) => `${name} shows their screen.`,
      speaking: (name: string) => `${name} is speaking`,
    },
    ended: {
      completed: 'The call has ended.',
      missed: 'No answer.',
      missedOwn: 'Missed call.',
      declined: (name: string) => `${name} declined.`,
      declinedGroup: 'Everybody declined.',
      declinedOwn: 'You declined the call.',
      cancelled: 'Call cancelled.',
      busy: (name: string) => `${name} is in another call.`,
      failed: "The call couldn't connect. Check the connection and try again.",
      left: 'You left the call. The others are still in it.',
      moved: 'The call goes on in another tab or on another device.',
      full: 'The call is full. Nobody else can join right now.',
      unavailable: "The call didn't work. Try again in a moment.",
      again: 'Call again',
      rejoin: 'Join again',
      dismiss: 'Dismiss',
    },
    problem: {
      noMicrophone: 'The others can’t hear you.',
      denied: {
        chromium: (device: CallDevice) =>
          `The ${device} is blocked for this page. Allow it by the icon to the left of the address, then try again.`,
        firefox: (device: CallDevice) =>
          `The ${device} is blocked for this page. Allow it by the crossed-out icon beside the address, then try again.`,
        safari: (device: CallDevice) =>
          `The ${device} is blocked for this page. Allow it in the website settings, in the menu beside the address.`,
      },
      screenDenied:
        'The screen isn’t shared. If nothing came up, allow the browser to record the screen in the system.',
      missing: (device: CallDevice) => `No ${device} was found. Connect one and try again.`,
      'in-use': (device: CallDevice) => `Another program is using the ${device}. Close it there and try again.`,
      blocked: (device: CallDevice) =>
        `This page keeps the chat from using the ${device}. Whoever runs it can allow that (allow="${device === 'screen' ? 'display-capture' : device}").`,
      insecure: 'Cameras and microphones work on secure pages (https) only.',
      failed: (device: CallDevice) => `The ${device} didn't start. Try again.`,
    },
    entry: {
      /** A call that is over, as the one who called (`own`) or one of the others sees it. */
      text: ({ kind, outcome, durationMs }: CallEntry, own: boolean): string => {
        const what = kind === 'video' ? 'Video call' : 'Call';
        if (outcome === 'completed') return `${what}, ${duration(durationMs)}`;
        if (outcome === 'failed') return `${what}, couldn't connect`;
        if (outcome === 'declined') return `${what}, declined`;
        if (!own) return `Missed ${what.toLowerCase()}`;
        return `${what}, ${{ missed: 'no answer', cancelled: 'cancelled', busy: 'busy' }[outcome]}`;
      },
      callBack: 'Call back',
      again: 'Call again',
    },
    launcher: {
      ringing: (name: string) => `${name} is calling`,
      inCall: "You're in a call",
    },
  },
};

/** `40 s`, `4 min`, `1 h 20 min`. */
function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (ms < 59_500) return `${Math.max(1, Math.round(ms / 1000))}\u00a0s`;
  if (minutes < 60) return `${minutes}\u00a0min`;
  return `${Math.floor(minutes / 60)}\u00a0h ${minutes % 60}\u00a0min`;
}
