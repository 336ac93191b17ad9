import { html, nothing, type TemplateResult } from 'lit';
import type { Strings } from '../../locales/strings.ts';
import type { Device, Devices } from '../../model/types.ts';

/** Which devices there are, which are in use, and what to do when another one is picked. */
export interface Pickers {
  readonly devices: Devices;
  readonly microphoneId?: string | undefined;
  readonly cameraId?: string | undefined;
  readonly speakerId?: string | undefined;
  microphone(id: string): void;
  camera?: ((id: string) => void) | undefined;
  speaker?: ((id: string) => void) | undefined;
}

/** A list to choose from for each kind of device that there is. */
export function devicePickers(pickers: Pickers, words: Strings['calls']['devices']): TemplateResult {
  const { devices, microphone, camera, speaker } = pickers;
  return html`${pick(words.microphone, devices.microphones, pickers.microphoneId, words, microphone)}
  ${camera ? pick(words.camera, devices.cameras, pickers.cameraId, words, camera) : nothing}
  ${speaker ? pick(words.speaker, devices.speakers, pickers.speakerId, words, speaker) : nothing}`;
}

function pick(
  kind: string,
  devices: readonly Device[],
  chosen: string | undefined,
  words: Strings['calls']['devices'],
  choose: (id: string) => void,
) {
  // Without permission browsers tell neither names nor ids: there is nothing to choose.
  const known = devices.filter(({ id }) => id !== '');
  if (known.length === 0) return nothing;
  return html`<label class="pick">
    <span>${kind}</span>
    <select @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
      ${known.map(
        ({ id, label }, index) =>
          html`<option value=${id} ?selected=${id === chosen}>${label || words.nth(kind, index + 1)}</option>`,
      )}
    </select>
  </label>`;
}
