// What PeerJS imports for data channels, which calls do not use, and a shim of WebRTC for browsers older than any that the widget runs in. The shim also
// replaces `RTCPeerConnection` and its kind for the whole page, which a guest on somebody's page must not do.
export const unusedByCalls = {
  'webrtc-adapter': 'export default { browserDetails: { browser: "chrome", version: 999 } };',
  'peerjs-js-binarypack': 'export const pack = undefined, unpack = undefined;',
  '@msgpack/msgpack': 'export class Encoder {} export const decodeMultiStream = undefined;',
};
const mark = '\0unused:';

/**
 * Rollup plugin: PeerJS with media connections only, and without the servers of its makers. The widget names its own; this way not even a mistake can
 * reach others, and nobody who reads the bundle has to wonder.
 * @returns {import('rollup').Plugin}
 */
export function peerjsForMedia() {
  return {
    name: 'peerjs-for-media',
    resolveId: (source, importer) =>
      Object.hasOwn(unusedByCalls, source) && importer?.includes('/peerjs/')
        ? { id: mark + source, moduleSideEffects: false }
        : null,
    load: (id) =>
      id.startsWith(mark) ? unusedByCalls[/** @type {keyof typeof unusedByCalls} */ (id.slice(mark.length))] : null,
    transform(code, id) {
      if (!id.endsWith('/peerjs/dist/bundler.mjs')) return null;
      const own = code
        .replace(/(DEFAULT_CONFIG = \{\s*iceServers: )\[[\s\S]*?\n {4}\]/, '$1[]')
        // A name that nobody can have (RFC 2606): PeerJS takes https for granted on the host that it has for a default.
        .replace('"0.peerjs.com"', '"peerjs.invalid"');
      if (/peerjs\.com:|stun:|0\.peerjs/.test(own))
        this.error('unable to take the public servers out of PeerJS; it has changed');
      return { code: own, map: null };
    },
  };
}
