let lastMs = 0;
let counter = 0;

/**
 * A UUIDv7 (RFC 9562 §5.7): 48 bits of time, a 12-bit counter that keeps ids of one millisecond in order (§6.2, method 1), 62 random
 * bits. Ids of one page only ever rise, also when the clock steps back, so that they order the outbox.
 */
export const newClientId = (now: number = Date.now()): string => {
  if (now > lastMs) {
    lastMs = now;
    counter = crypto.getRandomValues(new Uint16Array(1))[0]! & 0x7ff;
  } else if (++counter > 0xfff) {
    lastMs++;
    counter = 0;
  }
  const random = crypto.getRandomValues(new Uint8Array(8));
  random[0] = (random[0]! & 0x3f) | 0x80;
  const hex = lastMs.toString(16).padStart(12, '0') + (0x7000 + counter).toString(16);
  const tail = Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12)}-${tail.slice(0, 4)}-${tail.slice(4)}`;
};
