/** What a page's open connection to somebody carries. */
export interface CallLink {
  /** The same for as long as it is the same connection. */
  readonly id: number;
  readonly state: RTCPeerConnectionState;
  /** Pictures decoded so far. */
  readonly frames: number;
  /** How much sound was heard so far; silence adds nothing. */
  readonly energy: number;
  /** Of what kind the two ends of the chosen path are: `host`, `srflx`, `prflx` or `relay`. */
  readonly pair: readonly (string | undefined)[];
}

declare global {
  interface Window {
    callLinks?: RTCPeerConnection[];
  }
}

// Both run in the page: each must hold all that it uses.

/** Before a page's own scripts: keeps every connection that it makes. */
export function keepLinks(): void {
  const kept: RTCPeerConnection[] = (window.callLinks = []);
  window.RTCPeerConnection = class extends window.RTCPeerConnection {
    constructor(config?: RTCConfiguration) {
      super(config);
      kept.push(this);
    }
  };
}

/** In the page: what its connections that are open carry. */
export async function openLinks(): Promise<CallLink[]> {
  const links = [...(window.callLinks ?? []).entries()].filter(
    ([, { connectionState }]) => connectionState === 'connected',
  );
  return Promise.all(
    links.map(async ([id, link]) => {
      const stats = await link.getStats();
      const reports = [...stats.values()];
      const sum = (field: string): number =>
        reports
          .filter(({ type }) => type === 'inbound-rtp')
          .reduce((total: number, report) => total + (report[field] ?? 0), 0);
      const chosen = reports.find(({ type }) => type === 'transport')?.selectedCandidatePairId;
      const pair = stats.get(chosen) ?? reports.find(({ type, selected }) => type === 'candidate-pair' && selected);
      const ends: string[] = [pair?.localCandidateId, pair?.remoteCandidateId];
      return {
        id,
        state: link.connectionState,
        frames: sum('framesDecoded'),
        energy: sum('totalAudioEnergy'),
        pair: ends.map((id) => stats.get(id)?.candidateType),
      };
    }),
  );
}
