/*
 * One payout on a rail whose transactions die by themselves. BPS blocks share a second.
 * Pick a rail:
 *   -DSOL  blockhash: included up to last_valid + 1, forks until final
 *   -DSEQ  sequence + expiry (TON wallet seqno + valid_until, Supra sequence + expiration):
 *          included while time < expiry and the number is unused, blocks final at once
 *   -DHL   TON highload v3: query id + created_at + timeout; the contract FORGETS a query id
 *          some time after `timeout`, and the payment is a later, separate leg
 *
 * Recorded bytes may be included at any block that still accepts them (late senders and
 * relays need no step of their own). Two honest nodes lag independently, a third lies.
 * Rules are switched off by -DM_<NAME>; -DTWICE keeps only "paid at most once".
 */
#if !defined(SOL) && !defined(SEQ) && !defined(HL)
#define SOL
#endif
#ifndef T
#define T 9             /* last block of this world */
#endif
#ifndef BPS
#define BPS 1           /* blocks that share a second; bounds of SEQ and HL are seconds */
#endif
#define LIFE 2          /* how long a transaction is meant to live */
#define TO 4            /* highload: the wallet's timeout */
#define TIME(h) ((h) / BPS)
#define ROOM(h) ((TIME(h) + LIFE + 2) * BPS <= T)
#ifndef CRASHES
#define CRASHES 1
#endif
#ifndef REORGS
#define REORGS 1
#endif
#define FAILS 1
#define ALIENS 1
#define LIARS 1
#define QUORUM 2

#include "moves.h"
#define STATUS(p) ps

/* durable */
byte ps, na;            /* status, attempts begun */
byte ref[2];            /* chain height known to a quorum when the intent was written */
byte bnd[2];            /* recorded bound: last valid height, or expiry */
byte seq[2];
bit have[2];            /* signed bytes durable */
byte first;             /* first attempt of the living family */
bit unk;                /* handed to people */

/* chain */
byte tip, fin, at[2], leg[2];
bit ok[2];
byte used[3];           /* SEQ: height at which the number was consumed, 0 = unused */
byte real[2];           /* true bound, whatever a node claimed */

/* nodes: finalized height of two honest ones */
byte v[2];

/* worker's memory: what each honest node has stated */
bit tm[2], ab[2], dv[2], pv[2];

byte crashes, reorgs, fails, aliens;

#ifdef SOL
#define ACCEPTS(a, h) ((h) <= real[a] + 1)
#define PAST(a, h) ((h) >= bnd[a] + 1 - LESS)
#else
#define ACCEPTS(a, h) (TIME(h) < real[a])
#define PAST(a, h) (TIME(h) >= bnd[a] - LESS)
#endif
#ifdef M_OFF_BY_ONE
#define LESS 1
#else
#define LESS 0
#endif

#ifdef HL
#define EFFECT(a, h) (leg[a] != 0 && leg[a] <= (h) && ok[a])
#define VAIN(a, h) (leg[a] != 0 && leg[a] <= (h) && !ok[a])
#else
#define EFFECT(a, h) (at[a] != 0 && at[a] <= (h) && ok[a])
#define VAIN(a, h) (at[a] != 0 && at[a] <= (h) && !ok[a])
#endif
#define PAID ((EFFECT(0, fin) -> 1 : 0) + (EFFECT(1, fin) -> 1 : 0))

inline check() {
  assert(PAID <= 1);
  RULE(ps != CONFIRMED || PAID == 1);
  RULE(ps != FAILED || PAID == 0);
  RULE(ps != QUEUED || PAID == 0);
#ifdef WITNESS
  assert(!(WITNESS));
#endif
  skip
}
#define DONE (ps == CONFIRMED || ps == FAILED || unk)

