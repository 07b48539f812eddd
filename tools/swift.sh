#!/bin/bash
# Runs swift with a temporary folder of its own, which goes when swift ends: the package manager leaves dozens of folders
# behind at every call, and a killed test leaves what it had. What a killed call of this left is removed by the next.
#
#   tools/swift.sh build --product almoner
#
# The package manager's own lock on a checkout would lie in that folder: so calls in one checkout wait here instead.
set -uo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
base=${TMPDIR:-/tmp}
for old in "$base"/almoner-swift.[0-9]*; do
  [ -d "$old" ] && ! kill -0 "${old##*.}" 2>/dev/null && rm -rf "$old"
done
export TMPDIR=$base/almoner-swift.$$
trap 'rm -rf "$TMPDIR"' EXIT
mkdir -p "$TMPDIR" "$root/.build"
exec 9>"$root/.build/swift.lock"
flock 9
swift "$@" 9>&- <&0 &
child=$!
trap 'kill "$child" 2>/dev/null' INT TERM
wait "$child"
code=$?
# A signal ends the waiting, not yet swift.
while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done
exit "$code"
