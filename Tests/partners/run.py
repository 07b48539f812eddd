#!/usr/bin/env python3
"""Runs the tests of the stand-ins in tools/partners, and of the peers that place members and share out bonuses.

  python3 Tests/partners/run.py [MODULE...]
"""
import pathlib
import sys
import unittest

sys.dont_write_bytecode = True


def main():
    here = str(pathlib.Path(__file__).resolve().parent)
    sys.path.insert(0, here)
    loader = unittest.TestLoader()
    suite = loader.loadTestsFromNames(sys.argv[1:]) if sys.argv[1:] else loader.discover(here)
    result = unittest.TextTestRunner(stream=sys.stdout).run(suite)
    bad = len(result.failures) + len(result.errors)
    print(f"partners: {result.testsRun - min(bad, result.testsRun)} passed, {bad} failed, {len(result.skipped)} skipped")
    return 1 if bad or not result.testsRun else 0


if __name__ == "__main__":
    sys.exit(main())
