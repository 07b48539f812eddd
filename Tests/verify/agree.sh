#!/bin/bash
# Random draws of the simulator, honest and forged, before all verifiers: each says the same of each bundle.
#
#   Tests/verify/agree.sh [DRAWS] [SEED]
#
# The verifiers are the product's own, tools/verify_draw.py, and the scripts of the lottery's page in headless Chromium.
# Reads BIN (.build/debug), a folder with almoner-sim. Of each draw there is the bundle (accepted by all), one with a lie
# (refused by all) and one with a changed byte (the same word from all). The last line is "N passed, N failed".
set -euo pipefail
cd "$(dirname "$0")/../.."
draws=${1:-2000}
seed=${2:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
bin=${BIN:-.build/debug}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
echo "seed $seed"
key=$("$bin/almoner-sim" draws --count "$draws" --seed "$seed" --out "$dir/bundles")
python3 Tests/verify/forge.py "$dir/bundles" "$seed"
# The second one takes as long as the other two.
{ python3 tools/verify_draw.py --witness-key "$key" "$dir/bundles" >"$dir/second" || [ $? = 1 ]; } &
second=$!
"$bin/almoner-sim" draws --check "$dir/bundles" >"$dir/ours"
python3 Tests/verify/browser.py "$key" "$dir/bundles" >"$dir/third"
wait "$second"
python3 Tests/verify/compare.py "$draws" "$dir/ours" "$dir/second" "$dir/third"
