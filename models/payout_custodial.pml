/*
 * Two payouts of the same amount through a custodian's API that takes no idempotency key.
 * A request may execute and time out, execute and answer "refused", be answered late, and
 * show up in the history late. A worker may sleep between its permit and the request, so
 * a lease alone cannot stop a second request: nothing at the custodian looks at fences.
 *
 * Rules are switched off by -DM_<NAME>; -DTWICE keeps only "paid at most once".
 */
#define ROWS 5          /* withdrawals 1..4 at the custodian */
#ifndef CRASHES
#define CRASHES 1
#endif
#ifndef TAKEOVERS
#define TAKEOVERS 1
#endif
#define TRIES 2
#define CANCELS 1       /* withdrawals the custodian accepts and later cancels */
#define ERRORS 1        /* wrong statements made by one person */

#include "moves.h"
#define STATUS(p) ps[p]
#define FAMILY(p) (p * TRIES + tries[p] - 1)    /* here a family is one permit: there is no slot to share */

/* attempt */
#define NOTHING 0
#define SENDING 1       /* permit durable: from here on a request may exist */
#define KNOWN 2         /* the custodian's id is known */
#define UNKNOWN 3

/* rows */
#define PENDING 1
#define COMPLETED 2
#define CANCELED 3

/* durable */
byte ps[2], st[2], id[2], tries[2];
bit claimed[ROWS];
bit sealed[2];          /* nobody can send this attempt any more: attested, recorded */
byte vote[2];           /* first person: 1 not paid, 2 paid */
byte fence;

/* custodian */
byte rows, rs[ROWS], rp[ROWS];
bit shown[ROWS];
byte flight[2];         /* requests on the way */
byte cancels;

/* workers' memory: act is 0 idle, 1 about to send, 2 waiting, 3 has an answer */
byte wf[2], act[2], on[2], ans[2];
#define REFUSED 9       /* a business refusal; may be false */
#define NOAUTH 10       /* refused before anything was looked at; documented, never false */

byte crashes, takeovers, errors;

#define PAIDROW(r, p) (rp[r] == p + 1 && rs[r] == COMPLETED)
#define OPENROW(r, p) (rp[r] == p + 1 && rs[r] == PENDING)
#define PAID(p) ((PAIDROW(1, p) -> 1 : 0) + (PAIDROW(2, p) -> 1 : 0) + (PAIDROW(3, p) -> 1 : 0) + (PAIDROW(4, p) -> 1 : 0))
#define MOVING(p) (OPENROW(1, p) || OPENROW(2, p) || OPENROW(3, p) || OPENROW(4, p))

inline check() {
  assert(PAID(0) <= 1 && PAID(1) <= 1);
  RULE(ps[0] != CONFIRMED || PAID(0) == 1);
  RULE(ps[1] != CONFIRMED || PAID(1) == 1);
  RULE(ps[0] != FAILED || (PAID(0) == 0 && !MOVING(0)));
  RULE(ps[1] != FAILED || (PAID(1) == 0 && !MOVING(1)));
  RULE(ps[0] != QUEUED || (PAID(0) == 0 && !MOVING(0)));
  RULE(ps[1] != QUEUED || (PAID(1) == 0 && !MOVING(1)));
#ifdef WITNESS
  assert(!(WITNESS));
#endif
  skip
}
#define ENDED(p) (ps[p] == CONFIRMED || ps[p] == FAILED)
#define DONE (ENDED(0) && ENDED(1))
#define HOLDS(w) (wf[w] == fence && wf[w] != 0)

/* one open attempt per account, asset and amount: a new row can then belong to nobody else */
#ifdef M_TWO_OPEN
#define FRONT(p) (true)
#else
#define FRONT(p) (st[1 - p] == NOTHING)
#endif
#ifdef M_ROW_USED_TWICE
#define MATCH(r) (r <= rows && shown[r])
#else
#define MATCH(r) (r <= rows && shown[r] && !claimed[r])
#endif

#define FOUND (MATCH(1) || MATCH(2) || MATCH(3) || MATCH(4))

