#!/bin/bash
# Runs libFuzzer on every parser of outside data, for a while each.
#
#   tools/fuzz.sh                 20 s per target
#   tools/fuzz.sh SECONDS         that long
#   tools/fuzz.sh SECONDS NAME    one target
#
# Starts from Tests/Fuzz/corpus/NAME, which is never written to. What grows lies in .build-fuzz/corpus and is used again
# by the next run. An input that traps is kept in .build-fuzz/found, its name printed. The last line is plain.
set -uo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-20}
export ALMONER_FUZZ=1 SWIFT_BACKTRACE=enable=no    # else the runtime takes the signal and libFuzzer keeps no input
swift build -c release --build-path .build-fuzz --sanitize fuzzer --explicit-target-dependency-import-check error \
  --product almoner-fuzz </dev/null || { echo 'fuzz: 0 passed, 1 failed (does not build)'; exit 1; }
program=.build-fuzz/release/almoner-fuzz
mapfile -t targets < <(ALMONER_FUZZ_TARGET= "$program")
[ $# -ge 2 ] && targets=("$2")
passed=0 failed=0
for target in "${targets[@]}"; do
  seeds=Tests/Fuzz/corpus/$target grown=.build-fuzz/corpus/$target found=.build-fuzz/found/$target
  if [ ! -d "$seeds" ]; then echo "$target: no corpus in $seeds"; failed=$((failed + 1)); continue; fi
  mkdir -p "$grown" "$found"
  log=.build-fuzz/$target.log
  ALMONER_FUZZ_TARGET=$target "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=65536 -print_final_stats=1 \
    -artifact_prefix="$found/" "$grown" "$seeds" >"$log" 2>&1 </dev/null
  code=$?
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  if [ "$code" = 0 ] && [ "${runs:-0}" -gt 0 ]; then
    passed=$((passed + 1)); echo "$target: $runs inputs, nothing trapped"
  else
    failed=$((failed + 1)); echo "$target: FAILED (exit $code)"; grep -E 'Fatal|ERROR|Test unit|SUMMARY' "$log" | head -8; tail -3 "$log"
  fi
done
echo "fuzz: $passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
