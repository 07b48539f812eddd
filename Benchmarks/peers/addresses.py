"""A Python set: one address a line, from the bytes of a file to the verdicts: addresses.py LISTED ASKED."""
import sys

from peer import Measure


def main():
    with open(sys.argv[1], "rb") as file:
        listed = set(file.read().split())
    with open(sys.argv[2], "rb") as file:
        data = file.read()
    sum(map(listed.__contains__, data.splitlines()))
    measure = Measure()
    lines = data.splitlines()
    hits = sum(map(listed.__contains__, lines))
    measure.taken().result(len(lines), hits=hits)
    # Without the splitting: the lookups alone.
    measure = Measure()
    hits = sum(map(listed.__contains__, lines))
    measure.taken().result(len(lines), hits=hits, variant="lookups")


main()
