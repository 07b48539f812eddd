"""BLS signatures of drand's chains in plain Python: slow, small, and written from the papers alone.

The tower is one step: Fp12 = Fp[w]/(w^12 - 2w^6 + 2), with u = w^6 - 1 in Fp2. Sources: RFC 9380 (hashing), the IETF
draft of pairing-friendly curves (BLS12-381), drand's specification (schemes).
"""

import hashlib

P = 0x1A0111EA397FE69A4B1BA7B6434BACD764774B84F38512BF6730D2A0F6B0F6241EABFFFEB153FFFFB9FEFFFFFFFFAAAB
R = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001
X = 0xD201000000010000  # the curve's parameter is -X
KEYS = {
    "g1": "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
    "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
    "g2": "868f005eb8e6e4ca0a47c8a77ceaa5309a47978a7c71bc5cce96366b5d7a569937c529eeda66c7293784a9402801af31",
}
G1 = (
    0x17F1D3A73197D7942695638C4FA9AC0FC3688C4F9774B905A14E3A3F171BAC586C55E83FF97A1AEFFB3AF00ADB22C6BB,
    0x08B3F481E3AAA0F1A09E30ED741D8AE4FCF5E095D5D00AF600DB18CB2C04B3EDD03CC744A2888AE40CAA232946C5E7E1,
)
G2 = (
    (0x024AA2B2F08F0A91260805272DC51051C6E47AD4FA403B02B4510B647AE3D1770BAC0326A805BBEFD48056C8C121BDB8,
     0x13E02B6052719F607DACD3A088274F65596BD0D09920B61AB5DA61BBDC7F5049334CF11213945D57E5AC7D055D042B7E),
    (0x0CE5D527727D6E118CC9CDC6DA2E351AADFD9BAA8CBDD3A76D429A695160D12C923AC9CC3BACA289E193548608B82801,
     0x0606C4A02EA734CC32ACD2B02BC28B99CB3E287E85A763AF267492AB572E99AB3F370D275CEC1DA1AAA9075FF05F79BE),
)


