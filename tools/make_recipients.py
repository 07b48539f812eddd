#!/usr/bin/env python3
"""Writes a recipients file for demos, tests and benchmarks. The same arguments give the same bytes.

    tools/make_recipients.py --rows 1000000 --seed 7 >recipients.csv
    tools/make_recipients.py --rows 10000 --seed 1 --bad-each 40 >Examples/recipients-10k.csv

Columns: address (EIP-55), amount (base units of a token with 6 decimals), payout_id, email, country.
Needs Python alone: EIP-55 takes a Keccak-256 for each address, and thousands of them are computed at once by packing
their lanes side by side into one long integer.
"""
import argparse
import csv
import random
import sys

ROTATIONS = (
    (0, 36, 3, 41, 18), (1, 44, 10, 45, 2), (62, 6, 43, 15, 61), (28, 55, 25, 21, 56), (27, 20, 39, 8, 14))


def round_constants():
    constants, state = [], 1
    for _ in range(24):
        value = 0
        for power in range(7):
            if state & 1:
                value |= 1 << ((1 << power) - 1)
            state = (state << 1) ^ (0x171 if state & 0x80 else 0)
        constants.append(value)
    return constants


class ManyKeccaks:
    """Keccak-256 of `count` messages of 40 bytes at a time; each of the 25 lanes is one integer of count * 64 bits."""

    def __init__(self, count):
        self.count = count
        self.ones = sum(1 << (64 * i) for i in range(count))
        self.full = (1 << (64 * count)) - 1
        self.masks = {n: self.ones * ((1 << n) - 1) for n in range(1, 64)}
        self.constants = [self.ones * value for value in round_constants()]

    def rotate(self, lane, by):
        if by == 0:
            return lane
        high = (lane & self.masks[64 - by]) << by
        return high | ((lane >> (64 - by)) & self.masks[by])

    def digests(self, messages):
        lanes = [[0] * 5 for _ in range(5)]
        for x in range(5):
            lanes[x][0] = int.from_bytes(b"".join(m[8 * x:8 * x + 8] for m in messages), "little")
        lanes[0][1] = self.ones  # padding 0x01 at byte 40
        lanes[1][3] = self.ones << 63  # and 0x80 at byte 135
        for constant in self.constants:
            c = [lanes[x][0] ^ lanes[x][1] ^ lanes[x][2] ^ lanes[x][3] ^ lanes[x][4] for x in range(5)]
            d = [c[(x - 1) % 5] ^ self.rotate(c[(x + 1) % 5], 1) for x in range(5)]
            b = [[0] * 5 for _ in range(5)]
            for x in range(5):
                for y in range(5):
                    b[y][(2 * x + 3 * y) % 5] = self.rotate(lanes[x][y] ^ d[x], ROTATIONS[x][y])
            for y in range(5):
                row = [b[x][y] for x in range(5)]
                for x in range(5):
                    lanes[x][y] = row[x] ^ ((row[(x + 1) % 5] ^ self.full) & row[(x + 2) % 5])
            lanes[0][0] ^= constant
        words = [lanes[x][0].to_bytes(8 * self.count, "little") for x in range(3)]
        return [b"".join(w[8 * i:8 * i + 8] for w in words) for i in range(self.count)]


def checksummed(addresses):
    """EIP-55 texts of lower-case texts of 40 digits."""
    out = []
    size = 4096
    many = ManyKeccaks(min(size, max(1, len(addresses))))
    for start in range(0, len(addresses), many.count):
        part = addresses[start:start + many.count]
        padded = part + ["0" * 40] * (many.count - len(part))
        for text, digest in zip(part, many.digests([p.encode() for p in padded])):
            nibbles = digest.hex()
            out.append("0x" + "".join(c.upper() if n > "7" else c for c, n in zip(text, nibbles)))
    return out


COUNTRIES = ("DE", "FR", "PL", "BR", "IN", "NG", "JP", "VN", "MX", "CA", "ES", "IT")


def wrong_case(address):
    for place in range(2, 42):
        if address[place].isalpha():
            return address[:place] + address[place].swapcase() + address[place + 1:]
    return address[:-1] + "x"


def bad_rows(kind, row, number):
    """One row (or two) that must be refused, made of a good one."""
    address, amount, payout, email, country = row
    if kind == "checksum":
        return [[wrong_case(address), amount, payout, email, country]]
    if kind == "length":
        return [[address[:-1], amount, payout, email, country]]
    if kind == "not_hex":
        return [[address[:20] + "g" + address[21:], amount, payout, email, country]]
    if kind == "zero_address":
        return [["0x" + "0" * 40, amount, payout, email, country]]
    if kind == "no_address":
        return [["", amount, payout, email, country]]
    if kind == "separators":
        return [[address, "1,250,000", payout, email, country]]
    if kind == "exponent":
        return [[address, "1.5e7", payout, email, country]]
    if kind == "sign":
        return [[address, "-" + amount, payout, email, country]]
    if kind == "fraction":
        return [[address, "12.50", payout, email, country]]
    if kind == "zero_amount":
        return [[address, "0", payout, email, country]]
    if kind == "too_large":
        return [[address, str(2**256 + number), payout, email, country]]
    if kind == "columns":
        return [[address, amount, payout, email]]
    if kind == "payout_id":
        return [[address, amount, "x" * 129, email, country]]
    if kind == "duplicate":
        return [row, [address, str(int(amount) + 1), payout + "-again", email, country]]
    raise ValueError(kind)


KINDS = (
    "checksum", "length", "not_hex", "zero_address", "no_address", "separators", "exponent", "sign", "fraction",
    "zero_amount", "too_large", "columns", "payout_id", "duplicate")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, required=True, help="rows of the file, header not counted")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bad-share", type=float, default=0, help="share of bad rows, 0 to 1, kinds in turn")
    parser.add_argument("--bad-each", type=int, default=0, help="bad rows of each kind, instead of a share")
    parser.add_argument("--lower", action="store_true", help="addresses in lower case, without checksum")
    parser.add_argument("--columns", choices=("all", "few"), default="all", help="few: address and amount alone")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    out = csv.writer(sys.stdout, lineterminator="\n")
    few = options.columns == "few"
    out.writerow(["address", "amount"] if few else ["address", "amount", "payout_id", "email", "country"])
    bad = options.bad_each * len(KINDS) if options.bad_each else round(options.rows * options.bad_share)
    bad = min(bad, options.rows // 2)
    places = sorted(rng.sample(range(options.rows - bad - 1), bad), reverse=True) if bad else []
    written = 0
    number = 0
    while written < options.rows:
        size = min(40_960, options.rows - written)
        plain = [f"{rng.getrandbits(160):040x}" for _ in range(size)]
        addresses = ["0x" + text for text in plain] if options.lower else checksummed(plain)
        for address in addresses:
            if written >= options.rows:
                break
            number += 1
            amount = str(rng.randrange(1_000_000, 5_000_000_000))
            row = [address, amount, f"Q4-{number:08d}", f"user{number}@example.org", rng.choice(COUNTRIES)]
            rows = [row]
            if places and places[-1] <= written:
                places.pop()
                rows = bad_rows(KINDS[len(places) % len(KINDS)], row, number)
            for row in rows:
                out.writerow(row[:2] if few else row)
            written += len(rows)


if __name__ == "__main__":
    main()
