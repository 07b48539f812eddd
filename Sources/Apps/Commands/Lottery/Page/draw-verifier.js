// A draw, looked at again in the reader's browser: the third verifier, from docs/reference/draw-bundle.md alone.
// It asks nobody and loads nothing. `verifyDraw(bytes, witnessKey)` gives {commitment, findings} or throws Refused.
"use strict";
class Refused extends Error {}
const need = (condition, reason) => { if (!condition) throw new Refused(reason); };

// ---- Bytes

const text = (t) => new TextEncoder().encode(t);
const le = (n, count) => Uint8Array.from({length: count}, (_, i) => Number((BigInt(n) >> BigInt(8 * i)) & 255n));
const be = (n, count) => le(n, count).reverse();
const number = (bytes) => bytes.reduceRight((n, d) => n * 256n + BigInt(d), 0n);
const show = (bytes) => "0x" + Array.from(bytes, (d) => d.toString(16).padStart(2, "0")).join("");
const same = (a, b) => a.length === b.length && a.every((d, i) => d === b[i]);
function join(...parts) {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) { out.set(part, at); at += part.length; }
  return out;
}
function uleb(n) {
  const out = [];
  for (; n >= 128; n = Math.floor(n / 128)) out.push((n & 127) | 128);
  return [...out, n];
}
const blob = (bytes) => join(uleb(bytes.length), bytes);
const field = (bytes) => join(be(bytes.length, 4), bytes);

// ---- SHA3-256 (FIPS 202), in words of 32 bits

const KECCAK = (() => {
  const rounds = [], offsets = new Uint8Array(25), targets = new Uint8Array(25);
  let r = 1;
  for (let i = 0; i < 24; i++) {
    const word = [0, 0];
    for (let j = 0; j < 7; j++) {
      if (r & 1) word[(1 << j) > 32 ? 1 : 0] |= 1 << (((1 << j) - 1) & 31);
      r = (r << 1) ^ ((r >> 7) * 0x171);
    }
    rounds.push(word);
  }
  let x = 1, y = 0;
  for (let t = 0; t < 24; t++) {
    offsets[x + 5 * y] = ((t + 1) * (t + 2) / 2) % 64;
    [x, y] = [y, (2 * x + 3 * y) % 5];
  }
  for (let i = 0; i < 25; i++) targets[i] = Math.floor(i / 5) + 5 * ((2 * (i % 5) + 3 * Math.floor(i / 5)) % 5);
  return {rounds, offsets, targets};
})();
function permute(s) {
  const c = new Int32Array(10), b = new Int32Array(50);
  for (const [low, high] of KECCAK.rounds) {
    for (let x = 0; x < 10; x++) c[x] = s[x] ^ s[x + 10] ^ s[x + 20] ^ s[x + 30] ^ s[x + 40];
    for (let x = 0; x < 5; x++) {
      const l = c[2 * ((x + 1) % 5)], h = c[2 * ((x + 1) % 5) + 1], at = 2 * ((x + 4) % 5);
      const dl = c[at] ^ ((l << 1) | (h >>> 31)), dh = c[at + 1] ^ ((h << 1) | (l >>> 31));
      for (let y = 0; y < 50; y += 10) { s[2 * x + y] ^= dl; s[2 * x + y + 1] ^= dh; }
    }
    for (let i = 0; i < 25; i++) {
      let n = KECCAK.offsets[i], l = s[2 * i], h = s[2 * i + 1];
      if (n >= 32) { [l, h] = [h, l]; n -= 32; }
      const to = 2 * KECCAK.targets[i];
      b[to] = n ? (l << n) | (h >>> (32 - n)) : l;
      b[to + 1] = n ? (h << n) | (l >>> (32 - n)) : h;
    }
    for (let y = 0; y < 50; y += 10) {
      for (let x = 0; x < 10; x++) s[y + x] = b[y + x] ^ (~b[y + (x + 2) % 10] & b[y + (x + 4) % 10]);
    }
    s[0] ^= low;
    s[1] ^= high;
  }
}
function sha3(bytes) {
  const padded = new Uint8Array(Math.floor(bytes.length / 136) * 136 + 136);
  padded.set(bytes);
  padded[bytes.length] ^= 6;
  padded[padded.length - 1] ^= 128;
  const s = new Int32Array(50);
  for (let at = 0; at < padded.length; at += 136) {
    for (let i = 0; i < 136; i++) s[i >> 2] ^= padded[at + i] << (8 * (i & 3));
    permute(s);
  }
  return Uint8Array.from({length: 32}, (_, i) => (s[i >> 2] >>> (8 * (i & 3))) & 255);
}

