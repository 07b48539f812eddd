#!/bin/bash
# The long runs: 200 kills of the real binary, and a hundred thousand seeds of the simulator. Hours, not minutes.
#
#   KILLS=200 SEEDS=100000 tools/soak.sh
set -uo pipefail
cd "$(dirname "$0")/.."
tools/setup.sh build chain || exit 1
make --no-print-directory build || exit 1
failed=0
.venv/bin/python Tests/kill/kill_test.py --binary bin/almoner --kills "${KILLS:-200}" --each 5 || failed=1
bin/almoner-sim run --seeds "${SEEDS:-100000}" || failed=1
exit $failed
