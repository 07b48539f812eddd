"""drand-verify (Rust): rounds of a public chain, again and again: beacon.py ROUNDS SCHEME COUNT."""
import hashlib
import json
import sys

import drand_verify

from peer import Measure


def main():
    path, scheme, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with open(path) as file:
        rounds = [case for case in json.load(file)["cases"] if case["scheme"] == scheme]
    if scheme == "pedersen-bls-chained":
        def verify(one):
            return drand_verify.verify_pedersen_bls_chained(
                one["round"], one["previousSignature"], one["signature"], one["publicKey"])
    else:
        def verify(one):
            return drand_verify.verify_bls_unchained_g1_rfc9380(one["round"], one["signature"], one["publicKey"])
    for one in rounds:
        verify(one)
    values = []
    measure = Measure()
    for number in range(count):
        values.append(verify(rounds[number % len(rounds)]))
    took = measure.taken()
    checksum = bytes(32)
    for value in values:
        checksum = hashlib.sha256(checksum + bytes.fromhex(value)).digest()
    took.result(count, checksum="0x" + checksum.hex())


main()
