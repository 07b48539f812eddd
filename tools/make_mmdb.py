#!/usr/bin/env python3
"""Writes a database of the MaxMind DB format (version 2.0) for tests and measurements.

  printf '192.0.2.0/24\\t{"country": {"iso_code": "CH"}}\\n' | tools/make_mmdb.py out.mmdb --type Test-Country

Each line of the input is a network and, after a tab, its entry as a JSON object. Whole numbers are uint32, true and false
booleans. Only the standard library. Source: https://maxmind.github.io/MaxMind-DB/
"""
import argparse
import ipaddress
import json
import sys
import time


def control(kind, size):
    assert size < 65821
    first, extra = (size, b"") if size < 29 else (29, bytes([size - 29])) if size < 285 else (30, (size - 285).to_bytes(2, "big"))
    return bytes([kind << 5 | first]) + extra if kind < 8 else bytes([first, kind - 7]) + extra


def number(kind, value):
    body = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return control(kind, len(body)) + body


def encoded(value, kind=6):
    if isinstance(value, bool):
        return control(14, int(value))
    if isinstance(value, dict):
        return control(7, len(value)) + b"".join(encoded(k) + encoded(v) for k, v in value.items())
    if isinstance(value, list):
        return control(11, len(value)) + b"".join(encoded(v) for v in value)
    if isinstance(value, int):
        return number(kind, value)
    body = value.encode()
    return control(2, len(body)) + body


def tree(lines, version):
    """Nodes as pairs of records: None, a number of a node, or the bytes of an entry."""
    nodes = [[None, None]]
    for line in lines:
        text, _, entry = line.rstrip("\n").partition("\t")
        if not text:
            continue
        network = ipaddress.ip_network(text)
        bits, length = int(network.network_address), network.prefixlen
        width = 32 if network.version == 4 else 128
        if version == 6 and network.version == 4:
            length, width = length + 96, 128
        at, data = 0, encoded(json.loads(entry))
        for place in range(length):
            side = bits >> (width - 1 - place) & 1
            if place == length - 1:
                nodes[at][side] = data
            else:
                if not isinstance(nodes[at][side], int):
                    # A network inside of another one takes its part out of it.
                    nodes.append([nodes[at][side], nodes[at][side]])
                    nodes[at][side] = len(nodes) - 1
                at = nodes[at][side]
    return nodes


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out")
    parser.add_argument("--type", default="Test")
    parser.add_argument("--version", type=int, choices=(4, 6), default=6)
    parser.add_argument("--record", type=int, choices=(24, 28, 32), default=28)
    parser.add_argument("--built", type=int, default=int(time.time()), help="seconds since 1970")
    options = parser.parse_args()
    nodes = tree(sys.stdin, options.version)
    section, places = bytearray(), {}
    for node in nodes:
        for record in node:
            if isinstance(record, bytes) and record not in places:
                places[record] = len(section)
                section += record
    out = bytearray()
    for node in nodes:
        left, right = (
            len(nodes) if r is None else len(nodes) + 16 + places[r] if isinstance(r, bytes) else r for r in node)
        if options.record == 28:
            out += left.to_bytes(4, "big")[1:] + bytes([left >> 24 << 4 | right >> 24]) + right.to_bytes(4, "big")[1:]
        else:
            out += left.to_bytes(options.record // 8, "big") + right.to_bytes(options.record // 8, "big")
    fields = [
        ("node_count", number(6, len(nodes))), ("record_size", number(5, options.record)),
        ("ip_version", number(5, options.version)), ("database_type", encoded(options.type)), ("languages", encoded([])),
        ("binary_format_major_version", number(5, 2)), ("binary_format_minor_version", number(5, 0)),
        ("build_epoch", number(9, options.built)), ("description", encoded({"en": "made for tests"}))]
    metadata = control(7, len(fields)) + b"".join(encoded(key) + value for key, value in fields)
    with open(options.out, "wb") as file:
        file.write(bytes(out) + bytes(16) + bytes(section) + b"\xab\xcd\xefMaxMind.com" + metadata)


if __name__ == "__main__":
    main()