/* what an honest node says at its own final height h about attempt a */
#if defined(M_HL_FORGOTTEN)
#define SEEN(a, h) (at[a] != 0 && at[a] <= (h) && TIME(h) <= TIME(at[a]) + TO)
#elif defined(HL_WINDOW)
/* get-method only, but believed only while the contract cannot have forgotten */
#define SEEN(a, h) ((at[a] != 0 && at[a] <= (h) && TIME(h) <= TIME(at[a]) + TO) || TIME(h) > TIME(ref[a]) + TO)
#else
#define SEEN(a, h) (at[a] != 0 && at[a] <= (h))
#endif
/* a number spent by a stranger kills every attempt that needs it */
#ifdef SEQ
#define STOLEN(a, h) (used[seq[a]] != 0 && used[seq[a]] <= (h) && at[0] != used[seq[a]] && at[1] != used[seq[a]])
#else
#define STOLEN(a, h) (false)
#endif
#define BEATEN(a, h) (na == 2 && first == 0 && seq[0] == seq[1] && VAIN(1 - (a), h))
#define GONE(a, h) (VAIN(a, h) || STOLEN(a, h) || BEATEN(a, h))
#ifdef M_FAMILY_OLD_BOUND
#define LASTA first
#else
#define LASTA (na - 1)
#endif
#define ALLPAST(h) (PAST(first, h) && PAST(LASTA, h))
#define ALLUNSEEN(h) (!SEEN(first, h) && !SEEN(LASTA, h))
#define ALLGONE(h) (GONE(first, h) && GONE(LASTA, h))
#ifdef M_INCLUDED_IS_PAID
#define ANYPAID(h) (SEEN(first, h) || SEEN(na - 1, h))
#else
#define ANYPAID(h) (EFFECT(first, h) || EFFECT(na - 1, h))
#endif

#ifdef M_DEATH_AT_TIP
#define DVIEW(i) tip
#else
#define DVIEW(i) v[i]
#endif
#ifdef M_CONFIRM_AT_TIP
#define PVIEW(i) tip
#else
#define PVIEW(i) v[i]
#endif

#ifdef M_NO_QUORUM
#define NEED 1
#else
#define NEED QUORUM
#endif

/* What trails tell about the members of a family: attempts first .. na - 1. The model does not need it. */
#ifdef TRAIL
#define WON(a) (EFFECT(a, v[0]) || EFFECT(a, v[1]))
inline member_ends(a, won) {
  if
  :: won -> ATTEMPT(first, a - first, signed, prevailed, confirmed)
  :: !(won) && have[a] -> ATTEMPT(first, a - first, signed, batch_ended, dead)
  :: else -> ATTEMPT(first, a - first, intended, batch_ended, dead)
  fi
}
inline members_paid() {
  member_ends(first, WON(first));
  if :: na - 1 != first -> member_ends(1, WON(1)) :: else fi
}
inline members_dead() {
  if
  :: VAIN(first, fin) || VAIN(na - 1, fin) -> BATCH(first, live, reverted, dead)
  :: !VAIN(first, fin) && !VAIN(na - 1, fin) && STOLEN(first, fin) -> BATCH(first, live, stranger, dead)
  :: else -> BATCH(first, live, bound_passed, dead)
  fi;
  member_ends(first, false);
  if :: na - 1 != first -> member_ends(1, false) :: else fi
}
#else
#define members_paid() skip
#define members_dead() skip
#endif

