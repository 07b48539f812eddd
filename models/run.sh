#!/bin/bash
# Checks every model, shows that each interesting end is reachable, and kills every mutant.
#
#   ./run.sh            all of it, as a table; exit 0 only if all rows are as they must be
#   ./run.sh -k EXPR    only rows that match EXPR
#   JOBS=n ./run.sh     rows at a time (default 2)
#   ./run.sh --rows     prints the rows and runs nothing
#
# Needs spin 6.5 and gcc. A row is: kind | model | what | spin flags
#   prop     exhaustive: assertions and invalid end states; must find nothing and must finish
#   ends     exhaustive: no cycle exists, so every run ends; must find nothing and must finish
#   reach    the named end must be reachable, so the properties are not true of an empty world
#   twice    mutant; only "paid at most once" is checked and must break
#   mutant   mutant; some property must break
here=$(cd "$(dirname "$0")" && pwd)

rows() { sed 's/^ *//; /^#/d; /^$/d' <<'ROWS'
prop   | payout_evm       | two workers, operator, unknown      | -DN=2 -DBUMP -DOPERATOR -DBLIND -DREVERTS=1
prop   | payout_evm       | two workers, three nonces, bisect   | -DN=3 -DBUMP -DREVERTS=1
prop   | payout_evm       | one worker, two crashes, two reorgs | -DN=3 -DWORKERS=1 -DBUMP -DREVERTS=2 -DREORGS=2 -DCRASHES=2 -DALIENS=2
ends   | payout_evm       | two workers                         | -DN=2 -DBUMP -DREVERTS=1
ends   | payout_evm       | operator, unknown                   | -DN=2 -DWORKERS=1 -DBUMP -DOPERATOR -DBLIND -DREVERTS=1
prop   | payout_expiry    | blockhash                           | -DSOL
ends   | payout_expiry    | blockhash                           | -DSOL -DT=7
prop   | payout_expiry    | sequence and expiry                 | -DSEQ -DT=8
prop   | payout_expiry    | same, two blocks in a second        | -DSEQ -DT=9 -DBPS=2
ends   | payout_expiry    | sequence and expiry                 | -DSEQ -DT=7
prop   | payout_expiry    | highload, account history           | -DHL -DT=10
prop   | payout_expiry    | highload, get-method in its window  | -DHL -DHL_WINDOW -DT=12 -DCRASHES=0
prop   | payout_expiry    | highload, two blocks in a second    | -DHL -DT=11 -DBPS=2
ends   | payout_expiry    | highload, account history           | -DHL -DT=8
prop   | payout_custodial | two payouts, two workers, people    |
ends   | payout_custodial | two payouts, two workers, people    |
prop   | lease            | lane row, lost commits, restore     |
ends   | lease            | lane row, lost commits, restore     |
prop   | approval         | two of three, edits, parts          |

reach  | payout_evm       | both confirmed in one batch         | -DN=2 -DWITNESS=ps[0]==CONFIRMED&&ps[1]==CONFIRMED&&fin==1
reach  | payout_evm       | bisected: one paid, one failed      | -DN=3 -DREVERTS=2 -DWITNESS=ps[0]==CONFIRMED&&ps[1]==FAILED&&solo
reach  | payout_evm       | confirmed after reorg and stranger  | -DN=2 -DWITNESS=ps[0]==CONFIRMED&&reorgs&&inc[0]==ALIEN
reach  | payout_evm       | cancelled by a void transaction     | -DN=2 -DOPERATOR -DWITNESS=ps[0]==FAILED&&fin==1&&inc[0]==VOIDED
reach  | payout_evm       | paid although cancelled             | -DN=2 -DOPERATOR -DWITNESS=ps[0]==CONFIRMED&&(have[0]&VD)&&inc[0]==V0OK
reach  | payout_evm       | confirmed by the cheaper member     | -DN=2 -DBUMP -DWITNESS=ps[0]==CONFIRMED&&have[0]==3&&inc[0]==V0OK
reach  | payout_expiry    | dead, then paid by the second       | -DSOL -DWITNESS=ps==CONFIRMED&&EFFECT(1,fin)
reach  | payout_expiry    | included at last valid + 1          | -DSOL -DWITNESS=ps==CONFIRMED&&at[0]==bnd[0]+1
reach  | payout_expiry    | replaced, second wins               | -DSEQ -DT=8 -DWITNESS=ps==CONFIRMED&&at[1]&&have[0]&&seq[0]==seq[1]
reach  | payout_expiry    | leg failed, second pays             | -DHL -DT=11 -DWITNESS=ps==CONFIRMED&&fails
reach  | payout_custodial | both paid after a crash             | -DWITNESS=ps[0]==CONFIRMED&&ps[1]==CONFIRMED&&crashes
reach  | payout_custodial | second attempt pays, a person erred | -DWITNESS=ps[0]==CONFIRMED&&tries[0]==2&&errors

twice  | payout_evm       | M_TIMEOUT_IS_FAILURE                | -DN=2 -DREVERTS=0 -DALIENS=0
twice  | payout_evm       | M_STALE_PLAN                        | -DN=2 -DREVERTS=0 -DALIENS=0
twice  | payout_evm       | M_SEND_BEFORE_BYTES                 | -DN=2 -DBUMP -DREVERTS=0 -DALIENS=0
twice  | payout_evm       | M_OTHER_PAYEES                      | -DN=2 -DBUMP -DREVERTS=0 -DALIENS=0
twice  | payout_evm       | M_DEATH_BY_LATEST_NONCE             | -DN=2 -DREVERTS=0
twice  | payout_evm       | M_REVERT_EARLY                      | -DN=2 -DREVERTS=1 -DALIENS=0
twice  | payout_evm       | M_LAST_HASH_ONLY                    | -DN=2 -DBUMP -DREVERTS=0 -DALIENS=0
twice  | payout_evm       | M_ABSENT_RECEIPT_IS_DEATH           | -DN=2 -DREVERTS=0 -DALIENS=0
twice  | payout_evm       | M_NO_QUORUM                         | -DN=2 -DREVERTS=0 -DALIENS=0
twice  | payout_evm       | M_DEMOTION_SHRINKS_QUORUM           | -DN=2 -DREVERTS=0 -DALIENS=0
twice  | payout_evm       | M_UNKNOWN_RETRIED                   | -DN=2 -DREVERTS=0 -DALIENS=0 -DBLIND
mutant | payout_evm       | M_CANCEL_ABANDONS                   | -DN=2 -DOPERATOR -DREVERTS=0 -DALIENS=0
mutant | payout_evm       | M_CONFIRM_EARLY                     | -DN=2 -DREVERTS=0 -DALIENS=0
mutant | payout_evm       | M_SIGN_BEFORE_INTENT                | -DN=2 -DREVERTS=0 -DALIENS=0
mutant | payout_evm       | M_SIGNER_NO_FENCE                   | -DN=2 -DREVERTS=0 -DALIENS=0
mutant | payout_evm       | M_STALE_WRITE                       | -DN=2 -DREVERTS=0 -DALIENS=0
twice  | payout_expiry    | M_TIMEOUT_IS_FAILURE                | -DSOL -DCRASHES=0 -DREORGS=0
twice  | payout_expiry    | M_OFF_BY_ONE                        | -DSOL -DCRASHES=0 -DREORGS=0
twice  | payout_expiry    | M_LIAR_GIVES_BOUND                  | -DSOL -DCRASHES=0 -DREORGS=0
twice  | payout_expiry    | M_DEATH_AT_TIP                      | -DSOL -DCRASHES=0
twice  | payout_expiry    | M_HEIGHT_AND_ABSENCE_MIXED          | -DSOL -DCRASHES=0 -DREORGS=0
twice  | payout_expiry    | M_ABSENCE_BEFORE_TIME               | -DSOL -DCRASHES=0 -DREORGS=0
twice  | payout_expiry    | M_NO_QUORUM                         | -DSOL -DCRASHES=0 -DREORGS=0
mutant | payout_expiry    | M_CONFIRM_AT_TIP                    | -DSOL -DT=8 -DCRASHES=0
mutant | payout_expiry    | M_INCLUDED_IS_PAID                  | -DSOL -DT=8 -DCRASHES=0 -DREORGS=0
twice  | payout_expiry    | M_REPLACED_ON_NEW_NUMBER            | -DSEQ -DT=8 -DCRASHES=0
mutant | payout_expiry    | M_LOCAL_CLOCK                       | -DSEQ -DT=8 -DCRASHES=0
mutant | payout_expiry    | M_FAMILY_OLD_BOUND                  | -DSEQ -DT=8 -DCRASHES=0
mutant | payout_expiry    | M_ABSENCE_BEFORE_TIME               | -DSEQ -DT=8 -DCRASHES=0
mutant | payout_expiry    | M_OFF_BY_ONE                        | -DSEQ -DT=9 -DBPS=2 -DCRASHES=0
twice  | payout_expiry    | M_HL_FORGOTTEN                      | -DHL -DT=12 -DCRASHES=0
twice  | payout_expiry    | M_LOCAL_CLOCK                       | -DHL -DT=11 -DCRASHES=0
mutant | payout_expiry    | M_INCLUDED_IS_PAID                  | -DHL -DT=11 -DCRASHES=0
mutant | payout_expiry    | M_OFF_BY_ONE                        | -DHL -DT=11 -DBPS=2 -DCRASHES=0
twice  | payout_custodial | M_TIMEOUT_IS_FAILURE                |
twice  | payout_custodial | M_ABSENCE_IS_DEATH                  |
twice  | payout_custodial | M_ABSENCE_AFTER_LAG                 |
twice  | payout_custodial | M_RESENT_AFTER_CRASH                |
twice  | payout_custodial | M_REFUSAL_IS_DEATH                  |
twice  | payout_custodial | M_UNSEALED                          |
twice  | payout_custodial | M_ONE_PERSON                        |
twice  | payout_custodial | M_DECISION_LEAVES_ROWS              |
mutant | payout_custodial | M_ACCEPTED_IS_PAID                  |
mutant | payout_custodial | M_TWO_OPEN                          |
mutant | payout_custodial | M_ROW_USED_TWICE                    |
mutant | payout_custodial | M_SHARED_ACCOUNT                    |
twice  | lease            | M_CHECKED_WITHOUT_LOCK              |
twice  | lease            | M_COMMIT_UNKNOWN_IS_FAILURE         |
twice  | lease            | M_RESTORE_UNCHECKED                 |
twice  | lease            | M_LEASE_SURVIVES_RECONNECT          |
mutant | lease            | M_COMMIT_UNKNOWN_IS_SUCCESS         |
mutant | lease            | M_LOCAL_LEASE                       |
mutant | approval         | M_BOUND_TO_BATCH_ID                 |
mutant | approval         | M_INITIATOR_COUNTS                  |
mutant | approval         | M_SIGNER_TRUSTS_ENGINE              |
mutant | approval         | M_NO_MEMBERSHIP                     |
mutant | approval         | M_VERDICT_OF_YESTERDAY              |
mutant | approval         | M_EXPIRY_WHEN_PLANNED               |
ROWS
}

