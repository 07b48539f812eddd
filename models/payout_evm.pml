/*
 * Payouts on an EVM-like chain: one lane (one sending account), two payouts that
 * may share a batch, replacement families on one nonce, two workers, a chain with
 * loss, re-appearance, reorg and finality, three nodes of which one lies.
 *
 * Everything a worker keeps in memory is lost in a crash; every other variable of
 * the first two groups is durable. One atomic step is one database transaction or
 * one external effect, never both, so a crash fits between any two of them.
 *
 * The run is finite by budgets: with -DNP it is shown that no cycle exists, and the
 * absence of an invalid end state then says that every maximal run ends with every
 * payout confirmed, failed, or unknown and handed to people.
 *
 * Rules are switched off one at a time by -DM_<NAME>; each must break a property.
 */
#ifndef N
#define N 3             /* nonces the lane may use, at most 3 */
#endif
#ifndef WORKERS
#define WORKERS 2
#endif
#ifndef CRASHES
#define CRASHES 1
#endif
#ifndef TAKEOVERS
#define TAKEOVERS 1     /* leases that expire under a live holder */
#endif
#ifndef REORGS
#define REORGS 1        /* included transactions thrown out before finality */
#endif
#ifndef ALIENS
#define ALIENS 1        /* transactions sent with our key from outside */
#endif
#ifndef LOSSES
#define LOSSES 1        /* transactions forgotten by every mempool */
#endif
#ifndef REVERTS
#define REVERTS 2
#endif
#define NODES 3
#define LIARS 1
#define QUORUM 2

#include "moves.h"
#define STATUS(p) ps[p]

/* members of a family, as bits */
#define V0 1            /* the payout transaction */
#define V1 2            /* same payouts, higher fee */
#define VD 4            /* nothing to ourselves: spends the nonce only */

/* what consumed a nonce */
#define NONE 0
#define V0OK 1
#define V0RV 2
#define V1OK 3
#define V1RV 4
#define VOIDED 5
#define ALIEN 6

/* --- the desk's store: durable --- */
byte ps[2];             /* payout status */
bit solo;               /* a batch reverted: what remains goes one by one */
byte next;              /* next free nonce */
byte m0[3], m1[3];      /* payouts paid by V0 and by V1 of the family */
byte want[3];           /* members whose intent is durable */
byte have[3];           /* members whose signed bytes are durable */
bit live[3];            /* family not yet resolved */
bit unk[3];             /* fate shown as unknown */
byte fence;
bit paused, canceled;

/* --- the signer's own store: durable --- */
byte sfence;            /* highest fence seen on the lane */

/* --- the chain --- */
byte inc[3], top, fin;  /* nonces < top are included, < fin final */
bit pool[3];            /* a member of the family is offered to block builders */
#ifdef M_SEND_BEFORE_BYTES
byte sent[3];           /* members outside that were never recorded */
#define ABROAD(n) (have[n] | sent[n])
#else
#define ABROAD(n) have[n]
#endif

/* --- workers' memory --- */
byte wf[2];             /* fence a worker believes it holds; 0 = none */

/* --- budgets and choices --- */
byte crashes, takeovers, reorgs, aliens, losses, reverts, demoted, pauses;
bit blind;              /* no node can name what consumed nonce 0 */

/* What trails tell about the members of a family: which of them were handed out. The model does not need it. */
#ifdef TRAIL
byte told[3];
inline hand_out(slot, c, m) {
  if
  :: (have[slot] & c) && (told[slot] & c) -> ATTEMPT(slot, m, broadcast, sent, broadcast)
  :: (have[slot] & c) && !(told[slot] & c) -> told[slot] = told[slot] | c; ATTEMPT(slot, m, signed, sent, broadcast)
  :: else
  fi
}
inline prevails(slot, c, m) {
  if
  :: told[slot] & c -> ATTEMPT(slot, m, broadcast, prevailed, confirmed)
  :: else -> ATTEMPT(slot, m, signed, prevailed, confirmed)
  fi
}
inline perishes(slot, c, m) {
  if
  :: told[slot] & c -> ATTEMPT(slot, m, broadcast, batch_ended, dead)
  :: !(told[slot] & c) && (have[slot] & c) -> ATTEMPT(slot, m, signed, batch_ended, dead)
  :: (want[slot] & c) && !(have[slot] & c) -> ATTEMPT(slot, m, intended, batch_ended, dead)
  :: else
  fi
}
inline members_end(slot, c) {
  if :: c == V0OK -> prevails(slot, V0, 0) :: else -> perishes(slot, V0, 0) fi;
  if :: c == V1OK -> prevails(slot, V1, 1) :: else -> perishes(slot, V1, 1) fi;
  if :: c == VOIDED -> prevails(slot, VD, 2) :: else -> perishes(slot, VD, 2) fi;
  told[slot] = 0
}
#else
#define hand_out(n, c, m) skip
#define members_end(n, c) skip
#endif

