"""Ed25519 signatures (RFC 8032) and ECVRF-EDWARDS25519-SHA512-TAI (RFC 9381) in plain Python, for draws.

Points are (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z: RFC 8032, 5.1.4.
"""

import hashlib

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ZERO = (0, 1, 1, 0)


def point(raw):
    """The point of 32 bytes; None for bytes that are none, or not written in the one right way."""
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if len(raw) != 32 or y >= P:
        return None
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - xx) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


def add(a, b):
    k, l = (a[1] - a[0]) * (b[1] - b[0]), (a[1] + a[0]) * (b[1] + b[0])
    t, z = 2 * a[3] * b[3] * D, 2 * a[2] * b[2]
    e, f, g, h = (l - k) % P, (z - t) % P, (z + t) % P, (l + k) % P
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(n, a):
    out = ZERO
    while n:
        if n & 1:
            out = add(out, a)
        a = add(a, a)
        n >>= 1
    return out


def same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def encoded(a):
    inverse = pow(a[2], P - 2, P)
    x, y = a[0] * inverse % P, a[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(key, signature, message):
    """Whether the holder of the key signed: RFC 8032, 5.1.7, without the cofactor, as OpenSSL has it."""
    a = point(key)
    if len(signature) != 64 or a is None:
        return False
    s = int.from_bytes(signature[32:], "little")
    if s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    return encoded(add(times(s, BASE), times(ORDER - k, a))) == signature[:32]


def sign(seed, message):
    """A signature, and the key: for tests."""
    h = hashlib.sha512(seed).digest()
    a = int.from_bytes(h[:32], "little") & ((1 << 254) - 8) | (1 << 254)
    key = encoded(times(a, BASE))
    r = int.from_bytes(hashlib.sha512(h[32:] + message).digest(), "little") % ORDER
    first = encoded(times(r, BASE))
    k = int.from_bytes(hashlib.sha512(first + key + message).digest(), "little") % ORDER
    return first + ((r + k * a) % ORDER).to_bytes(32, "little"), key


def in_group(a):
    return a is not None and not same(a, ZERO) and same(times(ORDER, a), ZERO)


def vrf_value(key, alpha, proof):
    """The 64 bytes that the proof stands for; raises ValueError when it proves nothing."""
    if len(proof) != 80:
        raise ValueError("vrf: a proof has 80 bytes")
    y, gamma = point(key), point(proof[:32])
    c, s = int.from_bytes(proof[32:48], "little"), int.from_bytes(proof[48:], "little")
    if not (in_group(y) and in_group(gamma) and s < ORDER):
        raise ValueError("vrf: a point or scalar is out of its group")
    for counter in range(256):
        h = point(hashlib.sha512(b"\x03\x01" + key + alpha + bytes([counter, 0])).digest()[:32])
        if h is not None:
            h = times(8, h)
            if not same(h, ZERO):
                break
    else:
        raise ValueError("vrf: no point for this input")
    minus = ORDER - c
    u, v = add(times(s, BASE), times(minus, y)), add(times(s, h), times(minus, gamma))
    text = b"\x03\x02" + key + b"".join(encoded(p) for p in (h, gamma, u, v)) + b"\x00"
    if hashlib.sha512(text).digest()[:16] != proof[32:48]:
        raise ValueError("vrf: the proof is not this key's for this input")
    return hashlib.sha512(b"\x03\x03" + encoded(times(8, gamma)) + b"\x00").digest()
