"""hashlib: the tree of purchases (docs/adr/0011), each of one ticket: commitment.py PURCHASES. Buyer `i` has the address `i`."""
import hashlib
import sys

from peer import Measure


def main():
    count = int(sys.argv[1])
    buyers = [number.to_bytes(32, "big") for number in range(count)]
    sha3 = hashlib.sha3_256
    leaf = (0).to_bytes(8, "little") + (1).to_bytes(8, "little")
    # A full subtree of one height has one number of tickets on both sides: its head is made once.
    heads = [(1).to_bytes(8, "little") + (1 << height).to_bytes(8, "little") * 2 for height in range(64)]
    measure = Measure()
    peaks = []
    for number, buyer in enumerate(buyers):
        node, height = sha3(leaf + buyer).digest(), 0
        while number & 1:
            node = sha3(heads[height] + peaks.pop() + node).digest()
            number >>= 1
            height += 1
        peaks.append(node)
    # What is left over stands beside full trees: there the sides differ.
    sizes = [1 << bit for bit in reversed(range(64)) if count & 1 << bit]
    node, tickets = peaks.pop(), sizes.pop()
    while peaks:
        left = sizes.pop()
        node = sha3((1).to_bytes(8, "little") + left.to_bytes(8, "little") + tickets.to_bytes(8, "little") + peaks.pop() + node).digest()
        tickets += left
    measure.taken().result(count, checksum="0x" + node.hex())


main()
