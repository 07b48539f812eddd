#!/bin/bash
# Sets up and runs the benches: `tools/bench.sh --help`, docs/benchmarks.md.
set -euo pipefail
cd "$(dirname "$0")/.."
tools/setup.sh build chain bench
nice -n 5 tools/swift.sh build -c release --explicit-target-dependency-import-check error --product almoner-bench >&2
exec .venv-bench/bin/python Benchmarks/bench.py "$@"