// ---- SHA-256 and SHA-512 (FIPS 180-4): constants are roots of primes

const SHA2 = (() => {
  const primes = [];
  for (let n = 2; primes.length < 80; n++) if (primes.every((p) => n % p)) primes.push(n);
  const root = (n, k) => {  // the whole k-th root of n
    let low = 0n, high = 1n << 80n;
    while (low < high) {
      const middle = (low + high + 1n) >> 1n;
      if (middle ** k <= n) low = middle; else high = middle - 1n;
    }
    return low;
  };
  const part = (p, k, bits) => root(BigInt(p) << (BigInt(bits) * k), k) & ((1n << BigInt(bits)) - 1n);
  return {
    256: {bits: 32, rounds: 64, big: [[2, 13, 22], [6, 11, 25]], small: [[7, 18, 3], [17, 19, 10]]},
    512: {bits: 64, rounds: 80, big: [[28, 34, 39], [14, 18, 41]], small: [[1, 8, 7], [19, 61, 6]]},
    start: (bits) => primes.slice(0, 8).map((p) => part(p, 2n, bits)),
    keys: (bits, rounds) => primes.slice(0, rounds).map((p) => part(p, 3n, bits)),
  };
})();
function sha2(kind, bytes) {
  const {bits, rounds, big, small} = SHA2[kind], width = bits / 8, size = 16 * width;
  SHA2[kind].k ||= SHA2.keys(bits, rounds);
  SHA2[kind].h ||= SHA2.start(bits);
  const mask = (1n << BigInt(bits)) - 1n, k = SHA2[kind].k, h = [...SHA2[kind].h];
  const turn = (x, n) => (x >> BigInt(n)) | ((x << BigInt(bits - n)) & mask);
  const padded = new Uint8Array(Math.ceil((bytes.length + 1 + 2 * width) / size) * size);
  padded.set(bytes);
  padded[bytes.length] = 128;
  padded.set(be(bytes.length * 8, 8), padded.length - 8);
  for (let at = 0; at < padded.length; at += size) {
    const w = [];
    for (let i = 0; i < 16; i++) w.push(number(padded.slice(at + i * width, at + (i + 1) * width).reverse()));
    const sigma = (x, [a, b, c], shift) => turn(x, a) ^ turn(x, b) ^ (shift ? x >> BigInt(c) : turn(x, c));
    for (let i = 16; i < rounds; i++) {
      w.push((w[i - 16] + sigma(w[i - 15], small[0], true) + w[i - 7] + sigma(w[i - 2], small[1], true)) & mask);
    }
    let [a, b, c, d, e, f, g, z] = h;
    for (let i = 0; i < rounds; i++) {
      const t = z + sigma(e, big[1]) + ((e & f) ^ (~e & mask & g)) + k[i] + w[i];
      const u = sigma(a, big[0]) + ((a & b) ^ (a & c) ^ (b & c));
      [z, g, f, e, d, c, b, a] = [g, f, e, (d + t) & mask, c, b, a, (t + u) & mask];
    }
    [a, b, c, d, e, f, g, z].forEach((x, i) => { h[i] = (h[i] + x) & mask; });
  }
  return join(...h.map((x) => be(x, width)));
}

// ---- The file: JSON with nothing that two readers could take for two things

