/** How a link was over the last two seconds. Shares are from 0 to 1. */
export interface LinkSample {
  /** Share of the packets sent that the other side missed. */
  readonly lostOut: number;
  /** Share of the packets that were missed here. */
  readonly lostIn: number;
  readonly roundTripMs: number;
  /** What the browser thinks that it can send, in bits a second, where it says so. */
  readonly bandwidth?: number | undefined;
}

/** Whether video may be sent on a link. */
export interface VideoGate {
  readonly open: boolean;
  /** Takes in a sample; resolves what `open` is from now on. */
  take(sample: LinkSample, now: number): boolean;
}

/** A link as people are shown it: 1 poor, 2 fair, 3 good. Above 3 % of loss speech is patched audibly, above 8 % words go missing. */
export const qualityOf = ({ lostOut, lostIn, roundTripMs }: LinkSample): 1 | 2 | 3 => {
  const lost = Math.max(lostOut, lostIn);
  if (lost > 0.08 || roundTripMs > 600) return 1;
  return lost > 0.03 || roundTripMs > 300 ? 2 : 3;
};

const poorSamples = 3;
const leastBandwidth = 120_000;
const mostLost = 0.12;
const firstTryMs = 15_000;
const lastTryMs = 60_000;

/** Holds video back after six seconds of a link that sound alone fills, and lets it through again after 15 s, then 30 s, then each minute. */
export const createVideoGate = (): VideoGate => {
  let open = true;
  let poor = 0;
  let wait = firstTryMs;
  let changedAt = 0;
  return {
    get open() {
      return open;
    },
    take({ lostOut, bandwidth = Infinity }, now) {
      if (!open) {
        if (now - changedAt < wait) return false;
        open = true;
        changedAt = now;
        wait = Math.min(lastTryMs, wait * 2);
        poor = 0;
        return true;
      }
      poor = lostOut > mostLost || bandwidth < leastBandwidth ? poor + 1 : 0;
      // Good for a minute: the next poor patch is another one.
      if (poor === 0 && now - changedAt > lastTryMs) wait = firstTryMs;
      if (poor >= poorSamples) {
        open = false;
        changedAt = now;
      }
      return open;
    },
  };
};

/** What one may spend on the picture for each of `others`: bits a second, how much smaller than the camera's, and how many frames. */
export const budgetFor = (
  others: number,
  screen: boolean,
): { maxBitrate: number; scaleResolutionDownBy: number; maxFramerate: number } => {
  // A screen is read, so it stays as large as it is; it moves little.
  if (screen)
    return { maxBitrate: Math.round(2_500_000 / Math.max(1, others)), scaleResolutionDownBy: 1, maxFramerate: 15 };
  if (others <= 1) return { maxBitrate: 1_500_000, scaleResolutionDownBy: 1, maxFramerate: 30 };
  if (others === 2) return { maxBitrate: 700_000, scaleResolutionDownBy: 1.5, maxFramerate: 30 };
  if (others === 3) return { maxBitrate: 450_000, scaleResolutionDownBy: 2, maxFramerate: 24 };
  return { maxBitrate: 250_000, scaleResolutionDownBy: 3, maxFramerate: 20 };
};
