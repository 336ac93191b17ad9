/** Which browser this is: each has another place to undo that a microphone or a camera was refused. */
export function browser(): 'chromium' | 'firefox' | 'safari' {
  const { userAgent } = navigator;
  if (/firefox|fxios/i.test(userAgent)) return 'firefox';
  return /safari/i.test(userAgent) && !/chrom|android|crios|edg/i.test(userAgent) ? 'safari' : 'chromium';
}
