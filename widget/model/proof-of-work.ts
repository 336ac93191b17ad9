/** How long the page may be kept busy at once, in ms. */
const stretchMs = 12;
const triesAtOnce = 256;

/**
 * Finds a number so that the SHA-256 of the challenge with the number behind it begins with so many zero bits. In plain script, since pages without https
 * have no `crypto.subtle`, and that is slower for many short texts; the page gets its turn in between.
 */
export const solve = async (challenge: string, difficulty: number): Promise<string> => {
  let paused = performance.now();
  for (let number = 0; ; number++) {
    if (Math.clz32(firstWordOf(challenge + number)) >= difficulty) return `${number}`;
    if (number % triesAtOnce === 0 && performance.now() - paused > stretchMs) {
      await new Promise((resolve) => setTimeout(resolve));
      paused = performance.now();
    }
  }
};

const primes: number[] = [];
for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime)) primes.push(n);

const fraction = (x: number): number => ((x - Math.floor(x)) * 2 ** 32) | 0;
const roundConstants = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));
const initial = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
const words = new Int32Array(64);

const rotate = (x: number, bits: number): number => (x >>> bits) | (x << (32 - bits));
const at = (list: Int32Array | readonly number[], place: number): number => list[place] as number;

/** The first 32 bits of the SHA-256 (FIPS 180-4) of an ASCII text of at most 55 characters, which is one block: a challenge has 44. */
export const firstWordOf = (text: string): number => {
  words.fill(0);
  for (let place = 0; place <= text.length; place++) {
    const byte = place < text.length ? text.charCodeAt(place) : 0x80;
    words[place >> 2] = at(words, place >> 2) | (byte << (24 - (place & 3) * 8));
  }
  words[15] = text.length * 8;
  let [a, b, c, d, e, f, g, h] = initial as [number, number, number, number, number, number, number, number];
  for (let place = 0; place < 64; place++) {
    if (place > 15) {
      const [early, late] = [at(words, place - 15), at(words, place - 2)];
      words[place] =
        at(words, place - 16) +
        at(words, place - 7) +
        (rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3)) +
        (rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10));
    }
    const one =
      h +
      (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
      ((e & f) ^ (~e & g)) +
      at(roundConstants, place) +
      at(words, place);
    const two = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  return (a + at(initial, 0)) | 0;
};