class Whole { constructor(value) { this.value = value; } }
function parse(bytes) {
  need(bytes.length <= 160 << 20, "the file is too large");
  let source;
  try { source = new TextDecoder("utf-8", {fatal: true, ignoreBOM: true}).decode(bytes); } catch { need(false, "no UTF-8"); }
  try { JSON.parse(source); } catch { need(false, "the file is not JSON"); }
  let at = 0;
  const skip = () => { while (" \t\n\r".includes(source[at]) && at < source.length) at++; };
  const string = () => {
    const from = at++;
    while (source[at] !== '"') at += source[at] === "\\" ? 2 : 1;
    return JSON.parse(source.slice(from, ++at));
  };
  const value = (depth) => {
    need(depth <= 8, "the file is nested too deeply");
    skip();
    if (source[at] === '"') return string();
    if (source[at] === "{") {
      const out = new Map();
      for (at++, skip(); source[at] !== "}"; skip()) {
        if (source[at] === ",") { at++; skip(); }
        const key = string();
        need(!out.has(key), "a key twice");
        skip();
        at++;
        out.set(key, value(depth + 1));
      }
      at++;
      return out;
    }
    if (source[at] === "[") {
      const out = [];
      for (at++, skip(); source[at] !== "]"; skip()) {
        if (source[at] === ",") at++;
        out.push(value(depth + 1));
      }
      at++;
      return out;
    }
    const word = /^[^\s,\]}]+/.exec(source.slice(at, at + 400))[0];
    at += word.length;
    if (word === "true" || word === "false") return word === "true";
    if (word === "null") return null;
    need(/^(0|[1-9][0-9]{0,8})$/.test(word), "a number that the form does not know");
    return new Whole(Number(word));
  };
  return value(1);
}
const only = (value, keys, place) => {
  need(value instanceof Map && value.size === keys.split(" ").length && keys.split(" ").every((k) => value.has(k)),
    `${place}: members`);
  return Object.fromEntries(value);
};
const u64 = (value) => {
  need(typeof value === "string" && /^(0|[1-9][0-9]{0,19})$/.test(value), "a number in quotes");
  need(BigInt(value) < 1n << 64n, "a number of 64 bits");
  return BigInt(value);
};
const i64 = (value) => { need(u64(value) < 1n << 63n, "a number of 63 bits"); return BigInt(value); };
const small = (value, most) => {
  need(value instanceof Whole && value.value <= most, `a number up to ${most}`);
  return value.value;
};
const listed = (value, most) => { need(Array.isArray(value) && value.length <= most, `a list of at most ${most}`); return value; };
const data = (value, most) => {
  need(typeof value === "string" && value.length <= 2 + 2 * most && /^0x([0-9a-fA-F]{2})*$/.test(value), "hexadecimal text");
  return Uint8Array.from(value.slice(2).match(/../g) || [], (d) => parseInt(d, 16));
};
const digest = (value) => { const out = data(value, 32); need(out.length === 32, "32 bytes"); return out; };
const words = (value, most = 4096) => {
  need(typeof value === "string" && text(value).length <= most, `text of at most ${most} bytes`);
  need(new TextDecoder("utf-8", {ignoreBOM: true}).decode(text(value)) === value, "half a character");
  return text(value);
};

// ---- The config: BCS, read and written

class Reader {
  constructor(bytes, canonical) { Object.assign(this, {bytes, canonical, at: 0}); }
  take(count) {
    need(this.at + count <= this.bytes.length, "BCS ends too early");
    return this.bytes.slice(this.at, this.at += count);
  }
  whole(count) { return number(this.take(count)); }
  byte() { return this.take(1)[0]; }
  length() {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      need(shift < 64n, "BCS length too long");
      const byte = BigInt(this.byte());
      need(!(this.canonical && shift === 63n && (byte & 127n) > 1n), "BCS length not canonical");
      value |= (byte & 127n) << shift;
      if (!(byte & 128n)) { need(!(this.canonical && byte === 0n && shift > 0n), "BCS length not canonical"); break; }
    }
    value &= (1n << 64n) - 1n;
    need(value <= BigInt(this.bytes.length - this.at), "BCS length past the end");
    return Number(value);
  }
  blob() { return this.take(this.length()); }
  flag() { const byte = this.byte(); need(byte < 2, "BCS flag"); return byte === 1; }
  end() { need(this.at === this.bytes.length, "BCS bytes left over"); }
}
function readConfig(bytes, schema) {
  const r = new Reader(bytes, schema >= 2), c = {};
  [c.slug, c.series, c.run, c.version, c.type, c.tags] = [r.blob(), r.blob(), r.whole(8), r.whole(8), r.byte(), r.whole(8)];
  c.numbers = [r.whole(8), r.whole(8), r.whole(8), r.whole(8), r.whole(8)];
  c.shares = [0, 1, 2, 3].map(() => Number(r.whole(2)));
  need(c.shares.reduce((a, b) => a + b) === 10000, "shares");
  c.slots = [];
  for (let left = r.length(); left > 0; left--) {
    c.slots.push({id: r.whole(8), winners: Number(r.whole(2)), type: r.byte(), reward: r.blob()});
  }
  c.dedup = r.flag();
  c.algo = r.byte();
  c.close = [r.flag(), r.whole(8)];
  c.backend = [r.byte(), r.blob()];
  c.retry = [r.byte(), r.whole(8), r.whole(8)];
  r.end();
  return c;
}
const slotBytes = (slots) => join(uleb(slots.length),
  ...slots.map((s) => join(le(s.id, 8), le(s.winners, 2), [s.type], blob(s.reward))));
const configBytes = (c, tags) => join(blob(c.slug), blob(c.series), le(c.run, 8), le(c.version, 8), [c.type], le(tags, 8),
  ...c.numbers.map((n) => le(n, 8)), ...c.shares.map((n) => le(n, 2)), slotBytes(c.slots), [c.dedup ? 1 : 0, c.algo],
  [c.close[0] ? 1 : 0], le(c.close[1], 8), [c.backend[0]], blob(c.backend[1]), [c.retry[0]], le(c.retry[1], 8), le(c.retry[2], 8));