proctype Worker() {
  do
  :: atomic { DONE -> break }
  :: atomic { crashes < CRASHES && (tm[0] || tm[1] || ab[0] || ab[1] || dv[0] || dv[1] || pv[0] || pv[1]) ->
       crashes++; tm[0] = 0; tm[1] = 0; ab[0] = 0; ab[1] = 0; dv[0] = 0; dv[1] = 0; pv[0] = 0; pv[1] = 0 }

  /* intent: unsigned bytes with their bound, from a height that a quorum has; room must be left in this world */
  :: atomic { ps == QUEUED && na < 2 && v[0] >= 1 && v[1] >= 1 && ROOM(v[0]) && ROOM(v[1]) ->
       if :: ref[na] = v[0] :: ref[na] = v[1] fi;
       real[na] = TIME(ref[na]) + LIFE; bnd[na] = real[na];
#ifdef M_LIAR_GIVES_BOUND   /* one node hands out the blockhash together with a last valid height too low */
       bnd[na] = real[na] - 1;
#endif
#ifdef SEQ
       seq[na] = (used[0] == 0 -> 0 : (used[1] == 0 -> 1 : 2));
#endif
       first = na; na++;
       BATCH(first, none, intended, live); ATTEMPT(first, 0, none, intended, intended);
       PAYOUT(0, first, queued, intended, submitted) }
  :: atomic { ps == QUEUED && (na == 2 || !ROOM(v[0]) || !ROOM(v[1])) -> LOOSE(0, queued, expired, failed); check() }

#ifdef SEQ
  /* replacement before any death: sound because it needs the SAME number */
  :: atomic { ps == SUBMITTED && na == 1 && ROOM(v[0]) ->
       ref[1] = v[0]; real[1] = TIME(ref[1]) + LIFE; bnd[1] = real[1];
#ifdef M_REPLACED_ON_NEW_NUMBER
       seq[1] = seq[0] + 1;
#else
       seq[1] = seq[0];
#endif
       BATCH(0, live, member_added, live); ATTEMPT(0, 1, none, intended, intended);
       na = 2; dv[0] = 0; dv[1] = 0; tm[0] = 0; tm[1] = 0; ab[0] = 0; ab[1] = 0 }
#endif

  /* sign what the intent says and record the bytes; a relay may carry them from here on */
  :: atomic { ps == SUBMITTED && na >= 1 && !have[0] && first == 0 -> have[0] = 1;
       ATTEMPT(0, 0, intended, signature_made, intended); ATTEMPT(0, 0, intended, recorded, signed) }
  :: atomic { ps == SUBMITTED && na == 2 && !have[1] -> have[1] = 1;
       ATTEMPT(first, 1 - first, intended, signature_made, intended); ATTEMPT(first, 1 - first, intended, recorded, signed) }

#ifdef M_TIMEOUT_IS_FAILURE
  :: atomic { ps == SUBMITTED && na == 1 -> ps = QUEUED; check() }
#endif
#ifdef M_LOCAL_CLOCK    /* our clock runs two seconds ahead of the chain */
  :: atomic { ps == SUBMITTED && TIME(tip) + 2 >= bnd[na - 1] && ALLUNSEEN(v[0]) && ALLUNSEEN(v[1]) ->
       dv[0] = 1; dv[1] = 1 }
#endif
#ifdef M_HEIGHT_AND_ABSENCE_MIXED  /* highest height anybody reports, absence from whoever answers */
  :: atomic { ps == SUBMITTED && (ALLPAST(v[0]) || ALLPAST(v[1])) && (ALLUNSEEN(v[0]) || ALLUNSEEN(v[1])) ->
       dv[0] = 1 }
#endif

  /* evidence of death, node by node: first its height or time, then the absence, never the other way round */
#ifdef M_ABSENCE_BEFORE_TIME
  :: atomic { ps == SUBMITTED && !ab[0] && ALLUNSEEN(DVIEW(0)) -> ab[0] = 1 }
  :: atomic { ps == SUBMITTED && !ab[1] && ALLUNSEEN(DVIEW(1)) -> ab[1] = 1 }
  :: atomic { ps == SUBMITTED && ab[0] && !dv[0] && ALLPAST(DVIEW(0)) -> dv[0] = 1 }
  :: atomic { ps == SUBMITTED && ab[1] && !dv[1] && ALLPAST(DVIEW(1)) -> dv[1] = 1 }
#else
  :: atomic { ps == SUBMITTED && !tm[0] && ALLPAST(DVIEW(0)) -> tm[0] = 1 }
  :: atomic { ps == SUBMITTED && !tm[1] && ALLPAST(DVIEW(1)) -> tm[1] = 1 }
  :: atomic { ps == SUBMITTED && tm[0] && !dv[0] && ALLUNSEEN(DVIEW(0)) -> dv[0] = 1 }
  :: atomic { ps == SUBMITTED && tm[1] && !dv[1] && ALLUNSEEN(DVIEW(1)) -> dv[1] = 1 }
#endif
  /* executed without effect, or the number taken by a stranger: positive proof, no waiting */
  :: atomic { ps == SUBMITTED && !dv[0] && ALLGONE(DVIEW(0)) -> dv[0] = 1 }
  :: atomic { ps == SUBMITTED && !dv[1] && ALLGONE(DVIEW(1)) -> dv[1] = 1 }
  /* paid */
  :: atomic { ps == SUBMITTED && !pv[0] && ANYPAID(PVIEW(0)) -> pv[0] = 1 }
  :: atomic { ps == SUBMITTED && !pv[1] && ANYPAID(PVIEW(1)) -> pv[1] = 1 }

  /* resolve: honest statements plus the liar's must reach the quorum */
  :: atomic { ps == SUBMITTED && dv[0] + dv[1] + LIARS >= NEED ->
       members_dead();
       if :: na < 2 -> PAYOUT(0, first, submitted, dead, queued) :: true -> PAYOUT(0, first, submitted, dead, failed) fi;
       tm[0] = 0; tm[1] = 0; ab[0] = 0; ab[1] = 0; dv[0] = 0; dv[1] = 0; pv[0] = 0; pv[1] = 0;
       check() }
  :: atomic { ps == SUBMITTED && pv[0] + pv[1] + LIARS >= NEED ->
       members_paid();
       BATCH(first, live, paid, final); PAYOUT(0, first, submitted, paid, confirmed);
       check() }

#ifdef HL_WINDOW
  /* the window closed unseen: nothing automatic is left, people look at the account's history */
  :: atomic { ps == SUBMITTED && !unk && TIME(v[0]) > TIME(ref[first]) + TO && TIME(v[1]) > TIME(ref[first]) + TO &&
       !EFFECT(first, v[0]) && !VAIN(first, v[0]) ->
       unk = 1; PAYOUT(0, first, submitted, patience_over, submitted) }
#endif
  od
}

