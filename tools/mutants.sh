#!/bin/bash
# Switches the rules that hold the money off, one by one, and lets the simulator look for the harm: every switched-off
# rule must be found by the invariant it protects, and the world in which it was found must be sound with the rule.
#
#   tools/mutants.sh                 at most 10,000 seeds each
#   tools/mutants.sh SEEDS           at most that many
#   tools/mutants.sh SEEDS MUTANT    one of them
#
# Builds a simulator with switches into .build-mutants; no other build has any. The last line is
# "mutants: N found, M missed".
set -uo pipefail
cd "$(dirname "$0")/.."
only=()
[ $# -lt 2 ] || only=(--mutant "$2")
export ALMONER_MUTANTS=1
swift build --scratch-path .build-mutants --explicit-target-dependency-import-check error --product almoner-sim \
  </dev/null || { echo 'mutants: 0 found, the simulator does not build'; exit 1; }
exec .build-mutants/debug/almoner-sim mutants --seeds "${1:-10000}" "${only[@]}"
