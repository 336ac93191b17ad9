import { html, nothing, type TemplateResult } from 'lit';
import MicOff from 'lucide/dist/esm/icons/mic-off.mjs';
import Mic from 'lucide/dist/esm/icons/mic.mjs';
import PhoneOff from 'lucide/dist/esm/icons/phone-off.mjs';
import ScreenShare from 'lucide/dist/esm/icons/screen-share.mjs';
import Settings from 'lucide/dist/esm/icons/settings-2.mjs';
import VideoOff from 'lucide/dist/esm/icons/video-off.mjs';
import Video from 'lucide/dist/esm/icons/video.mjs';
import type { Strings } from '../../locales/strings.ts';
import type { CallHandle, CallView } from '../../model/types.ts';
import { iconButton } from '../icon-button.ts';
import { icon, type IconNode } from '../icon.ts';

/** What the bar needs to know beside the call. */
export interface Controls {
  /** Cameras are switched on for this site. */
  readonly video: boolean;
  /** The list of devices is open. */
  readonly picking: boolean;
  togglePicking(): void;
  act(action: (calls: CallHandle) => unknown): void;
}

/** The bar below a call: microphone, camera, screen, devices, leave. */
export function callControls(
  { muted, cameraOn, sharing }: CallView,
  stage: Strings['calls']['stage'],
  { video, picking, togglePicking, act }: Controls,
): TemplateResult {
  const button = (node: IconNode, label: string, off: boolean, onClick: () => void) =>
    iconButton(node, label, onClick, { className: off ? 'off' : '' });
  return html`<div class="controls" role="group" aria-label=${stage.controls}>
    ${button(muted ? MicOff : Mic, muted ? stage.unmute : stage.mute, muted, () => act((calls) => calls.setMuted(!muted)))}
    ${
      video
        ? button(cameraOn ? Video : VideoOff, cameraOn ? stage.cameraOff : stage.cameraOn, !cameraOn, () =>
            act((calls) => calls.setCamera(!cameraOn)),
          )
        : nothing
    }
    ${
      video && navigator.mediaDevices && 'getDisplayMedia' in navigator.mediaDevices
        ? iconButton(
            ScreenShare,
            sharing ? stage.stopSharing : stage.share,
            () => act((calls) => calls.share(!sharing)),
            { className: sharing ? 'on' : '' },
          )
        : nothing
    }
    <button
      class="icon-button"
      type="button"
      aria-label=${stage.devices}
      title=${stage.devices}
      aria-controls="devices"
      aria-expanded=${picking}
      @click=${togglePicking}
    >
      ${icon(Settings)}
    </button>
    ${iconButton(PhoneOff, stage.leave, () => act((calls) => calls.leave()), { className: 'leave' })}
  </div>`;
}
