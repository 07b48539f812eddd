#!/bin/bash
# Everything that can fail, step by step; a failing step does not hide the next. `make check` and CI run this.
# The last line is "check: N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/.."
passed=0 failed=0 table=''

step() {  # name command...
  local name=$1 start=$SECONDS verdict=ok; shift
  echo "== $name"
  if "$@" </dev/null; then passed=$((passed + 1)); else failed=$((failed + 1)); verdict=FAILED; fi
  table+=$(printf '%-10s %6s s  %s' "$name" $((SECONDS - start)) "$verdict")$'\n'
}

step lint make --no-print-directory lint
step test make --no-print-directory test
step vectors make --no-print-directory vectors
step models make --no-print-directory models
step sim make --no-print-directory sim SEEDS="${SEEDS:-300}"
step mutants make --no-print-directory mutants
step fuzz make --no-print-directory fuzz FUZZ_SECONDS="${FUZZ_SECONDS:-5}"
printf '\n%s' "$table"
echo "check: $passed passed, $failed failed"
[ "$failed" = 0 ]