// ---- Plan and rounds

const CHAINS = {
  "0x52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971": {genesis: 1692803367n, period: 3n, scheme: "g1"},
  "0x8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce": {genesis: 1595431050n, period: 30n, scheme: "g2"},
};
function readSource(value) {
  if (value === null) return null;
  need(value instanceof Map, "a source");
  const kind = value.get("kind");
  if (kind === "vrf") {
    const key = data(only(value, "kind public_key", "source").public_key, 32);
    need(key.length === 32, "a key of 32 bytes");
    return {kind, key, bytes: join([0], blob(key))};
  }
  if (kind === "beacon") {
    const chain = digest(only(value, "kind chain", "source").chain);
    return {kind, chain: CHAINS[show(chain)], bytes: join([1], chain)};
  }
  need(kind === "callback", "an unknown source");
  const network = data(only(value, "kind network", "source").network, 64);
  need(network.length > 0, "a network's name");
  return {kind, bytes: join([2], blob(network))};
}
function readPlan(value) {
  const p = only(value, "source fallback margin_secs deadline_secs", "plan");
  const plan = {source: readSource(p.source), fallback: readSource(p.fallback), margin: u64(p.margin_secs), deadline: u64(p.deadline_secs)};
  need(plan.source && !(plan.fallback && same(plan.source.bytes, plan.fallback.bytes)), "plan: sources");
  need(plan.margin >= 1n && plan.margin <= 604800n && plan.deadline >= 1n && plan.deadline <= 2592000n, "plan: times");
  plan.hash = sha3(join(text("lottery_multi::randomness_plan::1"), plan.source.bytes,
    plan.fallback ? join([1], plan.fallback.bytes) : [0], le(plan.margin, 8), le(plan.deadline, 8)));
  return plan;
}
function firstRound(source, after) {
  if (!source || source.kind !== "beacon") return 0n;
  need(source.chain, "an unknown chain");
  const {genesis, period} = source.chain;
  return after < genesis ? 1n : (after - genesis) / period + 2n;
}
function schedule(plan, closed, committed) {
  const planned = closed + plan.margin, due = (committed < planned ? closed : committed) + plan.margin;
  const deadline = due + plan.deadline;
  need(planned < 1n << 64n && deadline < 1n << 64n, "times past all bounds");
  return [firstRound(plan.source, due), firstRound(plan.fallback, deadline), deadline];
}
function readClosings(value, facts) {
  const out = [];
  let before = new Uint8Array(32), last = null;
  for (const element of listed(value, 5)) {
    const v = only(element, "closed_at committed_at attempt payload primary_round fallback_round deadline", "closings");
    const c = {closed: u64(v.closed_at), committed: u64(v.committed_at), attempt: small(v.attempt, 255), payload: data(v.payload, 256),
      rounds: [u64(v.primary_round), u64(v.fallback_round), u64(v.deadline)]};
    need(c.closed <= c.committed && schedule(facts.plan, c.closed, c.committed).every((n, i) => n === c.rounds[i]),
      "the rounds are not those of the rule");
    need(c.attempt > (last ? last.attempt : 0) && (!last || (c.closed === last.closed && c.committed >= last.committed)),
      "attempts out of order");
    c.hash = sha3(join(text("lottery_multi::closing_commitment::1"), le(facts.schema, 2), le(facts.lottery, 8), facts.terms,
      facts.snapshot, facts.slotsSum, le(facts.tickets, 8), le(c.closed, 8), le(c.committed, 8), [c.attempt], before,
      blob(c.payload), ...c.rounds.map((n) => le(n, 8))));
    out.push(c);
    [before, last] = [c.hash, c];
  }
  need(last, "there is no closing commitment");
  return out;
}

// ---- Purchases

