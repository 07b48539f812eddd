#!/bin/sh
# Draws of the simulator, honest and tampered, before both verifiers: each bundle must be accepted by both or by none.
#
#   Tests/verify/agree.sh [DRAWS] [SEED]
#
# Needs `almoner-sim draws --count N --seed S --out DIR`, which writes N bundles and as many with one change each, named
# good-*.json and bad-*.json, all with values whose proof is not looked at.
set -eu
cd "$(dirname "$0")/../.."
draws=${1:-2000}
seed=${2:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
echo "seed $seed"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
bin=$(tools/swift.sh build --show-bin-path)
"$bin/almoner-sim" draws --count "$draws" --seed "$seed" --out "$dir/bundles"
# One JSON line a bundle from each; the simulator's own is by the verifier of the product, with the same seam for values.
"$bin/almoner-sim" draws --check "$dir/bundles" > "$dir/ours" || true
python3 tools/verify_draw.py --skip-beacon "$dir/bundles" > "$dir/theirs" || true
python3 - "$dir/ours" "$dir/theirs" "$draws" <<'PY'
import json, sys
def lines(path):
    return {x["bundle"]: (x["accepted"], x["commitment"] if x["accepted"] else None) for x in map(json.loads, open(path))}
ours, theirs = lines(sys.argv[1]), lines(sys.argv[2])
odd = sorted(n for n in ours.keys() | theirs.keys() if ours.get(n) != theirs.get(n))
wrong = sorted(n for n, (ok, _) in ours.items() if ok != n.startswith("good-"))
for name in odd[:10]: print("not agreed:", name, ours.get(name), theirs.get(name))
for name in wrong[:10]: print("wrong:", name, ours[name])
if odd or wrong or len(ours) != 2 * int(sys.argv[3]): sys.exit(f"{len(odd)} not agreed, {len(wrong)} wrong, {len(ours)} looked at")
print(f"{len(ours)} bundles: both verifiers agree")
PY
