#!/bin/bash
# Runs libFuzzer on every parser of outside data, for a while each, two at a time where there are two processors.
#
#   tools/fuzz.sh                 20 s per target
#   tools/fuzz.sh SECONDS         that long
#   tools/fuzz.sh SECONDS NAME    one target
#
# Starts from Tests/Fuzz/corpus/NAME, which is never written to. What grows lies in .build-fuzz/corpus and is used again
# by the next run. An input that traps is kept in .build-fuzz/found, its name printed. FUZZ_JOBS is how many run at once.
# The last line is plain.
set -uo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-20}
export ALMONER_FUZZ=1 SWIFT_BACKTRACE=enable=no    # else the runtime takes the signal and libFuzzer keeps no input
tools/swift.sh build -c release --build-path .build-fuzz --sanitize fuzzer --explicit-target-dependency-import-check error \
  --product almoner-fuzz </dev/null || { echo 'fuzz: 0 passed, 1 failed (does not build)'; exit 1; }
# Buffers of a megabyte for every input: without this most of the time goes into giving their pages back.
export MALLOC_MMAP_THRESHOLD_=33554432 MALLOC_TRIM_THRESHOLD_=268435456
program=.build-fuzz/release/almoner-fuzz
mapfile -t targets < <(ALMONER_FUZZ_TARGET= "$program")
[ $# -ge 2 ] && targets=("$2")
jobs=${FUZZ_JOBS:-$(nproc)}

# One target; its verdict, "ok" or "failed" and a text, goes to a file.
fuzz() {
  local target=$1 seeds=Tests/Fuzz/corpus/$1 grown=.build-fuzz/corpus/$1 found=.build-fuzz/found/$1
  local log=.build-fuzz/$1.log verdict=.build-fuzz/$1.verdict code runs each
  if [ ! -d "$seeds" ]; then echo "failed $target: no corpus in $seeds" >"$verdict"; return; fi
  mkdir -p "$grown" "$found"
  ALMONER_FUZZ_TARGET=$target "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=65536 \
    -print_final_stats=1 -artifact_prefix="$found/" "$grown" "$seeds" >"$log" 2>&1 </dev/null
  code=$?
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  each=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
  if [ "$code" = 0 ] && [ "${runs:-0}" -gt 0 ]; then
    echo "ok $target: $runs inputs, ${each:-?} a second, nothing trapped" >"$verdict"
  else
    { echo "failed $target: FAILED (exit $code)"
      grep -E 'Fatal|ERROR|Test unit|SUMMARY' "$log" | head -8; tail -3 "$log"; } >"$verdict"
  fi
}

for target in "${targets[@]}"; do
  rm -f ".build-fuzz/$target.verdict"
  while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n; done
  fuzz "$target" &
done
wait
passed=0 failed=0
for target in "${targets[@]}"; do
  verdict=.build-fuzz/$target.verdict
  if [ -s "$verdict" ] && [ "$(head -c 3 "$verdict")" = 'ok ' ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
  if [ -s "$verdict" ]; then sed '1s/^[a-z]* //' "$verdict"; else echo "$target: FAILED (ended without a verdict)"; fi
done
echo "fuzz: $passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
