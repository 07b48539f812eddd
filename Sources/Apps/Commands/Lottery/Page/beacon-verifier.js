// Beacons of drand: BLS signatures over BLS12-381, from RFC 9380, the IETF draft of pairing-friendly curves, and drand's
// specification. Comes after draw-verifier.js. The tower is one step: Fp12 = Fp[w]/(w^12 - 2w^6 + 2), with u = w^6 - 1 in Fp2.
"use strict";
const Q = BigInt("0x1A0111EA397FE69A4B1BA7B6434BACD764774B84F38512BF6730D2A0F6B0F6241EABFFFEB153FFFFB9FEFFFFFFFFAAAB");
const GROUP = BigInt("0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001");
const LOOP = BigInt("0xD201000000010000");  // the curve's parameter is -LOOP
const mod = (n) => { n %= Q; return n < 0n ? n + Q : n; };
function inverse(n) {  // Euclid: 0 for 0
  let [a, b, x, y] = [mod(n), Q, 1n, 0n];
  while (a > 0n) { const q = b / a; [a, b, x, y] = [b - q * a, a, y - q * x, x]; }
  return n === 0n ? 0n : mod(y);
}
const Fp = {
  zero: 0n, one: 1n, degree: 1,
  add: (a, b) => mod(a + b), sub: (a, b) => mod(a - b), mul: (a, b) => a * b % Q, inv: inverse,
  same: (a, b) => a === b, odd: (a) => a & 1n, large: (a) => a > (Q - 1n) / 2n,
  root: (a) => { const r = power(a, (Q + 1n) / 4n, Q); return r * r % Q === mod(a) ? r : null; },
};
const Fp2 = {
  zero: [0n, 0n], one: [1n, 0n], degree: 2,
  add: (a, b) => [mod(a[0] + b[0]), mod(a[1] + b[1])],
  sub: (a, b) => [mod(a[0] - b[0]), mod(a[1] - b[1])],
  mul: (a, b) => [mod(a[0] * b[0] - a[1] * b[1]), mod(a[0] * b[1] + a[1] * b[0])],
  inv: (a) => { const n = inverse(a[0] * a[0] + a[1] * a[1]); return [a[0] * n % Q, mod(-a[1] * n)]; },
  same: (a, b) => a[0] === b[0] && a[1] === b[1],
  odd: (a) => (a[0] ? a[0] & 1n : a[1] & 1n), large: (a) => (a[1] || a[0]) > (Q - 1n) / 2n,
  root: (a) => {
    if (a[1] === 0n) {
      let r = Fp.root(a[0]);
      if (r !== null) return [r, 0n];
      r = Fp.root(mod(-a[0]));
      return r === null ? null : [0n, r];
    }
    const n = Fp.root(mod(a[0] * a[0] + a[1] * a[1]));
    if (n === null) return null;
    for (const sign of [n, Q - n]) {
      const r = Fp.root((a[0] + sign) * inverse(2n) % Q);
      if (r) {
        const out = [r, a[1] * inverse(2n) % Q * inverse(r) % Q];
        if (Fp2.same(Fp2.mul(out, out), a)) return out;
      }
    }
    return null;
  },
};

// ---- Points: null is the neutral one

