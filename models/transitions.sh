#!/bin/bash
# Compares transitions.tsv with what the models do.
#
#   ./transitions.sh          exit 0 only if the rows marked "model" are exactly the moves that the models execute
#   ./transitions.sh --list   prints those moves: machine, from, event, to
#
# A move counts when an exhaustive search of one of the worlds below executes it, not when it is merely written down.
# Refused as well: a status assigned other than by the macros of moves.h, outside of a mutant.
set -u
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)

worlds() { cat <<'WORLDS'
payout_evm       -DN=2 -DWORKERS=1 -DBUMP -DOPERATOR -DBLIND -DREVERTS=1
payout_evm       -DN=3 -DWORKERS=1 -DBUMP -DREVERTS=2
payout_expiry    -DSOL -DT=7
payout_expiry    -DSEQ -DT=7
payout_expiry    -DHL -DHL_WINDOW -DT=10 -DCRASHES=0
payout_custodial
WORLDS
}

command -v spin >/dev/null && command -v gcc >/dev/null || { echo 'transitions.sh: spin and gcc are needed' >&2; exit 2; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# Prints the moves of one world that its search executed. A statement written n times and reported n times as unreached
# is not executed. -o3 keeps statements apart, so that none hides in its neighbour.
executed() {  # model flags...
  local model=$1; shift
  local dir; dir=$(mktemp -d -p "$work") || return 1
  cp "$here/moves.h" "$here/$model.pml" "$dir" && cd "$dir" &&
    spin -a -o3 -DTRAIL "$@" "$model.pml" >spin.out 2>&1 &&
    gcc -w -O1 -DSAFETY -DNOFAIR -DMEMLIM=6000 -o pan pan.c >gcc.out 2>&1 &&
    ./pan -m200000 >out 2>&1 && grep -q 'errors: 0' out && ! grep -qE 'not completed|too small|out of memory' out ||
    { echo "transitions.sh: $model $* did not finish" >&2; cat spin.out gcc.out out >&2 2>/dev/null; return 1; }
  sed -n "s/.*settr(.*printf('@\([^']*\)'.*/\1/p" pan.t | words | sort | uniq -c | sort >written
  sed -n "s/.*printf('@\([^']*\)'.*/\1/p" out | words | sort | uniq -c | sort >unreached
  comm -23 written unreached | awk '{ $1 = ""; print substr($0, 2) }'
}
words() { awk '{ sub(/\\+n$/, "", $5); sub(/\\+n$/, "", $6); print $1, $3, $4, $5 }'; }

awk '
  /^#if/    { depth++; hidden[depth] = hidden[depth - 1] || ($0 ~ /M_[A-Z_]+/ && $0 !~ /^#ifndef/); next }
  /^#else/  { hidden[depth] = hidden[depth - 1]; next }
  /^#endif/ { depth--; next }
  /(^|[^a-z])ps(\[[^]]*\])? = / && !hidden[depth] { print FILENAME ":" FNR ": a status is assigned without a move: " $0; bad = 1 }
  END { exit bad }
' "$here"/payout_*.pml >&2 || exit 1

while read -r model flags; do
  # shellcheck disable=SC2086
  (executed "$model" $flags) || exit 1
done < <(worlds) >"$work/moves" || exit 1
sort -u "$work/moves" | tr ' ' '\t' >"$work/model"
[ "${1:-}" = --list ] && { cat "$work/model"; exit; }

[ -s "$work/model" ] || { echo 'transitions.sh: the models execute no move at all' >&2; exit 1; }
awk -F'\t' '!/^#/ && NF != 7 { print "transitions.tsv: not seven columns: " $0; bad = 1 } END { exit bad }' "$here/transitions.tsv" >&2 || exit 1
grep -v '^#' "$here/transitions.tsv" | cut -f1-4 | sort | uniq -d >"$work/twice"
[ -s "$work/twice" ] && { echo 'transitions.tsv: a row stands twice:' >&2; cat "$work/twice" >&2; exit 1; }
awk -F'\t' -v OFS='\t' '!/^#/ && $5 == "model" { print $1, $2, $3, $4 }' "$here/transitions.tsv" | sort >"$work/table"
awk -F'\t' -v OFS='\t' '!/^#/ && $5 != "model" { print $1, $2, $3, $4 }' "$here/transitions.tsv" | sort >"$work/paper"
status=0
comm -13 "$work/table" "$work/model" | sed 's/^/executed by a model, absent from transitions.tsv as "model": /' | grep . && status=1
comm -23 "$work/table" "$work/model" | sed 's/^/in transitions.tsv as "model", executed by none: /' | grep . && status=1
comm -12 "$work/paper" "$work/model" | sed 's/^/marked "paper", yet executed by a model: /' | grep . && status=1
[ $status = 0 ] && echo "transitions.tsv: $(wc -l <"$work/table") moves as the models execute them, $(wc -l <"$work/paper") on paper"
exit $status