inline retry(p) {
  st[p] = NOTHING; id[p] = 0; sealed[p] = 0; vote[p] = 0;
  if
  :: tries[p] < TRIES -> PAYOUT(p, FAMILY(p), submitted, dead, queued)
  :: else -> PAYOUT(p, FAMILY(p), submitted, dead, failed)
  fi;
  check()
}
inline permit(w, p) {
  tries[p]++; st[p] = SENDING;
  BATCH(FAMILY(p), none, intended, live);
  PAYOUT(p, FAMILY(p), queued, intended, submitted);
  act[w] = 1; on[w] = p
}
/* Nothing is known and nothing follows from it. */
inline doubt(p) { st[p] = UNKNOWN; PAYOUT(p, FAMILY(p), submitted, patience_over, submitted) }
inline adopt(p, r) { id[p] = r; st[p] = KNOWN; claimed[r] = 1 }
inline settle(p) {
  st[p] = NOTHING; BATCH(FAMILY(p), live, paid, final);
  PAYOUT(p, FAMILY(p), submitted, paid, confirmed);
  check()
}
inline idle(w) { act[w] = 0; on[w] = 0; ans[w] = 0 }

proctype Worker(bit w) {
  do
  :: atomic { DONE -> break }
  :: atomic { crashes < CRASHES && wf[w] != 0 -> crashes++; wf[w] = 0; idle(w) }
  :: atomic { wf[w] == 0 && act[w] == 0 && (fence == 0 -> w == 0 : wf[1 - w] != fence) -> fence++; wf[w] = fence }
  :: atomic { wf[w] == 0 && act[w] == 0 && fence != 0 && wf[1 - w] == fence && takeovers < TAKEOVERS ->
       takeovers++; fence++; wf[w] = fence }
  /* a worker whose lease is gone learns so at its next write */
  :: atomic { wf[w] != 0 && !HOLDS(w) && act[w] == 0 -> wf[w] = 0 }

  :: atomic { HOLDS(w) && act[w] == 0 && ps[0] == QUEUED && st[0] == NOTHING && FRONT(0) -> permit(w, 0) }
  :: atomic { HOLDS(w) && act[w] == 0 && ps[1] == QUEUED && st[1] == NOTHING && FRONT(1) -> permit(w, 1) }

  /* the request leaves; no store can be asked at this very instant, so a stale worker may do it */
  :: atomic { act[w] == 1 -> flight[on[w]]++; act[w] = 2 }

  /* the answer, if any */
  :: atomic { act[w] == 3 && ans[w] < REFUSED ->
       if
       :: HOLDS(w) && st[on[w]] == SENDING -> adopt(on[w], ans[w]);
#ifdef M_ACCEPTED_IS_PAID
          ps[on[w]] = CONFIRMED; check();
#endif
       :: HOLDS(w) && st[on[w]] == UNKNOWN && !claimed[ans[w]] -> adopt(on[w], ans[w])
       :: else
       fi;
       idle(w) }
  :: atomic { act[w] == 3 && ans[w] == REFUSED ->
       if
       :: HOLDS(w) && st[on[w]] == SENDING ->
#ifdef M_REFUSAL_IS_DEATH
          retry(on[w])
#else
          doubt(on[w])
#endif
       :: else
       fi;
       idle(w) }
  :: atomic { act[w] == 3 && ans[w] == NOAUTH ->
       if
       :: HOLDS(w) && st[on[w]] == SENDING -> BATCH(FAMILY(on[w]), live, rejected, dead); retry(on[w])
       :: else
       fi;
       idle(w) }
  /* no answer in time */
  :: atomic { act[w] == 2 ->
       if
       :: HOLDS(w) && st[on[w]] == SENDING ->
#ifdef M_TIMEOUT_IS_FAILURE
          retry(on[w])
#else
          doubt(on[w])
#endif
       :: else
       fi;
       idle(w) }

  /* recovery: a permit without an answer says nothing about the request */
#ifdef M_RESENT_AFTER_CRASH
  :: atomic { HOLDS(w) && act[w] == 0 && st[0] == SENDING -> act[w] = 1; on[w] = 0 }
  :: atomic { HOLDS(w) && act[w] == 0 && st[1] == SENDING -> act[w] = 1; on[w] = 1 }
#else
  :: atomic { HOLDS(w) && act[w] == 0 && st[0] == SENDING -> doubt(0) }
  :: atomic { HOLDS(w) && act[w] == 0 && st[1] == SENDING -> doubt(1) }
#endif

  /* reconciliation: a row nobody has, of this amount, while this is the only open attempt */
  :: atomic { HOLDS(w) && act[w] == 0 && st[0] == UNKNOWN && FOUND ->
       if :: MATCH(1) -> adopt(0, 1) :: MATCH(2) -> adopt(0, 2) :: MATCH(3) -> adopt(0, 3) :: MATCH(4) -> adopt(0, 4) fi }
  :: atomic { HOLDS(w) && act[w] == 0 && st[1] == UNKNOWN && FOUND ->
       if :: MATCH(1) -> adopt(1, 1) :: MATCH(2) -> adopt(1, 2) :: MATCH(3) -> adopt(1, 3) :: MATCH(4) -> adopt(1, 4) fi }
#ifdef M_ABSENCE_IS_DEATH     /* history asked once, lag ignored */
  :: atomic { HOLDS(w) && act[w] == 0 && st[0] == UNKNOWN && !FOUND -> retry(0) }
#endif
#ifdef M_ABSENCE_AFTER_LAG    /* history complete, yet the request has not arrived */
  :: atomic { HOLDS(w) && act[w] == 0 && st[0] == UNKNOWN && !FOUND &&
       (rows < 1 || shown[1]) && (rows < 2 || shown[2]) && (rows < 3 || shown[3]) && (rows < 4 || shown[4]) -> retry(0) }
#endif

  /* with an id the history is evidence in both directions */
  :: atomic { HOLDS(w) && act[w] == 0 && ps[0] == SUBMITTED && st[0] == KNOWN && shown[id[0]] && rs[id[0]] == COMPLETED ->
       settle(0) }
  :: atomic { HOLDS(w) && act[w] == 0 && ps[1] == SUBMITTED && st[1] == KNOWN && shown[id[1]] && rs[id[1]] == COMPLETED ->
       settle(1) }
  :: atomic { HOLDS(w) && act[w] == 0 && ps[0] == SUBMITTED && st[0] == KNOWN && shown[id[0]] && rs[id[0]] == CANCELED ->
       BATCH(FAMILY(0), live, rejected, dead); retry(0) }
  :: atomic { HOLDS(w) && act[w] == 0 && ps[1] == SUBMITTED && st[1] == KNOWN && shown[id[1]] && rs[id[1]] == CANCELED ->
       BATCH(FAMILY(1), live, rejected, dead); retry(1) }
  od
}

