#!/usr/bin/env python3
"""Runs all tests of the batch contract, then checks that they took both ways at every conditional jump of it.

  python Tests/contracts/run.py

FUZZ_CASES and FUZZ_SEED choose another random run (400 and 2024).
"""
import json
import sys
import unittest

from harness import ARTIFACT, Desk, branch_positions


def main() -> int:
    here = ARTIFACT.parents[1] / "Tests/contracts"
    result = unittest.TextTestRunner(stream=sys.stdout).run(unittest.TestLoader().discover(str(here)))
    code = bytes.fromhex(json.loads(ARTIFACT.read_text())["runtime"][2:])
    wanted = {(at, way) for at in branch_positions(code) for way in (False, True)}
    missed = sorted(wanted - Desk.branches)
    for at, way in missed:
        print(f"no test: conditional jump at {at:#x} {'taken' if way else 'not taken'}")
    print(f"conditional jumps: {len(wanted) - len(missed)} of {len(wanted)} ways taken")
    bad = len(result.failures) + len(result.errors) + (1 if missed else 0)
    print(f"contracts: {result.testsRun + 1 - bad} passed, {bad} failed, {len(result.skipped)} skipped")
    return 1 if bad or not result.testsRun else 0


if __name__ == "__main__":
    sys.exit(main())
