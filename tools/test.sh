#!/bin/bash
# Runs every test, one part per test target, and says how long each part took.
#
#   tools/test.sh              all parts
#   tools/test.sh StoreTests   some parts
#
# The last line is "N passed, N failed"; the exit code is 0 only if nothing failed and every part held a test.
set -uo pipefail
cd "$(dirname "$0")/.."
flags=(--explicit-target-dependency-import-check error)
logs=.build/test-logs
passed=0 failed=0 table=''

note() { table+=$(printf '%-18s %8s s  %6s passed %4s failed' "$1" "$2" "$3" "$4")$'\n'; }
now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.1f", b - a }'; }
finish() {
  printf '\n%s' "$table"
  printf '%-18s %8s s\n' total "$(since "$begun")"
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
  exit
}

begun=$(now)
if ! tools/setup.sh test; then failed=1; note setup "$(since "$begun")" 0 1; finish; fi
note setup "$(since "$begun")" - -
rm -rf "$logs"; mkdir -p "$logs"

start=$(now)
if ! tools/swift.sh build --build-tests "${flags[@]}" 2>&1 </dev/null | tee "$logs/build.log" | grep -E 'error:|warning:|Compiling|Build complete' | tail -40; then
  failed=1; note build "$(since "$start")" 0 1; finish
fi
note build "$(since "$start")" - -

# A part that is a program of its own; its last line says "N passed, N failed".
program() {  # name command...
  local part=$1 start log ran bad; shift
  start=$(now) log=$logs/$part.log
  # What a failed run keeps lies beside its log, until the next run.
  TMPDIR=$PWD/$logs "$@" >"$log" 2>&1 </dev/null
  local code=$?
  read -r ran bad < <(awk '{ sub(/^[a-z]+: /, "") } /^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$/ { good = $1; bad = $3 } END { print good + 0, bad + 0 }' "$log")
  if [ "$code" != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
  if [ "$code" = 0 ] && [ "$ran" = 0 ]; then bad=1; echo "$part: no test ran"; fi
  passed=$((passed + ran)) failed=$((failed + bad))
  note "$part" "$(since "$start")" "$ran" "$bad"
  echo "$part: $ran passed, $bad failed, $(since "$start") s"
  if [ "$bad" != 0 ]; then tail -40 "$log"; echo "whole output: $log"; else grep -E '^killed ' "$log"; fi
}

parts=("$@")
[ $# -gt 0 ] || { for target in Tests/*Tests; do parts+=("${target#Tests/}"); done; parts+=(contracts partners verify page kill cluster); }
for part in "${parts[@]}"; do
  case $part in
    contracts) program contracts .venv/bin/python Tests/contracts/run.py; continue ;;
    partners) program partners python3 Tests/partners/run.py; continue ;;
    verify) program verify Tests/verify/agree.sh 2000; continue ;;
    page) program page python3 Tests/verify/page_test.py; continue ;;
    cluster) program cluster .venv/bin/python Tests/cluster/cluster_test.py --binary .build/debug/almoner; continue ;;
    kill) program kill .venv/bin/python Tests/kill/kill_test.py --binary .build/debug/almoner --kills 20 --each 5; continue ;;
  esac
  start=$(now)
  log=$logs/$part.log report=$logs/$part.xml
  tools/swift.sh test --skip-build --disable-xctest "${flags[@]}" --filter "^$part\\." --xunit-output "$report" >"$log" 2>&1 </dev/null
  code=$?
  # The report counts issues, so tests are counted here. A run that died leaves no report: that is a failure.
  ran=0 bad=0
  [ -f "$report" ] && read -r ran bad < <(awk '
    /<testcase / { ran++; open = 1 } open && /<failure/ { bad++; open = 0 } END { print ran + 0, bad + 0 }' "$report")
  if [ "$code" != 0 ] && [ "$bad" = 0 ]; then bad=1; echo "$part: the run itself failed (exit $code)"; fi
  if [ "$code" = 0 ] && [ "$ran" = 0 ]; then bad=1; echo "$part: no test ran"; fi
  good=$((ran > bad ? ran - bad : 0))
  passed=$((passed + good)) failed=$((failed + bad))
  note "$part" "$(since "$start")" "$good" "$bad"
  echo "$part: $good passed, $bad failed, $(since "$start") s"
  if [ "$bad" != 0 ]; then
    grep -E '✘|error:|Fatal|rror: ' "$log" | head -60
    echo "whole output: $log"
  fi
done
finish
