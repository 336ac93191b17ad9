const probes: Partial<Record<'audio' | 'video', HTMLMediaElement>> = {};
const answers = new Map<string, boolean>();

/** Whether this browser says that it may play sound or video of that media type. */
export function isPlayable(type: string): boolean {
  let answer = answers.get(type);
  if (answer === undefined) {
    const tag = type.startsWith('audio/') ? 'audio' : 'video';
    const probe = (probes[tag] ??= document.createElement(tag));
    // QuickTime's container is MP4's; browsers play it but say that they do not know it.
    answer = probe.canPlayType(type.replace('video/quicktime', 'video/mp4')) !== '';
    answers.set(type, answer);
  }
  return answer;
}