const leaf = (buyer, tickets) => ({tickets, hash: sha3(join(le(0, 8), le(tickets, 8), buyer))});
function fork(left, right) {
  const tickets = left.tickets + right.tickets;
  need(tickets < 1n << 64n, "a sum of tickets past 64 bits");
  return {tickets, hash: sha3(join(le(1, 8), le(left.tickets, 8), le(right.tickets, 8), left.hash, right.hash))};
}
function treeRoot(level) {
  while (level.length > 1) {
    const above = [];
    for (let i = 0; i + 1 < level.length; i += 2) above.push(fork(level[i], level[i + 1]));
    if (level.length % 2) above.push(level[level.length - 1]);
    level = above;
  }
  return level.length ? level[0].hash : new Uint8Array(32);
}
function ownerChain(owners) {
  let value = sha3(text("lottery_multi::snapshot_seed"));
  for (let chunk = 0; chunk < Math.floor(owners.length / 256); chunk++) {
    value = sha3(join(value, le(chunk, 8), le(chunk * 256, 8), uleb(256), ...owners.slice(chunk * 256, chunk * 256 + 256)));
  }
  return value;
}
/// The owner of each ticket by the list, when there is one and it leads to the root.
function readOwners(value, facts) {
  if (value === null) return null;
  const owners = [], leaves = [];
  for (const pair of listed(value, 1000000)) {
    need(listed(pair, 2).length === 2, "a purchase");
    const [buyer, count] = [digest(pair[0]), small(pair[1], 128)];
    need(count > 0, "a purchase of nothing");
    if (facts.schema >= 2) leaves.push(leaf(buyer, BigInt(count)));
    for (let i = 0; i < count; i++) owners.push(buyer);
  }
  need(same(facts.schema === 1 ? ownerChain(owners) : treeRoot(leaves), facts.root) && BigInt(owners.length) === facts.tickets
    && BigInt(value.length) === facts.purchases, "the purchases are not those of the snapshot");
  return owners;
}
function readProof(value) {
  const proof = only(value, "buyer tickets steps", "proof");
  const steps = listed(proof.steps, 64).map((step) => {
    need(listed(step, 3).length === 3 && (step[0] === "left" || step[0] === "right"), "a step");
    return {isLeft: step[0] === "left", tickets: u64(step[1]), hash: digest(step[2])};
  });
  return {buyer: digest(proof.buyer), tickets: u64(proof.tickets), steps};
}
function checkProof(value, ticket, buyer, facts) {
  const proof = readProof(value);
  let node = leaf(proof.buyer, proof.tickets), first = 0n;
  for (const step of proof.steps) {
    if (step.isLeft) first += step.tickets;
    node = step.isLeft ? fork(step, node) : fork(node, step);
  }
  need(node.tickets === facts.tickets && same(node.hash, facts.root), "a proof does not lead to the root");
  need(ticket >= first && ticket - first < proof.tickets && same(proof.buyer, buyer), "a proof is of another purchase");
}

// ---- Winners

function fair(seed, count) {
  const limit = (1n << 64n) / count * count;
  while (number(seed.slice(0, 8)) >= limit) seed = sha3(seed);
  return [number(seed.slice(0, 8)) % count, seed];
}
function drawWinners(d) {
  const out = [], taken = new Set(), moved = new Map();
  let ordinal = 0n;
  d.slots.forEach(({id, winners}, place) => {
    for (let local = 0; local < winners; local++, ordinal++) {
      let ticket, seed = sha3(join(d.schema >= 2 ? text("lottery_multi::winner_seed::2") : [], d.numbers[place], d.snapshot,
        d.payloadHash, le(d.lottery, 8), le(ordinal, 8), le(local, 8), le(d.schema, 8), le(d.attempt, 8)));
      if (d.schema === 1) {
        let tries = 0;
        for (; tries < 16; tries++) {
          ticket = number(seed.slice(0, 8)) % d.tickets;
          if (!d.dedup || !taken.has(ticket)) break;
          seed = sha3(seed);
        }
        need(tries < 16, "no winner in 16 tries");
        taken.add(ticket);
      } else if (!d.dedup) {
        [ticket, seed] = fair(seed, d.tickets);
      } else {
        const left = d.tickets - ordinal;
        need(left > 0n, "more winners than tickets");
        let at;
        [at, seed] = fair(seed, left);
        ticket = moved.has(at) ? moved.get(at) : at;
        moved.set(at, moved.has(left - 1n) ? moved.get(left - 1n) : left - 1n);
      }
      out.push({slot: id, ticket, hash: seed});
    }
  });
  return out;
}

// ---- Ed25519 (RFC 8032) and the verifiable random function (RFC 9381)

