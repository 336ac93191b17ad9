import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** A picture of the call in a window of its own, above all other windows, for as long as that picture is there. */
export class PictureWindow implements ReactiveController {
  readonly #host: ReactiveControllerHost & { readonly renderRoot: ParentNode };
  #video: HTMLVideoElement | undefined;

  constructor(host: ReactiveControllerHost & { readonly renderRoot: ParentNode }) {
    this.#host = host;
    host.addController(this);
  }

  /** Whether the browser has such windows, and lets this page have one. */
  get possible(): boolean {
    return document.pictureInPictureEnabled ?? false;
  }

  get open(): boolean {
    return this.#video !== undefined;
  }

  /** Opens it with the picture that matters most, or closes it. Call it in a click. */
  async toggle(): Promise<void> {
    if (this.#video) return this.#close();
    const root = this.#host.renderRoot;
    const video =
      root.querySelector<HTMLVideoElement>('.tile.main video') ??
      root.querySelector<HTMLVideoElement>('.tile:not(.own) video');
    if (!video) return;
    try {
      await video.requestPictureInPicture();
    } catch {
      // The browser had its reasons, such as a picture that has not begun yet.
      return;
    }
    this.#video = video;
    video.addEventListener('leavepictureinpicture', () => this.#left(video), { once: true });
    this.#host.requestUpdate();
    this.#leaveWithPicture();
  }

  hostUpdated(): void {
    this.#leaveWithPicture();
  }

  hostDisconnected(): void {
    this.#close();
  }

  /** Nobody is to go on seeing the last frame of somebody who has left. */
  #leaveWithPicture(): void {
    if (this.#video && !this.#video.isConnected) this.#close();
  }

  #left(video: HTMLVideoElement): void {
    if (this.#video !== video) return;
    this.#video = undefined;
    this.#host.requestUpdate();
  }

  #close(): void {
    if (!this.#video) return;
    this.#video = undefined;
    this.#host.requestUpdate();
    // It may have been closed with the element that it came from.
    document.exitPictureInPicture().catch(() => undefined);
  }
}