/* what a worker carries between two steps */
#define IDLE 0
#define PLAN 1
#define BYTES 2
#define EVID 3

inline payees(slot, c, m) {
  m = ((c == V0OK || c == V0RV) -> m0[slot] : ((c == V1OK || c == V1RV) -> m1[slot] : 0))
}

/* -DTWICE leaves only "paid at most once" in force: a mutant caught that way really paid twice. */

/* Outcome properties, evaluated after every change of chain or store. */
inline check() {
  q = 0;
  do
  :: q < 2 ->
     paid = 0; j = 0;
     do
     :: j < fin ->
        paid = paid + (((inc[j] == V0OK && (m0[j] & (1 << q))) || (inc[j] == V1OK && (m1[j] & (1 << q)))) -> 1 : 0);
        j++
     :: else -> break
     od;
     assert(paid <= 1);                              /* at most one effective transfer */
     RULE(ps[q] != CONFIRMED || paid == 1);        /* confirmed means paid, for ever */
     RULE(ps[q] != FAILED || paid == 0);           /* failed means never paid */
     RULE(ps[q] != QUEUED || paid == 0);           /* a payout free to be sent is unpaid */
     q++
  :: else -> break
  od;
  q = 0; j = 0; paid = 0;
#ifdef WITNESS
  assert(!(WITNESS));
#endif
  skip
}

#define ENDED(p) (ps[p] == CONFIRMED || ps[p] == FAILED || (ps[p] == SUBMITTED && blind && unk[0] && live[0] && (m0[0] & (1 << p))))
#define DONE (ENDED(0) && ENDED(1))

/* A durable write is one transaction: fence row locked and compared, rows compared, rows written. */
#define HOLDS(w) (wf[w] == fence)
#define CANACT (wf[w] != 0 && act == IDLE)

/* Sign: the signer compares the fence with the highest it has seen. */
#define MAYSIGN(n, c) (CANACT && n < N && live[n] && (want[n] & c) && !(have[n] & c))
inline sign(slot, c) {
  if
#ifdef M_SIGNER_NO_FENCE
  :: true ->
#else
  :: wf[w] >= sfence ->
#endif
     RULE(wf[w] >= sfence);                        /* a fence once passed never signs again */
     RULE(want[slot] & c);                            /* intent is durable */
     sfence = wf[w];
     act = BYTES; an = slot; ak = c;
     ATTEMPT(slot, c / 2, intended, signature_made, intended)
#ifndef M_SIGNER_NO_FENCE
  :: else -> wf[w] = 0                               /* refused: the lease is gone */
#endif
  fi
}

/* Broadcast: any holder, any time, only recorded bytes; the answer decides nothing. */
#define MAYSEND(n) (CANACT && n < N && live[n] && n >= top && have[n] && !pool[n])
inline send(slot) {
  pool[slot] = 1;
  hand_out(slot, V0, 0); hand_out(slot, V1, 1); hand_out(slot, VD, 2);
#ifdef M_TIMEOUT_IS_FAILURE
  if
  :: true
  :: HOLDS(w) -> live[slot] = 0;
     if :: m0[slot] & 1 -> ps[0] = QUEUED :: else fi;
     if :: m0[slot] & 2 -> ps[1] = QUEUED :: else fi
  fi;
#endif
  check()
}

/* Replacement: same nonce, same payouts, higher fee; its intent is durable like the first. */
#define MAYBUMP(n) (CANACT && HOLDS(w) && !paused && !canceled && n < N && live[n] && (have[n] & V0) && !(want[n] & V1))
inline bump(slot) {
  want[slot] = want[slot] | V1;
  BATCH(slot, live, member_added, live); ATTEMPT(slot, 1, none, intended, intended);
#ifdef M_OTHER_PAYEES   /* the bumped transaction leaves one payee out, who is queued again at once */
  if :: m0[slot] == 3 -> m1[slot] = 1; ps[1] = QUEUED :: else fi;
#endif
  skip
}

/* Cancel wishes the nonce spent on nothing; whichever member becomes final decides. */
#define MAYVOID(n) (CANACT && HOLDS(w) && canceled && n < N && live[n] && !(want[n] & VD))