const power = (base, exponent, modulus) => {
  let out = 1n;
  for (base %= modulus; exponent > 0n; exponent >>= 1n, base = base * base % modulus) if (exponent & 1n) out = out * base % modulus;
  return out;
};
const ED = (() => {
  const p = 2n ** 255n - 19n, mod = (n) => ((n % p) + p) % p, inverse = (n) => power(mod(n), p - 2n, p);
  const d = mod(-121665n * inverse(121666n)), order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const zero = [0n, 1n, 1n, 0n];
  const read = (bytes) => {  // null for bytes that are no point, or not in the one right form
    const all = number(bytes), sign = all >> 255n, y = all & ((1n << 255n) - 1n);
    if (bytes.length !== 32 || y >= p) return null;
    const xx = mod((y * y - 1n) * inverse(d * y * y + 1n));
    let x = power(xx, (p + 3n) / 8n, p);
    if (mod(x * x - xx)) x = mod(x * power(2n, (p - 1n) / 4n, p));
    if (mod(x * x - xx) || (x === 0n && sign)) return null;
    if ((x & 1n) !== sign) x = p - x;
    return [x, y, 1n, mod(x * y)];
  };
  const add = (a, b) => {
    const k = (a[1] - a[0]) * (b[1] - b[0]), l = (a[1] + a[0]) * (b[1] + b[0]), t = 2n * a[3] * b[3] % p * d, z = 2n * a[2] * b[2];
    const e = mod(l - k), f = mod(z - t), g = mod(z + t), h = mod(l + k);
    return [e * f % p, g * h % p, f * g % p, e * h % p];
  };
  const times = (n, a) => {
    let out = zero;
    for (; n > 0n; n >>= 1n, a = add(a, a)) if (n & 1n) out = add(out, a);
    return out;
  };
  const equal = (a, b) => !mod(a[0] * b[2] - b[0] * a[2]) && !mod(a[1] * b[2] - b[1] * a[2]);
  const write = (a) => { const i = inverse(a[2]), x = mod(a[0] * i); return le(mod(a[1] * i) | ((x & 1n) << 255n), 32); };
  const base = read(le(4n * inverse(5n) % p, 32));
  const inGroup = (a) => a !== null && !equal(a, zero) && equal(times(order, a), zero);
  return {order, zero, read, add, times, equal, write, base, inGroup};
})();
function isSigned(key, signature, message) {
  const a = ED.read(key), s = number(signature.slice(32));
  if (signature.length !== 64 || a === null || s >= ED.order) return false;
  const k = number(sha2(512, join(signature.slice(0, 32), key, message))) % ED.order;
  return same(ED.write(ED.add(ED.times(s, ED.base), ED.times(ED.order - k, a))), signature.slice(0, 32));
}
function vrfValue(key, alpha, proof) {
  need(proof.length === 80, "vrf: a proof has 80 bytes");
  const y = ED.read(key), gamma = ED.read(proof.slice(0, 32)), c = number(proof.slice(32, 48)), s = number(proof.slice(48));
  need(ED.inGroup(y) && ED.inGroup(gamma) && s < ED.order, "vrf: a point or scalar is out of its group");
  let h = null;
  for (let counter = 0; counter < 256 && h === null; counter++) {
    h = ED.read(sha2(512, join([3, 1], key, alpha, [counter, 0])).slice(0, 32));
    if (h !== null) { h = ED.times(8n, h); if (ED.equal(h, ED.zero)) h = null; }
  }
  need(h !== null, "vrf: no point for this input");
  const minus = ED.order - c;
  const u = ED.add(ED.times(s, ED.base), ED.times(minus, y)), v = ED.add(ED.times(s, h), ED.times(minus, gamma));
  const found = sha2(512, join([3, 2], key, ...[h, gamma, u, v].map(ED.write), [0])).slice(0, 16);
  need(same(found, proof.slice(32, 48)), "vrf: the proof is not this key's for this input");
  return sha2(512, join([3, 3], ED.write(ED.times(8n, gamma)), [0]));
}

// ---- The value

function checkValue(value, plan, closing) {
  need(value instanceof Map && typeof value.get("fallback") === "boolean", "randomness");
  const isFallback = value.get("fallback"), source = isFallback ? plan.fallback : plan.source;
  need(source && value.get("kind") === source.kind, "another source than the plan's");
  const drawn = data(value.get("value"), 64), out = {value: drawn, isFallback, source, known: null};
  if (source.kind === "beacon") {
    const r = only(value, "fallback value kind round signature previous_signature", "randomness");
    const round = u64(r.round), signature = data(r.signature, 96), previous = data(r.previous_signature, 96);
    need(round === closing.rounds[isFallback ? 1 : 0], "another round than the commitment's");
    need(same(sha2(256, signature), drawn), "the value is not the signature's SHA-256");
    out.known = source.chain.genesis + (round - 1n) * source.chain.period;
    out.isProved = typeof isBeacon === "function";
    if (out.isProved) need(isBeacon(source.chain.scheme, round, signature, previous), "the beacon is not signed by the chain's key");
    out.detail = out.isProved ? `round ${round} is signed by the chain's key` : `the signature of round ${round} is not looked at here`;
  } else if (source.kind === "vrf") {
    const r = only(value, "fallback value kind proof", "randomness");
    need(same(vrfValue(source.key, closing.hash, data(r.proof, 80)), drawn), "the proof stands for another value");
    [out.isProved, out.detail] = [true, "the value is the only one that the declared key can make for this commitment"];
  } else {
    const r = only(value, "fallback value kind nonce signature", "randomness");
    u64(r.nonce);
    data(r.signature, 256);
    [out.isProved, out.detail] = [false, "the network's word: its callback can only be checked on its chain"];
  }
  return out;
}