# What an error means to somebody who pays.
meaning() {
  case $1 in
    *'invalid end state'*)  echo 'stuck' ;;
    *'<=1'*)                echo 'paid twice' ;;
    *'(ps[q]!=2)'*|*'(ps[0]!=2)'*|*'(ps[1]!=2)'*|*'(ps!=2)'*) echo 'confirmed, not paid' ;;
    *'(ps[q]!=3)'*|*'(ps[0]!=3)'*|*'(ps[1]!=3)'*|*'(ps!=3)'*) echo 'failed, yet paid' ;;
    *'(ps[q]!=0)'*|*'(ps[0]!=0)'*|*'(ps[1]!=0)'*|*'(ps!=0)'*) echo 'queued, yet paid' ;;
    *'assertion violated'*) echo 'rule broken' ;;
    *)                      echo '' ;;
  esac
}

one() {  # number kind model what flags...
  local number=$1 kind=$2 model=$3 what=$4; shift 4
  local dir; dir=$(mktemp -d) || exit 1
  trap "rm -rf '$dir'" EXIT
  local cc='-O2 -DSAFETY -DNOFAIR' run='' flags=("$@")
  case $kind in
    ends)   cc='-O2 -DNP -DNOFAIR'; run='-l' ;;
    reach)  cc='-O0 -DSAFETY -DNOFAIR'; run='-E' ;;
    twice)  cc='-O0 -DSAFETY -DNOFAIR'; run='-E'; flags+=(-DTWICE "-D$what") ;;
    mutant) cc='-O0 -DSAFETY -DNOFAIR'; flags+=("-D$what") ;;
  esac
  [ $model = payout_expiry ] && cc=${cc/-O0/-O1}       # its counterexamples are far from the start
  [ "$what" = M_ACCEPTED_IS_PAID ] && run='-E'
  (
    cd "$dir" && cp "$here/moves.h" . || exit
    local flag kept=()
    for flag in "${flags[@]}"; do     # a witness is an expression: kept away from spin's shell
      case $flag in
        -DWITNESS=*) printf '#define WITNESS (%s)\n' "${flag#-DWITNESS=}" ;;
        *) kept+=("$flag") ;;
      esac
    done >"$model.pml"
    flags=("${kept[@]}")
    cat "$here/$model.pml" >>"$model.pml" &&
    spin -a "${flags[@]}" "$model.pml" >spin.out 2>&1 &&
    gcc -w $cc -DMEMLIM=6000 -o pan pan.c >gcc.out 2>&1 &&
    ./pan -m200000 $run >out 2>&1
  )
  local out=$dir/out verdict=BAD why='' found states depth memory seconds
  if [ -s "$out" ]; then
    found=$(grep -m1 -E '^pan:1: (assertion violated|invalid end state|non-progress)' "$out")
    states=$(sed -n 's/^ *\([0-9.e+]*\) states, stored.*/\1/p' "$out")
    depth=$(sed -n 's/.*depth reached \([0-9]*\),.*/\1/p' "$out")
    memory=$(sed -n 's/^ *\([0-9.]*\)\ttotal actual memory usage.*/\1/p' "$out")
    seconds=$(sed -n 's/^pan: elapsed time \([0-9.e+-]*\) seconds.*/\1/p' "$out")
    case $kind in
      prop|ends)
        grep -q 'errors: 0' "$out" && ! grep -qE 'Search not completed|too small|out of memory|memory limit' "$out" && verdict=ok
        [ $verdict = ok ] && why='holds' || why=${found:-'not finished'} ;;
      reach)
        case $found in *'assertion violated'*) verdict=ok; why='reached' ;; *) why='never reached' ;; esac ;;
      twice)
        why=$(meaning "$found"); [ "$why" = 'paid twice' ] && verdict=ok; : "${why:=survived}" ;;
      mutant)
        why=$(meaning "$found"); [ -n "$why" ] && verdict=ok; : "${why:=survived}" ;;
    esac
  else
    why='did not build'; cat "$dir/spin.out" "$dir/gcc.out" >&2
  fi
  printf '%03d\t%-6s %-16s %-36s %10s %6s %7.0f %7s  %-20s %s\n' \
    "$number" "$kind" "$model" "$what" "${states:--}" "${depth:--}" "${memory:-0}" "${seconds:--}" "$why" "$verdict"
}