function plus(f, a, b) {
  if (a === null || b === null) return a === null ? b : a;
  let slope;
  if (f.same(a[0], b[0])) {
    if (!f.same(a[1], b[1]) || f.same(a[1], f.zero)) return null;
    const xx = f.mul(a[0], a[0]);
    slope = f.mul(f.add(f.add(xx, xx), xx), f.inv(f.add(a[1], a[1])));
  } else {
    slope = f.mul(f.sub(b[1], a[1]), f.inv(f.sub(b[0], a[0])));
  }
  const x = f.sub(f.sub(f.mul(slope, slope), a[0]), b[0]);
  return [x, f.sub(f.mul(slope, f.sub(a[0], x)), a[1])];
}
function multiple(f, n, a) {
  let out = null;
  for (; n > 0n; n >>= 1n, a = plus(f, a, a)) if (n & 1n) out = plus(f, out, a);
  return out;
}
const minus = (f, a) => [a[0], f.sub(f.zero, a[1])];
// A compressed point of the group; null for anything else, the neutral point too.
function readPoint(f, raw, b) {
  if (raw.length !== 48 * f.degree || !(raw[0] & 0x80) || raw[0] & 0x40) return null;
  const values = [join([raw[0] & 0x1f], raw.slice(1, 48)), raw.slice(48)].slice(0, f.degree).map((p) => number(p.slice().reverse()));
  if (values.some((v) => v >= Q)) return null;
  const x = f.degree === 1 ? values[0] : [values[1], values[0]];
  let y = f.root(f.add(f.mul(f.mul(x, x), x), b));
  if (y === null) return null;
  if (f.large(y) !== Boolean(raw[0] & 0x20)) y = f.sub(f.zero, y);
  return multiple(f, GROUP, [x, y]) === null ? [x, y] : null;
}

// ---- Hashing to a group: RFC 9380

function expand(message, tag, length) {
  const end = join(tag, [tag.length]);
  const first = sha2(256, join(new Uint8Array(64), message, be(length, 2), [0], end));
  const parts = [sha2(256, join(first, [1], end))];
  for (let i = 2; i <= Math.ceil(length / 32); i++) {
    parts.push(sha2(256, join(first.map((d, at) => d ^ parts[i - 2][at]), [i], end)));
  }
  return join(...parts).slice(0, length);
}
function simplified(f, u, a, b, z, iso) {
  const zuu = f.mul(z, f.mul(u, u)), total = f.add(f.mul(zuu, zuu), zuu);
  let x = f.same(total, f.zero) ? f.mul(b, f.inv(f.mul(z, a)))
    : f.mul(f.mul(f.sub(f.zero, b), f.inv(a)), f.add(f.one, f.inv(total)));
  const curve = () => f.root(f.add(f.mul(f.add(f.mul(x, x), a), x), b));
  let y = curve();
  if (y === null) { x = f.mul(zuu, x); y = curve(); }
  if (f.odd(y) !== f.odd(u)) y = f.sub(f.zero, y);
  const [xn, xd, yn, yd] = iso.map((row) => row.reduceRight((value, c) => f.add(f.mul(value, x), c), f.zero));
  if (f.same(xd, f.zero) || f.same(yd, f.zero)) return null;
  return [f.mul(xn, f.inv(xd)), f.mul(y, f.mul(yn, f.inv(yd)))];
}
const elements = (message, tag, count) => {
  const raw = expand(message, text(tag), 64 * count);
  return Array.from({length: count}, (_, i) => number(raw.slice(64 * i, 64 * i + 64).reverse()) % Q);
};
function hashG1(message, tag) {
  const [a, b] = elements(message, tag, 2).map((u) => simplified(Fp, u, A1, B1, 11n, ISO_G1));
  return multiple(Fp, 1n + LOOP, plus(Fp, a, b));
}
function hashG2(message, tag) {
  const u = elements(message, tag, 4), z = [Q - 2n, Q - 1n];
  const [a, b] = [[u[0], u[1]], [u[2], u[3]]].map((v) => simplified(Fp2, v, [0n, 240n], [1012n, 1012n], z, ISO_G2));
  return multiple(Fp2, H2, plus(Fp2, a, b));
}

// ---- The pairing

