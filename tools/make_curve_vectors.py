#!/usr/bin/env python3
"""Writes vectors of BLS12-381 made with py_ecc, an implementation independent of ours: points, hashes to both groups,
pairings. The ones in Tests/Vectors/curves are of the seed 0; other seeds compare us on other random inputs:

    .venv/bin/python tools/make_curve_vectors.py --seed 7 --cases 20 DIR/curves
    VECTORS=DIR make vectors

The messages and tags of the cases called rfc9380-* are those of RFC 9380, J.9.1 and J.10.1.
"""
import argparse
import hashlib
import json
import pathlib
import random

from py_ecc.bls.hash_to_curve import hash_to_G1, hash_to_G2
from py_ecc.bls.point_compression import compress_G1, compress_G2
from py_ecc.optimized_bls12_381 import (FQ, FQ2, G1, G2, b, b2, curve_order, field_modulus, is_inf, is_on_curve,
                                        multiply, pairing)

GROUPS = {
    "G1": dict(hash=hash_to_G1, generator=G1, length=48, tag="QUUX-V01-CS02-with-BLS12381G1_XMD:SHA-256_SSWU_RO_"),
    "G2": dict(hash=hash_to_G2, generator=G2, length=96, tag="QUUX-V01-CS02-with-BLS12381G2_XMD:SHA-256_SSWU_RO_"),
}
RFC_MESSAGES = [b"", b"abc", b"abcdef0123456789", b"q128_" + b"q" * 128, b"a512_" + b"a" * 512]


def compressed(group, point):
    if group == "G1":
        return int(compress_G1(point)).to_bytes(48, "big")
    high, low = compress_G2(point)
    return int(high).to_bytes(48, "big") + int(low).to_bytes(48, "big")


def write(folder, name, **content):
    content = {"format": content.pop("format"), "source": "py_ecc 8.0.0", "count": len(content["cases"]), **content}
    (folder / name).write_text(json.dumps(content, indent=1) + "\n")


def hashes(rng, count):
    cases = []
    for group, of in GROUPS.items():
        inputs = [(f"rfc9380-{group}-{i}", m, of["tag"]) for i, m in enumerate(RFC_MESSAGES)]
        inputs.append((f"long-tag-{group}", b"message", "T" * 255))
        for i in range(count):
            inputs.append((f"random-{group}-{i}", rng.randbytes(rng.randrange(0, 200)), f"tag {rng.randrange(10**9)}"))
        for name, message, tag in inputs:
            point = of["hash"](message, tag.encode(), hashlib.sha256)
            cases.append(dict(id=name, group=group, message=message.hex(), tag=tag,
                              point=compressed(group, point).hex()))
    return cases


def outside(group):
    """A point of the curve that is not in the group, and an x that no point has."""
    found = missing = None
    x = 1
    while found is None or missing is None:
        x += 1
        if group == "G1":
            square = x**3 + 4
            y = pow(square, (field_modulus + 1) // 4, field_modulus)
            on = y * y % field_modulus == square % field_modulus
            point = (FQ(x), FQ(y), FQ.one())
            data = bytearray(x.to_bytes(48, "big"))
        else:
            point = None
            e = FQ2([x, 0])
            square = e * e * e + b2
            root = square ** ((field_modulus**2 + 7) // 16)
            for k in range(8):
                y = root * FQ2([1, 1]) ** (k * (field_modulus**2 - 1) // 8)
                if y * y == square:
                    point = (e, y, FQ2.one())
            on = point is not None
            data = bytearray(bytes(48) + x.to_bytes(48, "big"))
        data[0] |= 0x80
        if not on:
            missing = missing or bytes(data)
        elif found is None and not is_inf(multiply(point, curve_order)):
            assert is_on_curve(point, b if group == "G1" else b2)
            found = bytes(data)
    return found, missing


def points(rng, count):
    cases, invalid = [], []
    for group, of in GROUPS.items():
        scalars = [1, 2, curve_order - 1] + [rng.randrange(1, curve_order) for _ in range(count)]
        for scalar in scalars:
            data = compressed(group, multiply(of["generator"], scalar))
            cases.append(dict(id=f"{group}-{len(cases)}", group=group, scalar=scalar.to_bytes(32, "big").hex(),
                              point=data.hex()))
        good = bytearray(compressed(group, of["generator"]))
        length = of["length"]
        not_in_group, not_on_curve = outside(group)

        def bad(code, reason, data):
            invalid.append(dict(group=group, point=bytes(data).hex(), code=code, reason=reason))

        def flagged(flags, data=None):
            data = bytearray(data or good)
            data[0] = data[0] & 0x1f | flags
            return data

        bad("curve.not_in_subgroup", "on the curve, outside of the group", not_in_group)
        bad("curve.not_in_subgroup", "the same with the other sign", flagged(0xa0, not_in_group))
        bad("curve.not_on_curve", "no point has this x", not_on_curve)
        bad("curve.infinity", "the neutral point", flagged(0xc0, bytes(length)))
        bad("curve.bad_flags", "the neutral point with a sign", flagged(0xe0, bytes(length)))
        bad("curve.bad_flags", "the neutral point with a coordinate", flagged(0xc0))
        bad("curve.bad_flags", "the neutral point, not marked as compressed", flagged(0x40, bytes(length)))
        bad("curve.bad_flags", "not marked as compressed", flagged(0x00))
        bad("curve.bad_flags", "a sign without the mark of compression", flagged(0x20))
        bad("curve.not_canonical", "x is p", flagged(0x80, bytes(length - 48) + field_modulus.to_bytes(48, "big")))
        bad("curve.not_canonical", "x is one above p", flagged(
            0x80, bytes(length - 48) + (field_modulus + 1).to_bytes(48, "big")))
        bad("curve.not_canonical", "x has all bits", flagged(0x9f, b"\x9f" + b"\xff" * (length - 1)))
        if group == "G2":
            bad("curve.not_canonical", "the factor of u is p", flagged(
                0x80, field_modulus.to_bytes(48, "big") + bytes(48)))
        bad("curve.bad_length", "a byte too few", good[:-1])
        bad("curve.bad_length", "a byte too many", good + b"\x00")
        bad("curve.bad_length", "nothing", b"")
        bad("curve.bad_length", "both coordinates", bytes(good) + bytes(length))
    return cases, invalid


def pairings(rng, count):
    cases = []
    for number in range(count):
        first, second = (rng.randrange(1, curve_order) for _ in range(2))
        p, q = multiply(G1, first), multiply(G2, second)
        # py_ecc leaves out that the curve's parameter is negative, which inverts; ours is the cube.
        value = pairing(q, p) ** (3 * (curve_order - 1))
        cases.append(dict(id=f"pairing-{number}", g1=compressed("G1", p).hex(), g2=compressed("G2", q).hex(),
                          cube=[int(c).to_bytes(48, "big").hex() for c in value.coeffs]))
    return cases


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cases", type=int, default=8, help="random cases of each kind")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    options.folder.mkdir(parents=True, exist_ok=True)
    write(options.folder, "hash_to_curve.json", format="RFC 9380 hash_to_curve of BLS12-381, compressed points in hex",
          cases=hashes(rng, options.cases))
    cases, invalid = points(rng, options.cases)
    write(options.folder, "points.json", format="multiples of BLS12-381's generators, compressed; bytes to refuse",
          cases=cases, invalid=invalid)
    write(options.folder, "pairings.json",
          format="cubes of BLS12-381 pairings, coefficients of w^0 to w^11 with w^12 - 2w^6 + 2 = 0",
          cases=pairings(rng, max(2, options.cases // 2)))


main()