// ---- The witness

function checkWitness(value, commitment, known, key) {
  if (value === null) return [false, "the organiser's word: the bundle has no witness for the commitment's time"];
  need(value instanceof Map && ["checkpoint", "transaction"].includes(value.get("kind")), "witness");
  if (value.get("kind") === "transaction") {
    const w = only(value, "kind chain hash", "witness");
    words(w.chain, 64);
    return [false, `look up transaction ${show(digest(w.hash))} on ${w.chain}: it must carry the commitment, and be older than the value`];
  }
  const w = only(value, "kind number at heads previous public_key signature before records", "witness");
  const heads = listed(w.heads, 10000).map((head) => {
    need(listed(head, 3).length === 3, "a head");
    return {chain: i64(head[0]), sequence: i64(head[1]), hash: digest(head[2])};
  });
  const at = i64(w.at), publicKey = data(w.public_key, 32);
  let link = digest(w.before), last = null;
  for (const record of listed(w.records, 10000)) {
    const r = only(record, "chain sequence at actor action entity entity_id details root", "witness.records");
    const here = {chain: i64(r.chain), sequence: i64(r.sequence)}, root = r.root === null ? new Uint8Array(32) : digest(r.root);
    need(last || (r.root !== null && same(root, commitment) && here.sequence > 0n), "the first audit record does not hold the commitment");
    need(!last || (here.chain === last.chain && here.sequence === last.sequence + 1n), "the audit records do not follow one another");
    link = sha2(256, join(field(text("almoner/audit/1")), link, be(here.chain, 8), be(here.sequence, 8), be(i64(r.at), 8),
      ...[r.actor, r.action, r.entity, r.entity_id].map((t) => field(words(t))), field(words(r.details, 65536)), root));
    last = here;
  }
  need(last && heads.some((h) => h.chain === last.chain && h.sequence === last.sequence && same(h.hash, link)),
    "the checkpoint does not cover the audit records");
  heads.sort((a, b) => Number(a.chain - b.chain) || Number(a.sequence - b.sequence));
  const message = join(field(text("almoner/checkpoint/1")), digest(w.previous), be(i64(w.number), 8), be(at, 8), be(heads.length, 8),
    ...heads.map((h) => join(be(h.chain, 8), be(h.sequence, 8), h.hash)));
  need(isSigned(publicKey, data(w.signature, 64), message), "the checkpoint's signature is wrong");
  if (known === null) return [false, "a signed checkpoint covers the commitment, but when the value was known is its maker's word"];
  need(at / 1000n < known, "the checkpoint is not older than the value");
  if (!key) return [false, `checkpoint ${w.number} is older than the value; that its key is the organiser's, and its clock right, is its holder's word`];
  need(same(key, publicKey), "the checkpoint is signed by another key than the one given");
  return [true, `checkpoint ${w.number}, signed by the given key, is older than the value by ${known - at / 1000n} s`];
}

// ---- The whole