function mul12(a, b) {
  const c = new Array(23).fill(0n);
  for (let i = 0; i < 12; i++) if (a[i]) for (let j = 0; j < 12; j++) if (b[j]) c[i + j] += a[i] * b[j];
  for (let i = 22; i > 11; i--) { c[i - 6] += 2n * c[i]; c[i - 12] -= 2n * c[i]; }
  return c.slice(0, 12).map(mod);
}
// The line through two points of the twist, at p: (y_p - y/w^3) - slope/w * (x_p - x/w^2), times w^3.
function line(a, b, p) {
  const xx = Fp2.mul(a[0], a[0]), isTangent = Fp2.same(a[0], b[0]) && Fp2.same(a[1], b[1]);
  const slope = isTangent ? Fp2.mul(Fp2.add(Fp2.add(xx, xx), xx), Fp2.inv(Fp2.add(a[1], a[1])))
    : Fp2.mul(Fp2.sub(b[1], a[1]), Fp2.inv(Fp2.sub(b[0], a[0])));
  const out = new Array(12).fill(0n);
  const put = (v, shift) => { out[shift] += v[0] - v[1]; out[shift + 6] += v[1]; };  // v * w^shift, with u = w^6 - 1
  put(Fp2.sub(Fp2.mul(slope, a[0]), a[1]), 0);
  put(Fp2.mul(slope, [mod(-p[0]), 0n]), 2);
  out[3] += p[1];
  return out.map(mod);
}
function millerLoop(p, q) {
  let f = [1n, ...new Array(11).fill(0n)], t = q;
  for (const bit of LOOP.toString(2).slice(1)) {
    f = mul12(mul12(f, f), line(t, t, p));
    t = plus(Fp2, t, t);
    if (bit === "1") { f = mul12(f, line(t, q, p)); t = plus(Fp2, t, q); }
  }
  return f;
}
// Whether the product of pairings is one. The last power is (p^6 - 1)(p^2 + 1)h: what is raised to p^6 has its odd coefficients
// negated, so f^((p^2 + 1)h) must have none; and w^(p^2) is 2^((p - 1)/6) * w.
function isOne(pairs) {
  let f = pairs.map(([p, q]) => millerLoop(p, q)).reduce(mul12);
  const gamma = power(2n, (Q - 1n) / 6n, Q);
  f = mul12(f, f.map((c, i) => c * power(gamma, BigInt(i), Q) % Q));
  let out = [1n, ...new Array(11).fill(0n)];
  for (const bit of ((Q ** 4n - Q ** 2n + 1n) / GROUP).toString(2)) {
    out = mul12(out, out);
    if (bit === "1") out = mul12(out, f);
  }
  return out.every((c, i) => i % 2 === 0 || c === 0n);
}
// Whether the chain whose signatures lie in `group` signed this round.
function isBeacon(group, round, signature, previous) {
  if (previous.length !== (group === "g1" ? 0 : round === 1n ? 32 : 96) || round < 1n) return false;
  const key = data(BEACON_KEYS[group], 96), message = sha2(256, join(previous, be(round, 8)));
  const tag = `BLS_SIG_BLS12381${group.toUpperCase()}_XMD:SHA-256_SSWU_RO_NUL_`;
  if (group === "g1") {
    const point = readPoint(Fp, signature, 4n);
    return point !== null && isOne([[point, minus(Fp2, G2)], [hashG1(message, tag), readPoint(Fp2, key, [4n, 4n])]]);
  }
  const point = readPoint(Fp2, signature, [4n, 4n]);
  return point !== null && isOne([[G1, point], [minus(Fp, readPoint(Fp, key, 4n)), hashG2(message, tag)]]);
}

// ---- Constants

