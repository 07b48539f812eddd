#!/usr/bin/env python3
"""Holds what verifiers say of the same bundles against each other: compare.py DRAWS OURS SECOND...

Each file has a JSON line a bundle. Who says what is proved by name must say the same as ours; all say it of the order.
"""

import json
import sys


def said(path):
    lines = [json.loads(line) for line in open(path, encoding="utf-8")]
    return {x["bundle"]: x for x in lines}


def word(x):
    """What must be equal: accepted or not, the commitment, and whether its order is proved."""
    if x is None or not x["accepted"]:
        return None if x is None else False
    return (x["commitment"], x["order"] if "order" in x else "order" in x["proved"])


draws, paths = int(sys.argv[1]), sys.argv[2:]
all_said = [said(path) for path in paths]
ours = all_said[0]
failed = passed = 0
for name in sorted(set().union(*all_said)):
    words = [word(x.get(name)) for x in all_said]
    accepted = bool(words[0])
    proved = [sorted(x[name]["proved"]) for x in all_said if "proved" in x.get(name, {})]
    words.append(words[0] if all(p == proved[0] for p in proved) else proved)
    right = not name.startswith(("good-", "bad-")) or accepted == name.startswith("good-")
    if right and all(w == words[0] for w in words):
        passed += 1
        continue
    failed += 1
    if failed <= 20:
        print(name, "not agreed" if right else "wrong", [x.get(name) for x in all_said])
kinds = {name.split("-", 1)[0] for name in ours}
if len(ours) < 2 * draws or kinds != {"good", "bad", "any"}:
    failed += 1
    print(f"{len(ours)} bundles of kinds {sorted(kinds)} from {draws} draws")
for statement in ("order", "owners", "randomness"):
    if not any(statement in x["proved"] for x in ours.values()):
        failed += 1
        print(f"no bundle had its {statement} proved")
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
