#!/bin/bash
# Switches the rules that hold the money off, one by one, and lets tests and simulator look for the harm: every
# switched-off rule must be found by the invariant it protects, and what found it must be sound with the rule.
#
#   tools/mutants.sh                 rules of lotteries by their invariants, the others by at most 10,000 simulated worlds each
#   tools/mutants.sh SEEDS           at most that many worlds
#   tools/mutants.sh SEEDS MUTANT    one rule of the simulator's
#
# Builds with switches into .build-mutants; no other build has any. The last line is "mutants: N found, M missed".
set -uo pipefail
cd "$(dirname "$0")/.."
export ALMONER_MUTANTS=1
flags=(--scratch-path .build-mutants --explicit-target-dependency-import-check error)
log=.build-mutants/lottery.log
found=0 missed=0

lotteries() {
  tools/swift.sh build "${flags[@]}" --product almonerPackageTests </dev/null || return 1
  # Sound with all rules, then each off in turn: one call, since the tests of the invariants do both.
  tools/swift.sh test "${flags[@]}" --skip-build --disable-xctest --filter 'InvariantTests' >"$log" 2>&1 </dev/null
  local code=$? known
  grep -E '^M_' "$log"
  found=$(grep -E '^M_[A-Z0-9_]+: ' "$log" | grep -vc ': NOT FOUND')
  known=$(grep -cE '^ +case [a-zA-Z]+ = "M_' Sources/Products/Lottery/Engine/LotteryMutant.swift)
  echo "lotteries: $found of $known rules found by their invariants"
  [ "$code" = 0 ] && [ "$found" = "$known" ] && return
  tail -40 "$log"
  missed=$((known - found))
  return 1
}

worlds() {  # seeds [mutant]
  local only=() log=.build-mutants/worlds.log good bad code
  [ $# -lt 2 ] || only=(--mutant "$2")
  tools/swift.sh build "${flags[@]}" --product almoner-sim </dev/null || return 1
  .build-mutants/debug/almoner-sim mutants --seeds "$1" "${only[@]}" | tee "$log" | grep -v '^mutants: '
  code=${PIPESTATUS[0]}
  read -r good bad < <(sed -n 's/^mutants: \([0-9]*\) found, \([0-9]*\) missed$/\1 \2/p' "$log")
  found=$((found + ${good:-0})) missed=$((missed + ${bad:-1}))
  return "$code"
}

failed=0
if [ $# -lt 2 ]; then lotteries || failed=1; fi
worlds "${1:-10000}" "${@:2:1}" || failed=1
echo "mutants: $found found, $missed missed"
[ "$failed$missed" = 00 ]