const G1 = [
  BigInt("0x17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb"),
  BigInt("0x8b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1"),
];
const G2 = [
  "24aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8 "
    + "13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e",
  "ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801 "
    + "606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79be",
].map((pair) => pair.split(" ").map((n) => BigInt("0x" + n)));
const BEACON_KEYS = {
  g1: "0x83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
    + "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
  g2: "0x868f005eb8e6e4ca0a47c8a77ceaa5309a47978a7c71bc5cce96366b5d7a569937c529eeda66c7293784a9402801af31",
};
// RFC 9380, 8.8 and appendix E.
const H2 = BigInt("0xbc69f08f2ee75b3584c6a0ea91b352888e2a8e9145ad7689986ff031508ffe1329c2f178731db956d82bf015d1212b02ec0ec69d7477c1ae954cbc06689f6a359894c0adebbf6b4e8020005aaa95551");
const A1 = BigInt("0x144698a3b8e9433d693a02c96d4982b0ea985383ee66a8d8e8981aefd881ac98936f8da0e0f97f5cf428082d584c1d");
const B1 = BigInt("0x12e2908d11688030018b12e8753eee3b2016c1f0f24f4070a0b9c14fcef35ef55a23215a316ceaa5d1cc48e98e172be0");
const ISO_G1 = [
  "11a05f2b1e833340b809101dd99815856b303e88a2d7005ff2627b56cdb4e2c85610c2d5f2e62d6eaeac1662734649b7 "
    + "17294ed3e943ab2f0588bab22147a81c7c17e75b2f6a8417f565e33c70d1e86b4838f2a6f318c356e834eef1b3cb83bb "
    + "d54005db97678ec1d1048c5d10a9a1bce032473295983e56878e501ec68e25c958c3e3d2a09729fe0179f9dac9edcb0 "
    + "1778e7166fcc6db74e0609d307e55412d7f5e4656a8dbf25f1b33289f1b330835336e25ce3107193c5b388641d9b6861 "
    + "e99726a3199f4436642b4b3e4118e5499db995a1257fb3f086eeb65982fac18985a286f301e77c451154ce9ac8895d9 "
    + "1630c3250d7313ff01d1201bf7a74ab5db3cb17dd952799b9ed3ab9097e68f90a0870d2dcae73d19cd13c1c66f652983 "
    + "d6ed6553fe44d296a3726c38ae652bfb11586264f0f8ce19008e218f9c86b2a8da25128c1052ecaddd7f225a139ed84 "
    + "17b81e7701abdbe2e8743884d1117e53356de5ab275b4db1a682c62ef0f2753339b7c8f8c8f475af9ccb5618e3f0c88e "
    + "80d3cf1f9a78fc47b90b33563be990dc43b756ce79f5574a2c596c928c5d1de4fa295f296b74e956d71986a8497e317 "
    + "169b1f8e1bcfa7c42e0c37515d138f22dd2ecb803a0c5c99676314baf4bb1b7fa3190b2edc0327797f241067be390c9e "
    + "10321da079ce07e272d8ec09d2565b0dfa7dccdde6787f96d50af36003b14866f69b771f8c285decca67df3f1605fb7b "
    + "6e08c248e260e70bd1e962381edee3d31d79d7e22c837bc23c0bf1bc24c6b68c24b1b80b64d391fa9c8ba2e8ba2d229",
  "8ca8d548cff19ae18b2e62f4bd3fa6f01d5ef4ba35b48ba9c9588617fc8ac62b558d681be343df8993cf9fa40d21b1c "
    + "12561a5deb559c4348b4711298e536367041e8ca0cf0800c0126c2588c48bf5713daa8846cb026e9e5c8276ec82b3bff "
    + "b2962fe57a3225e8137e629bff2991f6f89416f5a718cd1fca64e00b11aceacd6a3d0967c94fedcfcc239ba5cb83e19 "
    + "3425581a58ae2fec83aafef7c40eb545b08243f16b1655154cca8abc28d6fd04976d5243eecf5c4130de8938dc62cd8 "
    + "13a8e162022914a80a6f1d5f43e7a07dffdfc759a12062bb8d6b44e833b306da9bd29ba81f35781d539d395b3532a21e "
    + "e7355f8e4e667b955390f7f0506c6e9395735e9ce9cad4d0a43bcef24b8982f7400d24bc4228f11c02df9a29f6304a5 "
    + "772caacf16936190f3e0c63e0596721570f5799af53a1894e2e073062aede9cea73b3538f0de06cec2574496ee84a3a "
    + "14a7ac2a9d64a8b230b3f5b074cf01996e7f63c21bca68a81996e1cdf9822c580fa5b9489d11e2d311f7d99bbdcc5a5e "
    + "a10ecf6ada54f825e920b3dafc7a3cce07f8d1d7161366b74100da67f39883503826692abba43704776ec3a79a1d641 "
    + "95fc13ab9e92ad4476d6e3eb3a56680f682b4ee96f7d03776df533978f31c1593174e4b4b7865002d6384d168ecdd0a 1",
  "90d97c81ba24ee0259d1f094980dcfa11ad138e48a869522b52af6c956543d3cd0c7aee9b3ba3c2be9845719707bb33 "
    + "134996a104ee5811d51036d776fb46831223e96c254f383d0f906343eb67ad34d6c56711962fa8bfe097e75a2e41c696 "
    + "cc786baa966e66f4a384c86a3b49942552e2d658a31ce2c344be4b91400da7d26d521628b00523b8dfe240c72de1f6 "
    + "1f86376e8981c217898751ad8746757d42aa7b90eeb791c09e4a3ec03251cf9de405aba9ec61deca6355c77b0e5f4cb "
    + "8cc03fdefe0ff135caf4fe2a21529c4195536fbe3ce50b879833fd221351adc2ee7f8dc099040a841b6daecf2e8fedb "
    + "16603fca40634b6a2211e11db8f0a6a074a7d0d4afadb7bd76505c3d3ad5544e203f6326c95a807299b23ab13633a5f0 "
    + "4ab0b9bcfac1bbcb2c977d027796b3ce75bb8ca2be184cb5231413c4d634f3747a87ac2460f415ec961f8855fe9d6f2 "
    + "987c8d5333ab86fde9926bd2ca6c674170a05bfe3bdd81ffd038da6c26c842642f64550fedfe935a15e4ca31870fb29 "
    + "9fc4018bd96684be88c9e221e4da1bb8f3abd16679dc26c1e8b6e6a1f20cabe69d65201c78607a360370e577bdba587 "
    + "e1bba7a1186bdb5223abde7ada14a23c42a0ca7915af6fe06985e7ed1e4d43b9b3f7055dd4eba6f2bafaaebca731c30 "
    + "19713e47937cd1be0dfd0b8f1d43fb93cd2fcbcb6caf493fd1183e416389e61031bf3a5cce3fbafce813711ad011c132 "
    + "18b46a908f36f6deb918c143fed2edcc523559b8aaf0c2462e6bfe7f911f643249d9cdf41b44d606ce07c8a4d0074d8e "
    + "b182cac101b9399d155096004f53f447aa7b12a3426b08ec02710e807b4633f06c851c1919211f20d4c04f00b971ef8 "
    + "245a394ad1eca9b72fc00ae7be315dc757b3b080d4c158013e6632d3c40659cc6cf90ad1c232a6442d9d3f5db980133 "
    + "5c129645e44cf1102a159f748c4a3fc5e673d81d7e86568d9ab0f5d396a7ce46ba1049b6579afb7866b1e715475224b "
    + "15e6be4e990f03ce4ea50b3b42df2eb5cb181d8f84965a3957add4fa95af01b2b665027efec01c7704b456be69c8b604",
  "16112c4c3a9c98b252181140fad0eae9601a6de578980be6eec3232b5be72e7a07f3688ef60c206d01479253b03663c1 "
    + "1962d75c2381201e1a0cbd6c43c348b885c84ff731c4d59ca4a10356f453e01f78a4260763529e3532f6102c2e49a03d "
    + "58df3306640da276faaae7d6e8eb15778c4855551ae7f310c35a5dd279cd2eca6757cd636f96f891e2538b53dbf67f2 "
    + "16b7d288798e5395f20d23bf89edb4d1d115c5dbddbcd30e123da489e726af41727364f2c28297ada8d26d98445f5416 "
    + "be0e079545f43e4b00cc912f8228ddcc6d19c9f0f69bbb0542eda0fc9dec916a20b15dc0fd2ededda39142311a5001d "
    + "8d9e5297186db2d9fb266eaac783182b70152c65550d881c5ecd87b6f0f5a6449f38db9dfa9cce202c6477faaf9b7ac "
    + "166007c08a99db2fc3ba8734ace9824b5eecfdfa8d0cf8ef5dd365bc400a0051d5fa9c01a58b1fb93d1a1399126a775c "
    + "16a3ef08be3ea7ea03bcddfabba6ff6ee5a4375efa1f4fd7feb34fd206357132b920f5b00801dee460ee415a15812ed9 "
    + "1866c8ed336c61231a1be54fd1d74cc4f9fb0ce4c6af5920abc5750c4bf39b4852cfe2f7bb9248836b233d9d55535d4a "
    + "167a55cda70a6e1cea820597d94a84903216f763e13d87bb5308592e7ea7d4fbc7385ea3d529b35e346ef48bb8913f55 "
    + "4d2f259eea405bd48f010a01ad2911d9c6dd039bb61a6290e591b36e636a5c871a5c29f4f83060400f8b49cba8f6aa8 "
    + "accbb67481d033ff5852c1e48c50c477f94ff8aefce42d28c0f9a88cea7913516f968986f7ebbea9684b529e2561092 "
    + "ad6b9514c767fe3c3613144b45f1496543346d98adf02267d5ceef9a00d9b8693000763e3b90ac11e99b138573345cc "
    + "2660400eb2e4f3b628bdd0d53cd76f2bf565b94e72927c1cb748df27942480e420517bd8714cc80d1fadc1326ed06f7 "
    + "e0fa1d816ddc03e6b24255e0d7819c171c40f65e273b853324efcd6356caa205ca2f570f13497804415473a1d634b8f 1",
].map((row) => row.split(" ").map((n) => BigInt("0x" + n)));
const ISO_G2 = [
  "5c759507e8e333ebb5b7a9a47d7ed8532c52d39fd3a042a88b58423c50ae15d5c2638e343d9c71c6238aaaaaaaa97d6,5c759507e8e333ebb5b7a9a47d7ed8532c52d39fd3a042a88b58423c50ae15d5c2638e343d9c71c6238aaaaaaaa97d6 "
    + "0,11560bf17baa99bc32126fced787c88f984f87adf7ae0c7f9a208c6b4f20a4181472aaa9cb8d555526a9ffffffffc71a "
    + "11560bf17baa99bc32126fced787c88f984f87adf7ae0c7f9a208c6b4f20a4181472aaa9cb8d555526a9ffffffffc71e,8ab05f8bdd54cde190937e76bc3e447cc27c3d6fbd7063fcd104635a790520c0a395554e5c6aaaa9354ffffffffe38d "
    + "171d6541fa38ccfaed6dea691f5fb614cb14b4e7f4e810aa22d6108f142b85757098e38d0f671c7188e2aaaaaaaa5ed1,0",
  "0,1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaa63 "
    + "c,1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaa9f 1,0",
  "1530477c7ab4113b59a4c18b076d11930f7da5d4a07f649bf54439d87d27e500fc8c25ebf8c92f6812cfc71c71c6d706,1530477c7ab4113b59a4c18b076d11930f7da5d4a07f649bf54439d87d27e500fc8c25ebf8c92f6812cfc71c71c6d706 "
    + "0,5c759507e8e333ebb5b7a9a47d7ed8532c52d39fd3a042a88b58423c50ae15d5c2638e343d9c71c6238aaaaaaaa97be "
    + "11560bf17baa99bc32126fced787c88f984f87adf7ae0c7f9a208c6b4f20a4181472aaa9cb8d555526a9ffffffffc71c,8ab05f8bdd54cde190937e76bc3e447cc27c3d6fbd7063fcd104635a790520c0a395554e5c6aaaa9354ffffffffe38f "
    + "124c9ad43b6cf79bfbf7043de3811ad0761b0f37a1e26286b0e977c69aa274524e79097a56dc4bd9e1b371c71c718b10,0",
  "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffa8fb,1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffa8fb "
    + "0,1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffa9d3 "
    + "12,1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaa99 1,0",
].map((row) => row.split(" ").map((pair) => pair.split(",").map((n) => BigInt("0x" + n))));