#define WAITS(w, p) (act[w] == 2 && on[w] == p)
inline answer(p, a) {
  if
  :: WAITS(0, p) -> act[0] = 3; ans[0] = a
  :: WAITS(1, p) -> act[1] = 3; ans[1] = a
  :: true                                            /* lost */
  fi
}
inline execute(p, a) {
  flight[p]--; rows++; rs[rows] = PENDING; rp[rows] = p + 1;
  if
  :: a == 0 -> answer(p, rows)
  :: else -> answer(p, a)
  fi;
  check()
}

proctype Custodian() {
  do
  :: atomic { DONE && flight[0] + flight[1] == 0 -> break }
  :: atomic { flight[0] && rows < ROWS - 1 -> execute(0, 0) }
  :: atomic { flight[1] && rows < ROWS - 1 -> execute(1, 0) }
  :: atomic { flight[0] && rows < ROWS - 1 -> execute(0, REFUSED) }
  :: atomic { flight[1] && rows < ROWS - 1 -> execute(1, REFUSED) }
  :: atomic { flight[0] -> flight[0]--; answer(0, REFUSED) }
  :: atomic { flight[1] -> flight[1]--; answer(1, REFUSED) }
  :: atomic { flight[0] -> flight[0]--; answer(0, NOAUTH) }
  :: atomic { flight[1] -> flight[1]--; answer(1, NOAUTH) }
#ifdef M_SHARED_ACCOUNT
  :: atomic { rows == 0 -> rows++; rs[1] = PENDING; rp[1] = 9 }
#endif
  :: atomic { rows >= 1 && rs[1] == PENDING -> rs[1] = COMPLETED; check() }
  :: atomic { rows >= 2 && rs[2] == PENDING -> rs[2] = COMPLETED; check() }
  :: atomic { rows >= 3 && rs[3] == PENDING -> rs[3] = COMPLETED; check() }
  :: atomic { rows >= 4 && rs[4] == PENDING -> rs[4] = COMPLETED; check() }
  :: atomic { cancels < CANCELS && rows >= 1 && rs[rows] == PENDING -> cancels++; rs[rows] = CANCELED; check() }
  :: atomic { rows >= 1 && !shown[1] -> shown[1] = 1 }
  :: atomic { rows >= 2 && !shown[2] -> shown[2] = 1 }
  :: atomic { rows >= 3 && !shown[3] -> shown[3] = 1 }
  :: atomic { rows >= 4 && !shown[4] -> shown[4] = 1 }
  od
}