#ifdef SEQ
#define FREE(a) (used[seq[a]] == 0)
#define TAKE(a) used[seq[a]] = tip
#else
#define FREE(a) (true)
#define TAKE(a) skip
#endif
#ifdef SOL
#define SETTLE check()
#else
#define SETTLE fin = tip; check()
#endif
#define MAYINCLUDE(a) (tip < T && have[a] && at[a] == 0 && ACCEPTS(a, tip + 1) && FREE(a))

proctype Chain() {
  do
  :: atomic { DONE && tip == T && fin == T -> break }
  :: atomic { tip < T -> tip++; SETTLE }
  :: atomic { MAYINCLUDE(0) -> tip++; at[0] = tip; ok[0] = 1; TAKE(0); SETTLE }
  :: atomic { MAYINCLUDE(1) -> tip++; at[1] = tip; ok[1] = 1; TAKE(1); SETTLE }
#ifndef HL
  :: atomic { MAYINCLUDE(0) && fails < FAILS -> fails++; tip++; at[0] = tip; ok[0] = 0; TAKE(0); SETTLE }
  :: atomic { MAYINCLUDE(1) && fails < FAILS -> fails++; tip++; at[1] = tip; ok[1] = 0; TAKE(1); SETTLE }
#else
  :: atomic { at[0] != 0 && leg[0] == 0 -> leg[0] = tip; ok[0] = 1; check() }
  :: atomic { at[1] != 0 && leg[1] == 0 -> leg[1] = tip; ok[1] = 1; check() }
  :: atomic { at[0] != 0 && leg[0] == 0 && fails < FAILS -> fails++; leg[0] = tip; ok[0] = 0; check() }
  :: atomic { at[1] != 0 && leg[1] == 0 && fails < FAILS -> fails++; leg[1] = tip; ok[1] = 0; check() }
#endif
#ifdef SEQ
  :: atomic { tip < T && used[0] == 0 && aliens < ALIENS -> aliens++; tip++; used[0] = tip; SETTLE }
#endif
#ifdef SOL
  :: atomic { fin < tip -> fin++; check() }
  :: atomic { fin < tip && reorgs < REORGS -> reorgs++;
       if :: at[0] > fin -> at[0] = 0; ok[0] = 0 :: else fi;
       if :: at[1] > fin -> at[1] = 0; ok[1] = 0 :: else fi;
       tip = fin; check() }
#endif
  /* honest nodes follow, each at its own pace */
  :: atomic { v[0] < fin -> v[0]++ }
  :: atomic { v[1] < fin -> v[1]++ }
  od
}

init { atomic { tip = 1; fin = 1; run Worker(); run Chain() } }
