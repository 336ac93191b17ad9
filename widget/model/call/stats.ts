import type { LinkSample } from './quality.ts';

/** A sample, and whether the picture that was arriving has stopped while sound goes on. */
export interface StatsSample extends LinkSample {
  readonly stalled: boolean;
  /** Nothing at all has come since the sample before. */
  readonly silent: boolean;
}

interface Counts {
  sent: number;
  received: number;
  missed: number;
  frames: number;
  sound: number;
}

/** The fields of W3C "Identifiers for WebRTC's Statistics API" that are read, as far as each browser has them. */
interface Report {
  readonly type: string;
  readonly kind?: string;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly framesDecoded?: number;
  readonly fractionLost?: number;
  readonly roundTripTime?: number;
  readonly currentRoundTripTime?: number;
  readonly availableOutgoingBitrate?: number;
  readonly nominated?: boolean;
  readonly state?: string;
}

/** Reads one link's reports, each against the one before; the first gives nothing. */
export const createStatsReader = (): ((stats: RTCStatsReport) => StatsSample | undefined) => {
  let before: Counts | undefined;
  return (stats) => {
    const now: Counts = { sent: 0, received: 0, missed: 0, frames: 0, sound: 0 };
    let lostOut = 0;
    let roundTrip = 0;
    let bandwidth: number | undefined;
    stats.forEach((report: Report) => {
      if (report.type === 'inbound-rtp') {
        now.received += report.packetsReceived ?? 0;
        now.missed += Math.max(0, report.packetsLost ?? 0);
        if (report.kind === 'audio') now.sound += report.packetsReceived ?? 0;
        else now.frames += report.framesDecoded ?? 0;
      } else if (report.type === 'remote-inbound-rtp') {
        lostOut = Math.max(lostOut, report.fractionLost ?? 0);
        roundTrip = Math.max(roundTrip, report.roundTripTime ?? 0);
      } else if (report.type === 'candidate-pair' && report.nominated && report.state === 'succeeded') {
        roundTrip = Math.max(roundTrip, report.currentRoundTripTime ?? 0);
        bandwidth = report.availableOutgoingBitrate ?? bandwidth;
      }
    });
    const last = before;
    before = now;
    if (!last) return undefined;
    const received = Math.max(0, now.received - last.received);
    const missed = Math.max(0, now.missed - last.missed);
    return {
      lostOut,
      lostIn: received + missed === 0 ? 0 : missed / (received + missed),
      roundTripMs: roundTrip * 1000,
      bandwidth,
      silent: received === 0,
      stalled: now.frames > 0 && now.frames === last.frames && now.sound > last.sound,
    };
  };
};