/* Truth about nonce n as a node that is honest and up to date sees it in its finalized block. */
inline truth(slot, t) {
  t = (slot < fin -> inc[slot] : NONE);
#ifdef M_CONFIRM_EARLY
  if :: slot < top && (inc[slot] == V0OK || inc[slot] == V1OK) -> t = inc[slot] :: else fi;
#endif
#ifdef M_DEATH_BY_LATEST_NONCE
  if :: slot < top && inc[slot] == ALIEN -> t = inc[slot] :: else fi;
#endif
#ifdef M_REVERT_EARLY
  if :: slot < top && (inc[slot] == V0RV || inc[slot] == V1RV) -> t = inc[slot] :: else fi;
#endif
  /* a consumer whose hash was never recorded is a stranger */
  if
  :: (t == V0OK || t == V0RV) && !(have[slot] & V0) -> t = ALIEN
  :: (t == V1OK || t == V1RV) && !(have[slot] & V1) -> t = ALIEN
  :: t == VOIDED && !(have[slot] & VD) -> t = ALIEN
  :: else
  fi;
#ifdef M_LAST_HASH_ONLY
  if :: (t == V0OK || t == V0RV) && (have[slot] & V1) -> t = ALIEN :: else fi;
#endif
#ifdef M_ABSENT_RECEIPT_IS_DEATH  /* the count says spent, the receipt index lags: honest nodes err too */
  if :: t != NONE -> t = ALIEN :: true fi;
#endif
  skip
}

#ifdef M_NO_QUORUM
#define NEED 1
#else
#ifdef M_DEMOTION_SHRINKS_QUORUM
#define NEED ((NODES - demoted) / 2 + 1)
#else
#define NEED QUORUM
#endif
#endif

/* Read: each node states (nonce, consumer) in one view of its finalized block. The liar supports any
   story, honest nodes the truth; silence and lag are this step not being taken yet. */
#define MAYREAD(n) (CANACT && n < N && live[n] && !(blind && n == 0))
inline read(slot) {
  truth(slot, t);
  if
  :: LIARS >= NEED -> if :: ak = V0OK :: ak = V0RV :: ak = V1OK :: ak = VOIDED :: ak = ALIEN fi
  :: t != NONE && LIARS + NODES - LIARS - demoted >= NEED -> ak = t
  :: else -> skip
  fi;
  if :: ak != 0 -> act = EVID; an = slot :: else fi;
  t = 0
}
/* Taken only when it can bring something, so that looking in vain is not a step. */
#define NEWS(n) (LIARS >= NEED || n < fin || EARLY(n))
#if defined(M_CONFIRM_EARLY) || defined(M_DEATH_BY_LATEST_NONCE) || defined(M_REVERT_EARLY)
#define EARLY(n) (n < top)
#else
#define EARLY(n) (false)
#endif

/* The batch is dead: its payouts wait again, unless the campaign was canceled meanwhile. */
inline free(p) {
  if
  :: canceled -> PAYOUT(p, an, submitted, dead, failed)
  :: else -> PAYOUT(p, an, submitted, dead, queued)
  fi
}