if [ "${1:-}" = --one ]; then
  shift
  IFS='|' read -r number kind model what flags <<<"$1"
  read -r kind <<<"$kind"; read -r model <<<"$model"; read -r what <<<"$what"
  set -f
  one "$number" "$kind" "$model" "$what" $flags
  exit
fi

[ "${1:-}" = --rows ] && { rows; exit; }
command -v spin >/dev/null && command -v gcc >/dev/null || { echo 'spin and gcc are needed' >&2; exit 2; }
pattern=.
[ "${1:-}" = -k ] && pattern=$2
begun=$SECONDS
table=$(mktemp)
trap 'rm -f "$table"' EXIT
rows | grep -E -- "$pattern" | awk '{ printf "%d|%s\n", NR, $0 }' |
  tr '\n' '\0' | xargs -0 -P "${JOBS:-2}" -I{} bash "$here/run.sh" --one {} >"$table"
printf '%-6s %-16s %-36s %10s %6s %7s %7s  %-20s %s\n' kind model what states depth MB s result verdict
sort "$table" | cut -f2-
all=$(rows | grep -cE -- "$pattern"); good=$(grep -c ' ok$' "$table")
echo "$good of $all rows as they must be, $((SECONDS - begun)) s"
[ "$good" -gt 0 ] && [ "$good" -eq "$all" ]
