"""eth-account: payouts to calldata to signed EIP-1559 bytes: sign.py PAYOUTS COUNT.

Its fast mode: coincurve (libsecp256k1) installed, the account made once. The same payouts, key and fees as almoner-bench,
so the hashes of the transactions are the same; the checksum shows it.
"""
import sys

from eth_abi import encode
from eth_account import Account
from eth_hash.auto import keccak
from eth_keys import backends

from peer import Measure


def main():
    path, count = sys.argv[1], int(sys.argv[2])
    with open(path) as file:
        payouts = [line.split() for line, _ in zip(file, range(count))]
    payouts = [(address, int(units)) for address, units in payouts]
    backend = type(backends.get_backend()).__name__
    account = Account.from_key(b"\x46" * 32)
    token = b"\xd1" * 20
    selector = keccak(b"transfer(address,uint256)")[:4]
    keccak(b"")
    hashes = []
    measure = Measure()
    for slot, (address, units) in enumerate(payouts):
        signed = account.sign_transaction({
            "type": 2, "chainId": 31337, "nonce": slot, "to": token, "value": 0,
            "data": selector + encode(["address", "uint256"], [address, units]), "gas": 65000,
            "maxFeePerGas": 40 * 10**9, "maxPriorityFeePerGas": 10**9})
        hashes.append((signed.raw_transaction, signed.hash)[1])
    took = measure.taken()
    checksum = bytes(32)
    for value in hashes:
        checksum = keccak(checksum + bytes(value))
    took.result(len(payouts), backend=backend, checksum="0x" + checksum.hex())


main()
