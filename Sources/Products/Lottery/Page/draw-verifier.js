// The draw, computed again in the reader's browser: commitment, numbers, winners. No resource but this page.
// Not here: the beacon's signature (the page names the command for it). From docs/reference/draw-bundle.md.
"use strict";
const M64 = (1n << 64n) - 1n;
const rotl = (x, n) => n ? ((x << BigInt(n)) | (x >> BigInt(64 - n))) & M64 : x;
const ROUND = (() => {
  const out = []; let r = 1;
  for (let i = 0; i < 24; i++) {
    let c = 0n;
    for (let j = 0; j < 7; j++) {
      if (r & 1) c ^= 1n << BigInt((1 << j) - 1);
      r = (r << 1) ^ ((r >> 7) * 0x171);
    }
    out.push(c);
  }
  return out;
})();
function permute(s) {
  for (const c of ROUND) {
    const p = [];
    for (let x = 0; x < 5; x++) p.push(s[x] ^ s[x + 5] ^ s[x + 10] ^ s[x + 15] ^ s[x + 20]);
    for (let x = 0; x < 5; x++) {
      const d = p[(x + 4) % 5] ^ rotl(p[(x + 1) % 5], 1);
      for (let y = 0; y < 25; y += 5) s[x + y] ^= d;
    }
    let x = 1, y = 0, kept = s[1];
    for (let t = 0; t < 24; t++) {
      [x, y] = [y, (2 * x + 3 * y) % 5];
      [kept, s[x + 5 * y]] = [s[x + 5 * y], rotl(kept, ((t + 1) * (t + 2) / 2) % 64)];
    }
    for (let y = 0; y < 25; y += 5) {
      const row = s.slice(y, y + 5);
      for (let x = 0; x < 5; x++) s[x + y] = row[x] ^ (~row[(x + 1) % 5] & M64 & row[(x + 2) % 5]);
    }
    s[0] ^= c;
  }
}
function sha3(bytes) {
  const padded = new Uint8Array(Math.floor(bytes.length / 136) * 136 + 136);
  padded.set(bytes);
  padded[bytes.length] ^= 6;
  padded[padded.length - 1] ^= 128;
  const s = new Array(25).fill(0n);
  for (let at = 0; at < padded.length; at += 136) {
    for (let i = 0; i < 136; i++) s[i >> 3] ^= BigInt(padded[at + i]) << BigInt(8 * (i & 7));
    permute(s);
  }
  return Uint8Array.from({length: 32}, (_, i) => Number((s[i >> 3] >> BigInt(8 * (i & 7))) & 255n));
}
const text = (t) => new TextEncoder().encode(t);
const le = (n, count) => Uint8Array.from({length: count}, (_, i) => Number((BigInt(n) >> BigInt(8 * i)) & 255n));
const hex = (t) => Uint8Array.from(t.slice(2).match(/../g) || [], (d) => parseInt(d, 16));
const show = (b) => "0x" + Array.from(b, (d) => d.toString(16).padStart(2, "0")).join("");
const join = (...parts) => Uint8Array.from(parts.flatMap((p) => Array.from(p)));
const first = (b) => b.slice(0, 8).reduceRight((n, d) => n * 256n + BigInt(d), 0n);
const blob = (b) => {
  const head = []; let n = b.length;
  for (; n >= 128; n >>= 7) head.push((n & 127) | 128);
  return join([...head, n], b);
};