proctype Worker(bit w) {
  byte act, an, ak, t, q, j, paid;
  do
  :: atomic { DONE -> break }

  /* a process dies and comes back with empty memory */
  :: atomic { crashes < CRASHES && (wf[w] != 0 || act != IDLE) ->
       crashes++; act = IDLE; an = 0; ak = 0; wf[w] = 0 }

  /* lease: taken when free, when the holder is gone, or when it expired under a live holder */
  :: atomic { wf[w] == 0 && act == IDLE && (fence == 0 -> w == 0 : wf[1 - w] != fence) -> fence++; wf[w] = fence }
  :: atomic { wf[w] == 0 && act == IDLE && fence != 0 && wf[1 - w] == fence && takeovers < TAKEOVERS ->
       takeovers++; fence++; wf[w] = fence }

  /* plan in memory: which payouts, which nonce */
  :: atomic { CANACT && !paused && !canceled && next < N && (ps[0] == QUEUED || ps[1] == QUEUED) ->
       ak = (ps[0] == QUEUED -> 1 : 0) + (ps[1] == QUEUED -> 2 : 0);
       if :: solo && ak == 3 -> ak = 1 :: else fi;
       an = next; act = PLAN }

  /* intent: family, member, nonce and payouts in one transaction, before anything is signed */
  :: atomic { act == PLAN ->
       if
#ifdef M_STALE_PLAN     /* memory is written as it is: neither fence nor rows compared */
       :: next < N -> an = next;
#else
       :: HOLDS(w) && next == an && !paused && !canceled &&
          (!(ak & 1) || ps[0] == QUEUED) && (!(ak & 2) || ps[1] == QUEUED) ->
#endif
          BATCH(an, none, intended, live); ATTEMPT(an, 0, none, intended, intended);
          if :: ak & 1 -> PAYOUT(0, an, queued, intended, submitted) :: else fi;
          if :: ak & 2 -> PAYOUT(1, an, queued, intended, submitted) :: else fi;
          m0[an] = ak; m1[an] = ak; want[an] = V0; live[an] = 1; next = an + 1
       :: else -> if :: !HOLDS(w) -> wf[w] = 0 :: else fi
       fi;
       act = IDLE; an = 0; ak = 0; check() }

  /* out of nonces in this small world: what is still queued has nothing alive and may fail */
  :: atomic { CANACT && HOLDS(w) && next == N && ps[0] == QUEUED -> LOOSE(0, queued, expired, failed); check() }
  :: atomic { CANACT && HOLDS(w) && next == N && ps[1] == QUEUED -> LOOSE(1, queued, expired, failed); check() }

#ifdef M_SIGN_BEFORE_INTENT
  :: atomic { act == PLAN -> RULE(want[an] & V0); act = BYTES; ak = V0 }
#endif
  :: atomic { MAYSIGN(0, V0) -> sign(0, V0) }
  :: atomic { MAYSIGN(0, V1) -> sign(0, V1) }
  :: atomic { MAYSIGN(0, VD) -> sign(0, VD) }
  :: atomic { MAYSIGN(1, V0) -> sign(1, V0) }
  :: atomic { MAYSIGN(1, V1) -> sign(1, V1) }
  :: atomic { MAYSIGN(1, VD) -> sign(1, VD) }
  :: atomic { MAYSIGN(2, V0) -> sign(2, V0) }
  :: atomic { MAYSIGN(2, V1) -> sign(2, V1) }
  :: atomic { MAYSIGN(2, VD) -> sign(2, VD) }

  /* bytes and hash are durable before anybody outside sees them */
  :: atomic { act == BYTES ->
       if
#ifdef M_STALE_WRITE
       :: live[an] -> RULE(HOLDS(w)); have[an] = have[an] | ak
#else
       :: HOLDS(w) && live[an] -> have[an] = have[an] | ak; ATTEMPT(an, ak / 2, intended, recorded, signed)
#endif
       :: else -> if :: !HOLDS(w) -> wf[w] = 0 :: else fi
       fi;
       act = IDLE; an = 0; ak = 0 }
#ifdef M_SEND_BEFORE_BYTES
  :: atomic { act == BYTES && an >= top && !(sent[an] & ak) -> sent[an] = sent[an] | ak; pool[an] = 1 }
#endif

  :: atomic { MAYSEND(0) -> send(0) }
  :: atomic { MAYSEND(1) -> send(1) }
  :: atomic { MAYSEND(2) -> send(2) }

#ifdef BUMP
  :: atomic { MAYBUMP(0) -> bump(0); check() }
  :: atomic { MAYBUMP(1) -> bump(1); check() }
  :: atomic { MAYBUMP(2) -> bump(2); check() }
#endif

  :: atomic { MAYVOID(0) -> want[0] = want[0] | VD;
       BATCH(0, live, void_added, live); ATTEMPT(0, 2, none, intended, intended) }
  :: atomic { MAYVOID(1) -> want[1] = want[1] | VD;
       BATCH(1, live, void_added, live); ATTEMPT(1, 2, none, intended, intended) }
  :: atomic { MAYVOID(2) -> want[2] = want[2] | VD;
       BATCH(2, live, void_added, live); ATTEMPT(2, 2, none, intended, intended) }

  /* patience is over: shown as unknown, alerted, still watched, never acted upon */
  :: atomic { CANACT && HOLDS(w) && live[0] && !unk[0] && blind ->
       unk[0] = 1;
       if :: m0[0] & 1 -> PAYOUT(0, 0, submitted, patience_over, submitted) :: else fi;
       if :: m0[0] & 2 -> PAYOUT(1, 0, submitted, patience_over, submitted) :: else fi;
#ifdef M_UNKNOWN_RETRIED
       live[0] = 0;
       if :: m0[0] & 1 -> ps[0] = QUEUED :: else fi;
       if :: m0[0] & 2 -> ps[1] = QUEUED :: else fi;
#endif
       check() }

  :: atomic { MAYREAD(0) && NEWS(0) -> read(0) }
  :: atomic { MAYREAD(1) && NEWS(1) -> read(1) }
  :: atomic { MAYREAD(2) && NEWS(2) -> read(2) }
#ifdef M_DEMOTION_SHRINKS_QUORUM
  :: atomic { demoted < 2 -> demoted++ }
#endif

  /* resolve: evidence, family, payouts and ledger in one transaction */
  :: atomic { act == EVID ->
       if
       :: HOLDS(w) && live[an] ->
          live[an] = 0; unk[an] = 0;
          payees(an, ak, t);
          members_end(an, ak);
          if
          :: ak == V0OK || ak == V1OK ->
             BATCH(an, live, paid, final);
             if :: t & 1 -> PAYOUT(0, an, submitted, paid, confirmed) :: else fi;
             if :: t & 2 -> PAYOUT(1, an, submitted, paid, confirmed) :: else fi
          :: ak == V0RV || ak == V1RV ->
             BATCH(an, live, reverted, dead);
             t = (ak == V0RV -> m0[an] : m1[an]);
             if
             :: t == 3 -> solo = 1; free(0); free(1)
             :: t == 1 -> PAYOUT(0, an, submitted, dead, failed)
             :: t == 2 -> PAYOUT(1, an, submitted, dead, failed)
             fi
          :: ak == VOIDED || ak == ALIEN ->
             if :: ak == VOIDED -> BATCH(an, live, voided, dead) :: else -> BATCH(an, live, stranger, dead) fi;
             if :: m0[an] & 1 -> free(0) :: else fi;
             if :: m0[an] & 2 -> free(1) :: else fi
          fi
       :: else -> if :: !HOLDS(w) -> wf[w] = 0 :: else fi
       fi;
       act = IDLE; an = 0; ak = 0; t = 0; check() }
  od
}

