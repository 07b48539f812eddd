#!/bin/bash
# Writes what the models do as sequences of moves, for replaying through other implementations of the same machines.
#
#   ./trails.sh DIR          one file per "reach" row of run.sh: the way to that end that spin found
#   ./trails.sh DIR COUNT    and COUNT random runs of each world below, seeds 1 to COUNT
#
# A file holds comments (#) and one move per line, fields separated by one space:
#   payout  NUMBER         FROM EVENT TO [batch=NUMBER]
#   batch   NUMBER         FROM EVENT TO
#   attempt BATCH.MEMBER   FROM EVENT TO
# Moves of one commit stand together. The same spin writes the same files.
set -uf
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] || { sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 64; }
command -v spin >/dev/null && command -v gcc >/dev/null || { echo 'trails.sh: spin and gcc are needed' >&2; exit 2; }
mkdir -p "$1" || exit 1
target=$(cd "$1" && pwd); count=${2:-0}
case $count in *[!0-9]*) echo "trails.sh: not a number: $count" >&2; exit 64 ;; esac
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

worlds() { cat <<'WORLDS'
payout_evm       -DN=2 -DBUMP -DOPERATOR -DBLIND -DREVERTS=1
payout_evm       -DN=3 -DBUMP -DREVERTS=2
payout_expiry    -DSOL -DT=12
payout_expiry    -DSEQ -DT=12
payout_expiry    -DHL -DHL_WINDOW -DT=12
payout_custodial
WORLDS
}

moves() { sed -n 's/^ *@\(payout\|batch\|attempt\)/\1/p' | awk 'NF >= 5'; }
failed() { echo "trails.sh: $*" >&2; cat "$work"/*.out >&2 2>/dev/null; exit 1; }

made=0
while IFS='|' read -r kind model what flags; do
  [ "${kind// /}" = reach ] || continue
  read -r model <<<"$model"; read -r what <<<"$what"
  cp "$here/moves.h" "$work" && cd "$work" || exit 1
  kept=()
  for flag in $flags; do
    case $flag in
      -DWITNESS=*) printf '#define WITNESS (%s)\n' "${flag#-DWITNESS=}" ;;
      *) kept+=("$flag") ;;
    esac
  done >world.pml
  cat "$here/$model.pml" >>world.pml
  rm -f world.pml.trail
  spin -a -DTRAIL "${kept[@]}" world.pml >spin.out 2>&1 && gcc -w -O0 -DSAFETY -DNOFAIR -DMEMLIM=6000 -o pan pan.c >gcc.out 2>&1 ||
    failed "$model, $what: does not build"
  ./pan -m200000 -E >pan.out 2>&1
  [ -s world.pml.trail ] || failed "$model, $what: not reached"
  spin -t -DTRAIL "${kept[@]}" world.pml >trail.out 2>&1
  slug=$(tr -c 'a-z0-9\n' '-' <<<"${what,,}" | tr -s '-' | sed 's/^-//; s/-$//')
  file=$target/$model.$slug.trail
  { echo "# model: $model"; echo "# end: $what"; echo "# flags: $(echo $flags)"; moves <trail.out; } >"$file"
  grep -qv '^#' "$file" || failed "$model, $what: a trail without a move"
  made=$((made + 1))
done < <("$here/run.sh" --rows)
[ "$made" -gt 0 ] || failed 'run.sh has no reach rows'

runs=0 world=0
while [ "$count" -gt 0 ] && read -r model flags; do
  cp "$here/moves.h" "$here/$model.pml" "$work" && cd "$work" || exit 1
  world=$((world + 1))
  for ((seed = 1; seed <= count; seed++)); do
    # shellcheck disable=SC2086
    spin -T -u20000 -n"$seed" -DTRAIL $flags "$model.pml" >random.out 2>&1
    grep -q 'assertion violated\|Error' random.out && failed "$model $flags, seed $seed: a rule broke"
    { echo "# model: $model"; echo "# seed: $seed"; echo "# flags: $flags"; moves <random.out; } >"$target/$model.world-$world.seed-$seed.trail"
    runs=$((runs + 1))
  done
done < <(worlds)
echo "trails.sh: $made ends and $runs random runs in $target"
