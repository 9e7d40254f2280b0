// The sum before a passport in plain JavaScript: PBKDF2 with SHA-256, for where the browser does not give its own (plain
// http in a school's network) or has no workers. The same answers, four to five times as slow.
const PRIMES = [];
for (let n = 2; PRIMES.length < 64; n += 1) if (PRIMES.every((prime) => n % prime)) PRIMES.push(n);
const fraction = (x) => ((x - Math.floor(x)) * 2 ** 32) | 0;
const K = Int32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));
const START = Int32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
const w = new Int32Array(64);

// One block of 16 words into the state.
function compress(state, block) {
  for (let i = 0; i < 16; i += 1) w[i] = block[i];
  for (let i = 16; i < 64; i += 1) {
    const x = w[i - 15];
    const y = w[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
  }
  // One by one: taking the state apart as a list makes it five times as slow.
  let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
  for (let i = 0; i < 64; i += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0;
    d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d;
  state[4] += e; state[5] += f; state[6] += g; state[7] += h;
}

// The last block of a message: its bytes, a one, and the length of all that came before and this, in bits.
function lastBlock(bytes, before) {
  const padded = new Uint8Array(64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(60, (before + bytes.length) * 8);
  return Int32Array.from({ length: 16 }, (_, i) => view.getInt32(i * 4));
}

function keyed(key, pad) {
  const bytes = new Uint8Array(64).fill(pad);
  key.forEach((byte, i) => { bytes[i] ^= byte; });
  const view = new DataView(bytes.buffer);
  const state = START.slice();
  compress(state, Int32Array.from({ length: 16 }, (_, i) => view.getInt32(i * 4)));
  return state;
}

// 32 bytes, as hexadecimal. `key` has at most 64 bytes, `salt` at most 51.
export function pbkdf2(key, salt, iterations) {
  const [inner, outer] = [keyed(key, 0x36), keyed(key, 0x5c)];
  const [state, block] = [new Int32Array(8), lastBlock(new Uint8Array(32), 64)];
  const hmac = (message) => {
    for (let i = 0; i < 8; i += 1) state[i] = inner[i];
    compress(state, message);
    for (let i = 0; i < 8; i += 1) {
      block[i] = state[i];
      state[i] = outer[i];
    }
    compress(state, block);
    for (let i = 0; i < 8; i += 1) block[i] = state[i];
  };
  hmac(lastBlock(Uint8Array.from([...salt, 0, 0, 0, 1]), 64));
  const sum = state.slice();
  for (let i = 1; i < iterations; i += 1) {
    hmac(block);
    for (let j = 0; j < 8; j += 1) sum[j] ^= state[j];
  }
  return [...sum].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));

// The counter whose key begins as the challenge wants. `rest`, when given, is waited for every 12 ms: the page stays alive.
export async function solve({ nonce, salt, cost, keyPrefix }, rest = null) {
  const key = new Uint8Array(20);
  key.set(bytesOf(nonce));
  const view = new DataView(key.buffer);
  const salted = bytesOf(salt);
  let rested = performance.now();
  for (let counter = 0; ; counter += 1) {
    view.setUint32(16, counter);
    const derivedKey = pbkdf2(key, salted, cost);
    if (derivedKey.startsWith(keyPrefix)) return { counter, derivedKey };
    if (rest && performance.now() - rested > 12) {
      await rest();
      rested = performance.now();
    }
  }
}