/* Two people. The first may be mistaken once; the second asks the custodian for its full record. */
#define SILENT(p) (!(act[0] != 0 && on[0] == p) && !(act[1] != 0 && on[1] == p) && flight[p] == 0)
#ifdef M_UNSEALED
#define MAYVOTE(p) (ps[p] == SUBMITTED && st[p] == UNKNOWN)
#else
#define MAYVOTE(p) (ps[p] == SUBMITTED && st[p] == UNKNOWN && sealed[p])
#endif
inline decide(p, what) {
#ifndef M_DECISION_LEAVES_ROWS
  /* every row the attempt left behind, paid or canceled, is given to it: none may be found later */
  claimed[1] = claimed[1] || rp[1] == p + 1;
  claimed[2] = claimed[2] || rp[2] == p + 1;
  claimed[3] = claimed[3] || rp[3] == p + 1;
  claimed[4] = claimed[4] || rp[4] == p + 1;
#endif
  if
  :: what == 1 -> BATCH(FAMILY(p), live, decided_unpaid, dead); retry(p)
  :: what == 2 -> st[p] = NOTHING; BATCH(FAMILY(p), live, decided_paid, final);
     PAYOUT(p, FAMILY(p), submitted, paid, confirmed);
     check()
  fi
}
inline first(p, what) {
  vote[p] = what;
#ifdef M_ONE_PERSON
  decide(p, what);
#endif
  skip
}
#define TRUTH(p) (PAID(p) > 0 -> 2 : 1)
#define FULL(p) (!MOVING(p))
proctype People() {
  do
  :: atomic { DONE -> break }
  /* the worker that had the permit is attested stopped and the request's lifetime is over */
  :: atomic { ps[0] == SUBMITTED && st[0] == UNKNOWN && !sealed[0] && SILENT(0) -> sealed[0] = 1 }
  :: atomic { ps[1] == SUBMITTED && st[1] == UNKNOWN && !sealed[1] && SILENT(1) -> sealed[1] = 1 }
  :: atomic { MAYVOTE(0) && FULL(0) && vote[0] != TRUTH(0) -> first(0, TRUTH(0)) }
  :: atomic { MAYVOTE(1) && FULL(1) && vote[1] != TRUTH(1) -> first(1, TRUTH(1)) }
  :: atomic { MAYVOTE(0) && errors < ERRORS && vote[0] == 0 -> errors++; first(0, 3 - TRUTH(0)) }
  :: atomic { MAYVOTE(1) && errors < ERRORS && vote[1] == 0 -> errors++; first(1, 3 - TRUTH(1)) }
  /* the second person decides only in agreement */
  :: atomic { MAYVOTE(0) && FULL(0) && vote[0] == TRUTH(0) -> decide(0, vote[0]) }
  :: atomic { MAYVOTE(1) && FULL(1) && vote[1] == TRUTH(1) -> decide(1, vote[1]) }
  od
}

init { atomic { run Worker(0); run Worker(1); run Custodian(); run People() } }