#define INCLUDE(c) inc[top] = c; pool[top] = 0; top++
proctype Chain() {
  byte q, j, paid;
  do
  :: atomic { DONE -> break }
  /* once one member is offered any recorded member may be the one included: nobody controls relays */
  :: atomic { top < N && pool[top] && (ABROAD(top) & V0) -> INCLUDE(V0OK) }
  :: atomic { top < N && pool[top] && (ABROAD(top) & V1) -> INCLUDE(V1OK) }
  :: atomic { top < N && pool[top] && (ABROAD(top) & VD) -> INCLUDE(VOIDED) }
  :: atomic { top < N && pool[top] && (ABROAD(top) & V0) && reverts < REVERTS -> reverts++; INCLUDE(V0RV) }
  :: atomic { top < N && pool[top] && (ABROAD(top) & V1) && reverts < REVERTS -> reverts++; INCLUDE(V1RV) }
  :: atomic { top < N && aliens < ALIENS -> aliens++; INCLUDE(ALIEN) }
  :: atomic { fin < top -> fin++; check() }
  :: atomic { fin < top && reorgs < REORGS -> reorgs++; top--; inc[top] = NONE; pool[top] = 0; check() }
  /* forgotten by every pool; remembered by a stranger, or sent late by a worker that slept */
  :: atomic { losses < LOSSES && top < N && pool[top] -> losses++; pool[top] = 0 }
  :: atomic { losses < LOSSES && top < N && !pool[top] && ABROAD(top) -> losses++; pool[top] = 1 }
  od
}

proctype Operator() {
  byte q, j, paid;
  do
  :: atomic { DONE -> break }
  :: atomic { pauses == 0 && !canceled -> pauses = 1; paused = 1 }
  :: atomic { pauses == 1 -> pauses = 2; paused = 0 }
  :: atomic { !canceled && pauses != 1 -> canceled = 1; pauses = 2;
       /* only what was never given a nonce ends here; the rest is watched to its fate */
       if :: ps[0] == QUEUED -> LOOSE(0, queued, canceled, failed) :: else fi;
       if :: ps[1] == QUEUED -> LOOSE(1, queued, canceled, failed) :: else fi;
#ifdef M_CANCEL_ABANDONS
       if :: ps[0] == SUBMITTED -> ps[0] = FAILED :: else fi;
       if :: ps[1] == SUBMITTED -> ps[1] = FAILED :: else fi;
       live[0] = 0; live[1] = 0; live[2] = 0;
#endif
       check() }
  od
}

init {
  atomic {
#ifdef BLIND
    if :: blind = 0 :: blind = 1 fi;
#endif
    run Worker(0); run Chain();
#if WORKERS == 2
    run Worker(1);
#endif
#ifdef OPERATOR
    run Operator();
#endif
    skip
  }
}
