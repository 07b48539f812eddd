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
function fair(seed, count) {
  const limit = (1n << 64n) / count * count;
  while (first(seed) >= limit) seed = sha3(seed);
  return [first(seed) % count, seed];
}
// slots: [[id, winners]], numbers: 32 bytes each. Gives [slot, ticket, hash] of each winner; throws where none can be drawn.
function drawWinners(d) {
  const out = [], taken = new Set(), moved = new Map(), tickets = BigInt(d.tickets);
  let ordinal = 0n;
  d.slots.forEach(([slot, count], place) => {
    for (let local = 0; local < count; local++, ordinal++) {
      let ticket, seed = sha3(join(d.schema >= 2 ? text("lottery_multi::winner_seed::2") : [], d.numbers[place], d.snapshot,
        d.payloadHash, le(d.lottery, 8), le(ordinal, 8), le(local, 8), le(d.schema, 8), le(d.attempt, 8)));
      if (d.schema === 1) {
        let tries = 0;
        for (; tries < 16; tries++) {
          ticket = first(seed) % tickets;
          if (!d.dedup || !taken.has(ticket)) break;
          seed = sha3(seed);
        }
        if (tries === 16) throw new Error("no winner in 16 tries");
        taken.add(ticket);
      } else if (!d.dedup) {
        [ticket, seed] = fair(seed, tickets);
      } else {
        const left = tickets - ordinal;
        if (left <= 0n) throw new Error("more winners than tickets");
        let at;
        [at, seed] = fair(seed, left);
        ticket = moved.has(at) ? moved.get(at) : at;
        moved.set(at, moved.has(left - 1n) ? moved.get(left - 1n) : left - 1n);
      }
      out.push([slot, ticket, seed]);
    }
  });
  return out;
}
// The numbers of a draw from its commitment's hash and value.
function drawNumbers(commitment, isFallback, value, count) {
  return Array.from({length: count}, (_, i) => sha3(join(text("lottery_multi::random_number::1"), commitment,
    [isFallback ? 1 : 0], blob(value), le(i, 8))));
}