class Fp:
    """The prime field; one object of functions, so that both groups share the code above them."""

    zero, one, degree = 0, 1, 1

    add = staticmethod(lambda a, b: (a + b) % P)
    sub = staticmethod(lambda a, b: (a - b) % P)
    mul = staticmethod(lambda a, b: a * b % P)
    inv = staticmethod(lambda a: pow(a, P - 2, P))
    odd = staticmethod(lambda a: a & 1)
    large = staticmethod(lambda a: a > (P - 1) // 2)

    @staticmethod
    def root(a):
        r = pow(a, (P + 1) // 4, P)
        return r if r * r % P == a else None


class Fp2:
    zero, one, degree = (0, 0), (1, 0), 2

    add = staticmethod(lambda a, b: ((a[0] + b[0]) % P, (a[1] + b[1]) % P))
    sub = staticmethod(lambda a, b: ((a[0] - b[0]) % P, (a[1] - b[1]) % P))
    mul = staticmethod(lambda a, b: ((a[0] * b[0] - a[1] * b[1]) % P, (a[0] * b[1] + a[1] * b[0]) % P))
    odd = staticmethod(lambda a: a[0] & 1 if a[0] else a[1] & 1)
    large = staticmethod(lambda a: (a[1] or a[0]) > (P - 1) // 2)

    @staticmethod
    def inv(a):
        n = pow(a[0] * a[0] + a[1] * a[1], P - 2, P)
        return (a[0] * n % P, -a[1] * n % P)

    @staticmethod
    def root(a):
        if a[1] == 0:
            r = Fp.root(a[0])
            if r is not None:
                return (r, 0)
            r = Fp.root(-a[0] % P)
            return None if r is None else (0, r)
        n = Fp.root((a[0] * a[0] + a[1] * a[1]) % P)
        if n is None:
            return None
        half = pow(2, P - 2, P)
        for sign in (n, -n):
            r = Fp.root((a[0] + sign) * half % P)
            if r:
                out = (r, a[1] * half * pow(r, P - 2, P) % P)
                if Fp2.mul(out, out) == a:
                    return out
        return None


def plus(f, a, b):
    """The sum of two points; None is the neutral one."""
    if a is None or b is None:
        return b if a is None else a
    if a[0] == b[0]:
        if a[1] != b[1] or a[1] == f.zero:
            return None
        xx = f.mul(a[0], a[0])
        slope = f.mul(f.add(f.add(xx, xx), xx), f.inv(f.add(a[1], a[1])))
    else:
        slope = f.mul(f.sub(b[1], a[1]), f.inv(f.sub(b[0], a[0])))
    x = f.sub(f.sub(f.mul(slope, slope), a[0]), b[0])
    return (x, f.sub(f.mul(slope, f.sub(a[0], x)), a[1]))


def times(f, n, a):
    out = None
    while n:
        if n & 1:
            out = plus(f, out, a)
        a = plus(f, a, a)
        n >>= 1
    return out


def minus(f, a):
    return a and (a[0], f.sub(f.zero, a[1]))


def read(f, raw, b):
    """A compressed point of the group; None for anything else, the neutral point too."""
    if len(raw) != 48 * f.degree or raw[0] & 0x80 == 0 or raw[0] & 0x40:
        return None
    parts = [bytes([raw[0] & 0x1F]) + raw[1:48]] + ([raw[48:]] if f.degree == 2 else [])
    values = [int.from_bytes(p, "big") for p in parts]
    if any(v >= P for v in values):
        return None
    x = values[0] if f.degree == 1 else (values[1], values[0])
    y = f.root(f.add(f.mul(f.mul(x, x), x), b))
    if y is None:
        return None
    if bool(f.large(y)) != bool(raw[0] & 0x20):
        y = f.sub(f.zero, y)
    return (x, y) if times(f, R, (x, y)) is None else None


# ---- Hashing: RFC 9380


def expand(message, tag, length):
    tag += bytes([len(tag)])
    b0 = hashlib.sha256(bytes(64) + message + length.to_bytes(2, "big") + b"\x00" + tag).digest()
    b = hashlib.sha256(b0 + b"\x01" + tag).digest()
    out = b
    for i in range(2, (length + 31) // 32 + 1):
        b = hashlib.sha256(bytes(x ^ y for x, y in zip(b0, b)) + bytes([i]) + tag).digest()
        out += b
    return out[:length]


def swu(f, u, a, b, z, iso):
    zuu = f.mul(z, f.mul(u, u))
    total = f.add(f.mul(zuu, zuu), zuu)
    if total == f.zero:
        x = f.mul(b, f.inv(f.mul(z, a)))
    else:
        x = f.mul(f.mul(f.sub(f.zero, b), f.inv(a)), f.add(f.one, f.inv(total)))
    y = f.root(f.add(f.mul(f.add(f.mul(x, x), a), x), b))
    if y is None:
        x = f.mul(zuu, x)
        y = f.root(f.add(f.mul(f.add(f.mul(x, x), a), x), b))
    if f.odd(y) != f.odd(u):
        y = f.sub(f.zero, y)
    values = []
    for row in iso:
        value = f.zero
        for c in reversed(row):
            value = f.add(f.mul(value, x), c)
        values.append(value)
    if f.zero in (values[1], values[3]):
        return None
    return (f.mul(values[0], f.inv(values[1])), f.mul(y, f.mul(values[2], f.inv(values[3]))))


def hash_g1(message, tag):
    raw = expand(message, tag, 128)
    us = [int.from_bytes(raw[i : i + 64], "big") % P for i in (0, 64)]
    points = [swu(Fp, u, A1, B1, 11, ISO_G1) for u in us]
    return times(Fp, 1 + X, plus(Fp, *points))


def hash_g2(message, tag):
    raw = expand(message, tag, 256)
    us = [int.from_bytes(raw[i : i + 64], "big") % P for i in (0, 64, 128, 192)]
    points = [swu(Fp2, (us[i], us[i + 1]), (0, 240), (1012, 1012), (P - 2, P - 1), ISO_G2) for i in (0, 2)]
    return times(Fp2, H2, plus(Fp2, *points))


# ---- The pairing


def mul12(a, b):
    c = [0] * 23
    for i, x in enumerate(a):
        if x:
            for j, y in enumerate(b):
                c[i + j] += x * y
    for i in range(22, 11, -1):
        c[i - 6] += 2 * c[i]
        c[i - 12] -= 2 * c[i]
    return [x % P for x in c[:12]]


def spread(a, shift):
    """a in Fp2, times w^shift (shift below 6): u = w^6 - 1."""
    out = [0] * 12
    out[shift] = (a[0] - a[1]) % P
    out[shift + 6] = a[1]
    return out


def miller(p, q):
    """f_X,q(p), its lines on the twist: a line times w^3 is l(p) = yp*w^3 - slope*xp*w^2 ... up to factors of Fp2."""
    f = [1] + [0] * 11
    t = q
    for bit in bin(X)[3:]:
        f = mul12(f, f)
        f = mul12(f, line(t, t, p))
        t = plus(Fp2, t, t)
        if bit == "1":
            f = mul12(f, line(t, q, p))
            t = plus(Fp2, t, q)
    return f


def line(a, b, p):
    if a == b:
        xx = Fp2.mul(a[0], a[0])
        slope = Fp2.mul(Fp2.add(Fp2.add(xx, xx), xx), Fp2.inv(Fp2.add(a[1], a[1])))
    else:
        slope = Fp2.mul(Fp2.sub(b[1], a[1]), Fp2.inv(Fp2.sub(b[0], a[0])))
    # The untwisted point is (x/w^2, y/w^3): (yp - y/w^3) - slope/w * (xp - x/w^2), times w^3.
    constant = Fp2.sub(Fp2.mul(slope, a[0]), a[1])
    out = spread(constant, 0)
    for i, c in enumerate(spread(Fp2.mul(slope, (-p[0] % P, 0)), 2)):
        out[i] += c
    out[3] += p[1]
    return [x % P for x in out]


# w^(p^2) = GAMMA * w: (1 + u)^((p^2 - 1) / 6) is the norm of 1 + u, which is 2, to the power of (p - 1) / 6.
GAMMA = pow(2, (P - 1) // 6, P)


def product_is_one(pairs):
    """Whether f^((p^12 - 1) / r) = 1, with f the product of the loops, as (p^12 - 1) / r = (p^6 - 1)(p^2 + 1)h: what is
    raised to p^6 has its odd coefficients negated, so f^((p^2 + 1)h) must have none."""
    f = [1] + [0] * 11
    for p, q in pairs:
        f = mul12(f, miller(p, q))
    f = mul12(f, [c * pow(GAMMA, i, P) % P for i, c in enumerate(f)])
    out = [1] + [0] * 11
    for bit in bin((P**4 - P**2 + 1) // R)[2:]:
        out = mul12(out, out)
        if bit == "1":
            out = mul12(out, f)
    return not any(out[1::2])


def verify(group, round_number, signature, previous):
    """Whether the chain whose signatures lie in `group` signed this round."""
    key = bytes.fromhex(KEYS[group])
    if len(previous) != (0 if group == "g1" else 32 if round_number == 1 else 96) or round_number < 1:
        return False
    message = hashlib.sha256(previous + round_number.to_bytes(8, "big")).digest()
    if group == "g1":
        public, point = read(Fp2, key, (4, 4)), read(Fp, signature, 4)
        if point is None:
            return False
        hashed = hash_g1(message, b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_")
        return product_is_one([(point, minus(Fp2, G2)), (hashed, public)])
    public, point = read(Fp, key, 4), read(Fp2, signature, (4, 4))
    if point is None:
        return False
    hashed = hash_g2(message, b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_")
    return product_is_one([(G1, point), (minus(Fp, public), hashed)])


# ---- Constants: RFC 9380, 8.8 and appendix E

# h_eff of G2.
H2 = 0xBC69F08F2EE75B3584C6A0EA91B352888E2A8E9145AD7689986FF031508FFE1329C2F178731DB956D82BF015D1212B02EC0EC69D7477C1AE954CBC06689F6A359894C0ADEBBF6B4E8020005AAA95551
A1 = 0x00144698a3b8e9433d693a02c96d4982b0ea985383ee66a8d8e8981aefd881ac98936f8da0e0f97f5cf428082d584c1d
B1 = 0x12e2908d11688030018b12e8753eee3b2016c1f0f24f4070a0b9c14fcef35ef55a23215a316ceaa5d1cc48e98e172be0
ISO_G1 = [
    [
        0x11a05f2b1e833340b809101dd99815856b303e88a2d7005ff2627b56cdb4e2c85610c2d5f2e62d6eaeac1662734649b7,
        0x17294ed3e943ab2f0588bab22147a81c7c17e75b2f6a8417f565e33c70d1e86b4838f2a6f318c356e834eef1b3cb83bb,
        0x0d54005db97678ec1d1048c5d10a9a1bce032473295983e56878e501ec68e25c958c3e3d2a09729fe0179f9dac9edcb0,
        0x1778e7166fcc6db74e0609d307e55412d7f5e4656a8dbf25f1b33289f1b330835336e25ce3107193c5b388641d9b6861,
        0x0e99726a3199f4436642b4b3e4118e5499db995a1257fb3f086eeb65982fac18985a286f301e77c451154ce9ac8895d9,
        0x1630c3250d7313ff01d1201bf7a74ab5db3cb17dd952799b9ed3ab9097e68f90a0870d2dcae73d19cd13c1c66f652983,
        0x0d6ed6553fe44d296a3726c38ae652bfb11586264f0f8ce19008e218f9c86b2a8da25128c1052ecaddd7f225a139ed84,
        0x17b81e7701abdbe2e8743884d1117e53356de5ab275b4db1a682c62ef0f2753339b7c8f8c8f475af9ccb5618e3f0c88e,
        0x080d3cf1f9a78fc47b90b33563be990dc43b756ce79f5574a2c596c928c5d1de4fa295f296b74e956d71986a8497e317,
        0x169b1f8e1bcfa7c42e0c37515d138f22dd2ecb803a0c5c99676314baf4bb1b7fa3190b2edc0327797f241067be390c9e,
        0x10321da079ce07e272d8ec09d2565b0dfa7dccdde6787f96d50af36003b14866f69b771f8c285decca67df3f1605fb7b,
        0x06e08c248e260e70bd1e962381edee3d31d79d7e22c837bc23c0bf1bc24c6b68c24b1b80b64d391fa9c8ba2e8ba2d229,
    ],
    [
        0x08ca8d548cff19ae18b2e62f4bd3fa6f01d5ef4ba35b48ba9c9588617fc8ac62b558d681be343df8993cf9fa40d21b1c,
        0x12561a5deb559c4348b4711298e536367041e8ca0cf0800c0126c2588c48bf5713daa8846cb026e9e5c8276ec82b3bff,
        0x0b2962fe57a3225e8137e629bff2991f6f89416f5a718cd1fca64e00b11aceacd6a3d0967c94fedcfcc239ba5cb83e19,
        0x03425581a58ae2fec83aafef7c40eb545b08243f16b1655154cca8abc28d6fd04976d5243eecf5c4130de8938dc62cd8,
        0x13a8e162022914a80a6f1d5f43e7a07dffdfc759a12062bb8d6b44e833b306da9bd29ba81f35781d539d395b3532a21e,
        0x0e7355f8e4e667b955390f7f0506c6e9395735e9ce9cad4d0a43bcef24b8982f7400d24bc4228f11c02df9a29f6304a5,
        0x0772caacf16936190f3e0c63e0596721570f5799af53a1894e2e073062aede9cea73b3538f0de06cec2574496ee84a3a,
        0x14a7ac2a9d64a8b230b3f5b074cf01996e7f63c21bca68a81996e1cdf9822c580fa5b9489d11e2d311f7d99bbdcc5a5e,
        0x0a10ecf6ada54f825e920b3dafc7a3cce07f8d1d7161366b74100da67f39883503826692abba43704776ec3a79a1d641,
        0x095fc13ab9e92ad4476d6e3eb3a56680f682b4ee96f7d03776df533978f31c1593174e4b4b7865002d6384d168ecdd0a,
        0x1,
    ],
    [
        0x090d97c81ba24ee0259d1f094980dcfa11ad138e48a869522b52af6c956543d3cd0c7aee9b3ba3c2be9845719707bb33,
        0x134996a104ee5811d51036d776fb46831223e96c254f383d0f906343eb67ad34d6c56711962fa8bfe097e75a2e41c696,
        0x00cc786baa966e66f4a384c86a3b49942552e2d658a31ce2c344be4b91400da7d26d521628b00523b8dfe240c72de1f6,
        0x01f86376e8981c217898751ad8746757d42aa7b90eeb791c09e4a3ec03251cf9de405aba9ec61deca6355c77b0e5f4cb,
        0x08cc03fdefe0ff135caf4fe2a21529c4195536fbe3ce50b879833fd221351adc2ee7f8dc099040a841b6daecf2e8fedb,
        0x16603fca40634b6a2211e11db8f0a6a074a7d0d4afadb7bd76505c3d3ad5544e203f6326c95a807299b23ab13633a5f0,
        0x04ab0b9bcfac1bbcb2c977d027796b3ce75bb8ca2be184cb5231413c4d634f3747a87ac2460f415ec961f8855fe9d6f2,
        0x0987c8d5333ab86fde9926bd2ca6c674170a05bfe3bdd81ffd038da6c26c842642f64550fedfe935a15e4ca31870fb29,
        0x09fc4018bd96684be88c9e221e4da1bb8f3abd16679dc26c1e8b6e6a1f20cabe69d65201c78607a360370e577bdba587,
        0x0e1bba7a1186bdb5223abde7ada14a23c42a0ca7915af6fe06985e7ed1e4d43b9b3f7055dd4eba6f2bafaaebca731c30,
        0x19713e47937cd1be0dfd0b8f1d43fb93cd2fcbcb6caf493fd1183e416389e61031bf3a5cce3fbafce813711ad011c132,
        0x18b46a908f36f6deb918c143fed2edcc523559b8aaf0c2462e6bfe7f911f643249d9cdf41b44d606ce07c8a4d0074d8e,
        0x0b182cac101b9399d155096004f53f447aa7b12a3426b08ec02710e807b4633f06c851c1919211f20d4c04f00b971ef8,
        0x0245a394ad1eca9b72fc00ae7be315dc757b3b080d4c158013e6632d3c40659cc6cf90ad1c232a6442d9d3f5db980133,
        0x05c129645e44cf1102a159f748c4a3fc5e673d81d7e86568d9ab0f5d396a7ce46ba1049b6579afb7866b1e715475224b,
        0x15e6be4e990f03ce4ea50b3b42df2eb5cb181d8f84965a3957add4fa95af01b2b665027efec01c7704b456be69c8b604,
    ],
    [
        0x16112c4c3a9c98b252181140fad0eae9601a6de578980be6eec3232b5be72e7a07f3688ef60c206d01479253b03663c1,
        0x1962d75c2381201e1a0cbd6c43c348b885c84ff731c4d59ca4a10356f453e01f78a4260763529e3532f6102c2e49a03d,
        0x058df3306640da276faaae7d6e8eb15778c4855551ae7f310c35a5dd279cd2eca6757cd636f96f891e2538b53dbf67f2,
        0x16b7d288798e5395f20d23bf89edb4d1d115c5dbddbcd30e123da489e726af41727364f2c28297ada8d26d98445f5416,
        0x0be0e079545f43e4b00cc912f8228ddcc6d19c9f0f69bbb0542eda0fc9dec916a20b15dc0fd2ededda39142311a5001d,
        0x08d9e5297186db2d9fb266eaac783182b70152c65550d881c5ecd87b6f0f5a6449f38db9dfa9cce202c6477faaf9b7ac,
        0x166007c08a99db2fc3ba8734ace9824b5eecfdfa8d0cf8ef5dd365bc400a0051d5fa9c01a58b1fb93d1a1399126a775c,
        0x16a3ef08be3ea7ea03bcddfabba6ff6ee5a4375efa1f4fd7feb34fd206357132b920f5b00801dee460ee415a15812ed9,
        0x1866c8ed336c61231a1be54fd1d74cc4f9fb0ce4c6af5920abc5750c4bf39b4852cfe2f7bb9248836b233d9d55535d4a,
        0x167a55cda70a6e1cea820597d94a84903216f763e13d87bb5308592e7ea7d4fbc7385ea3d529b35e346ef48bb8913f55,
        0x04d2f259eea405bd48f010a01ad2911d9c6dd039bb61a6290e591b36e636a5c871a5c29f4f83060400f8b49cba8f6aa8,
        0x0accbb67481d033ff5852c1e48c50c477f94ff8aefce42d28c0f9a88cea7913516f968986f7ebbea9684b529e2561092,
        0x0ad6b9514c767fe3c3613144b45f1496543346d98adf02267d5ceef9a00d9b8693000763e3b90ac11e99b138573345cc,
        0x02660400eb2e4f3b628bdd0d53cd76f2bf565b94e72927c1cb748df27942480e420517bd8714cc80d1fadc1326ed06f7,
        0x0e0fa1d816ddc03e6b24255e0d7819c171c40f65e273b853324efcd6356caa205ca2f570f13497804415473a1d634b8f,
        0x1,
    ],
]
ISO_G2 = [
    [
        (0x5C759507E8E333EBB5B7A9A47D7ED8532C52D39FD3A042A88B58423C50AE15D5C2638E343D9C71C6238AAAAAAAA97D6,
         0x5C759507E8E333EBB5B7A9A47D7ED8532C52D39FD3A042A88B58423C50AE15D5C2638E343D9C71C6238AAAAAAAA97D6),
        (0, 0x11560BF17BAA99BC32126FCED787C88F984F87ADF7AE0C7F9A208C6B4F20A4181472AAA9CB8D555526A9FFFFFFFFC71A),
        (0x11560BF17BAA99BC32126FCED787C88F984F87ADF7AE0C7F9A208C6B4F20A4181472AAA9CB8D555526A9FFFFFFFFC71E,
         0x8AB05F8BDD54CDE190937E76BC3E447CC27C3D6FBD7063FCD104635A790520C0A395554E5C6AAAA9354FFFFFFFFE38D),
        (0x171D6541FA38CCFAED6DEA691F5FB614CB14B4E7F4E810AA22D6108F142B85757098E38D0F671C7188E2AAAAAAAA5ED1, 0),
    ],
    [(0, P - 72), (12, P - 12), (1, 0)],
    [
        (0x1530477C7AB4113B59A4C18B076D11930F7DA5D4A07F649BF54439D87D27E500FC8C25EBF8C92F6812CFC71C71C6D706,
         0x1530477C7AB4113B59A4C18B076D11930F7DA5D4A07F649BF54439D87D27E500FC8C25EBF8C92F6812CFC71C71C6D706),
        (0, 0x5C759507E8E333EBB5B7A9A47D7ED8532C52D39FD3A042A88B58423C50AE15D5C2638E343D9C71C6238AAAAAAAA97BE),
        (0x11560BF17BAA99BC32126FCED787C88F984F87ADF7AE0C7F9A208C6B4F20A4181472AAA9CB8D555526A9FFFFFFFFC71C,
         0x8AB05F8BDD54CDE190937E76BC3E447CC27C3D6FBD7063FCD104635A790520C0A395554E5C6AAAA9354FFFFFFFFE38F),
        (0x124C9AD43B6CF79BFBF7043DE3811AD0761B0F37A1E26286B0E977C69AA274524E79097A56DC4BD9E1B371C71C718B10, 0),
    ],
    [(P - 432, P - 432), (0, P - 216), (18, P - 18), (1, 0)],
]
