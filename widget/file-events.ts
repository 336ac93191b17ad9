import { TeatimeEvent } from './events.ts';

/** Files were not taken: in the composer, where the person has been told why, or from `send({ files })`. */
export class TeatimeFileRejectEvent extends TeatimeEvent<{
  files: readonly {
    name: string;
    /** Bytes. */
    size: number;
    type: string;
    reason: 'too_large' | 'empty' | 'wrong_type' | 'too_many' | 'off' | 'folder';
  }[];
}> {
  constructor(files: TeatimeFileRejectEvent['detail']['files']) {
    super('teatime-file-reject', { files });
  }
}

/** A microphone, a camera or the screen is wanted and cannot be had; a page that explains this by itself calls `preventDefault()`. */
export class TeatimePermissionNeededEvent extends TeatimeEvent<{
  kind: 'microphone' | 'camera' | 'screen';
  /**
   * `denied` by the person, `dismissed` without an answer, `system`: denied by the device, `policy`: by the page's Permissions-Policy or the frame's
   * `allow`, `insecure`: the page has no https, `missing`: there is none, `busy`: another program has it, `unsupported` by the browser, or `failed`.
   */
  reason: 'denied' | 'dismissed' | 'system' | 'policy' | 'insecure' | 'missing' | 'busy' | 'unsupported' | 'failed';
}> {
  constructor(
    reason: TeatimePermissionNeededEvent['detail']['reason'],
    kind: TeatimePermissionNeededEvent['detail']['kind'] = 'microphone',
  ) {
    super('teatime-permission-needed', { kind, reason }, true);
  }
}