function verifyDraw(bytes, witnessKey) {
  const b = only(parse(bytes), "format schema lottery config plan closings snapshot purchases randomness winners "
    + "winners_batch_hash checksum_after_batch witness", "bundle");
  need(b.format === "almoner/draw/1", "format");
  const facts = {schema: small(b.schema, 2), lottery: u64(b.lottery)}, findings = [];
  const note = (statement, isProved, detail) => findings.push({statement, isProved, detail});
  need(facts.schema >= 1, "schema");
  const config = readConfig(data(b.config, 65536), facts.schema), slots = config.slots;
  need(slots.length >= 1 && slots.length <= 255 && slots.every((s) => s.winners > 0), "a prize plan has 1 to 255 slots, each with winners");
  facts.plan = readPlan(b.plan);
  const s = only(b.snapshot, "tickets_sold proceeds distribution accounting purchases root", "snapshot");
  const shares = listed(s.distribution, 4).map((n) => small(n, 10000)), books = listed(s.accounting, 6).map(u64);
  need(shares.length === 4 && shares.reduce((x, y) => x + y) === 10000 && books.length === 6, "snapshot");
  [facts.tickets, facts.purchases, facts.root] = [u64(s.tickets_sold), u64(s.purchases), digest(s.root)];
  facts.snapshot = sha3(join(facts.schema >= 2 ? join(text("lottery_multi::snapshot_seed::2"), le(facts.lottery, 8),
    sha3(configBytes(config, config.tags)), le(facts.purchases, 8)) : [], facts.root, le(facts.tickets, 8), le(u64(s.proceeds), 8),
    ...shares.map((n) => le(n, 2)), ...books.map((n) => le(n, 8))));
  facts.terms = sha3(join(text("lottery_multi::terms::1"), le(facts.schema, 2), le(facts.lottery, 8), sha3(configBytes(config, 0)), facts.plan.hash));
  facts.slotsSum = sha3(slotBytes(slots));
  const closings = readClosings(b.closings, facts), closing = closings[closings.length - 1];
  note("terms", true, `config, prize plan and plan of randomness are those under ${show(facts.terms)}`);
  note("rounds", true, "rounds and deadline follow from close and margin");

  const r = new Reader(closing.payload, true);
  const got = {lottery: r.whole(8), version: r.whole(8), snapshot: r.blob(), slots: r.blob(), count: r.byte(), seed: r.whole(8), attempt: r.byte()};
  r.take(9);
  r.end();
  need(got.lottery === facts.lottery && got.version === config.version && same(got.snapshot, facts.snapshot)
    && same(got.slots, facts.slotsSum) && got.count === slots.length && got.attempt === closing.attempt,
    "the payload is not the one of this snapshot, plan and attempt");
  note("snapshot", true, `${facts.tickets} tickets under ${show(facts.snapshot)}`);

  const drawn = checkValue(b.randomness, facts.plan, closing);
  note("randomness", drawn.isProved, drawn.detail);
  const numbers = slots.map((_, i) => sha3(join(text("lottery_multi::random_number::1"), closing.hash, [drawn.isFallback ? 1 : 0],
    blob(drawn.value), le(i, 8))));
  const owners = readOwners(b.purchases, facts), claimed = listed(b.winners, 100000);
  need(claimed.length === slots.reduce((n, slot) => n + slot.winners, 0) && facts.tickets > 0n, "the number of winners");
  const winners = drawWinners({...facts, slots, dedup: config.dedup, numbers, payloadHash: sha3(closing.payload), attempt: closing.attempt});
  let batch = sha3(text("lottery_multi::winner_batch_seed")), checksum = sha3(text("lottery_multi::winner_seed")), paid = 0n;
  winners.forEach(({slot, ticket, hash}, i) => {
    const w = only(claimed[i], "slot ticket buyer hash prize proof", "winners"), buyer = digest(w.buyer);
    need(u64(w.slot) === slot && u64(w.ticket) === ticket && same(digest(w.hash), hash), `winner ${i} is ticket ${ticket}`);
    checksum = sha3(join(checksum, le(ticket, 8), hash));
    batch = sha3(join(batch, le(slot, 8), le(ticket, 8), hash));
    if (owners) need(same(owners[Number(ticket)], buyer), `ticket ${ticket} is somebody else's`);
    else if (facts.schema >= 2) checkProof(w.proof, ticket, buyer, facts);
    if (w.proof !== null) readProof(w.proof);
    if (w.prize !== null) paid += u64(w.prize);
  });
  need(same(digest(b.winners_batch_hash), batch) && same(digest(b.checksum_after_batch), checksum), "the hashes over all winners are others");
  note("winners", true, `${winners.length} winners follow from snapshot, commitment and value`);
  const open = facts.schema === 1 ? facts.tickets % 256n : 0n;
  if (owners && open === 0n) note("owners", true, "each winning ticket's owner stands in the list under the snapshot");
  else if (owners) note("owners", false, `the organiser's word for the last ${open} tickets: schema 1 commits to full chunks of 256 owners`);
  else if (facts.schema >= 2) note("owners", true, "each winning ticket's owner has a proof under the snapshot");
  else note("owners", false, "the organiser's word: without the list schema 1 shows no owner");
  need(paid <= books[1], "more prizes than were set aside");
  note("prizes", true, `prizes of ${paid} in all, of ${books[1]} set aside`);
  note("order", ...checkWitness(b.witness, closing.hash, drawn.known, witnessKey));
  if (drawn.isFallback) note("fallback", false, `the organiser's word: the source gave no value until ${closing.rounds[2]}`);
  if (closings.length > 1) note("attempts", false, `the organiser's word: the ${closings.length - 1} attempts before gave no value`);
  note("sales", false, "the organiser's word: every purchase in the snapshot was paid for, and none was left out");
  return {commitment: show(closing.hash), findings};
}
