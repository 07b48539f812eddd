/*
 * Every move of a payout, batch or attempt in these models is made by one of the three macros below and by nothing
 * else (transitions.sh refuses any other assignment). A move asserts the state it starts from, so the exhaustive
 * search proves that the table read from these lines is the table the model runs; with -DTRAIL it also prints itself:
 *
 *   @payout 0 queued intended submitted batch=1
 *   @batch 1 none intended live
 *   @attempt 1.0 none intended intended
 *
 * README.md lists states and events. transitions.tsv is the whole table.
 */
#ifdef TWICE            /* only "paid at most once" is in force: see run.sh */
#define RULE(x) skip
#else
#define RULE(x) assert(x)
#endif

#define QUEUED 0
#define SUBMITTED 1
#define CONFIRMED 2
#define FAILED 3
#define S_queued QUEUED
#define S_submitted SUBMITTED
#define S_confirmed CONFIRMED
#define S_failed FAILED

#ifdef TRAIL
#define WORDS(x) #x
#define LINE(x) WORDS(x)
#define SAY_PAYOUT(who, of, from, event, to) ; printf(LINE(@payout %d from event to batch=%d\n), who, of)
#define SAY_LOOSE(who, from, event, to) ; printf(LINE(@payout %d from event to\n), who)
#define BATCH(of, from, event, to) printf(LINE(@batch %d from event to\n), of)
#define ATTEMPT(of, member, from, event, to) printf(LINE(@attempt %d.%d from event to\n), of, member)
#else
#define SAY_PAYOUT(who, of, from, event, to)
#define SAY_LOOSE(who, from, event, to)
#define BATCH(of, from, event, to) skip
#define ATTEMPT(of, member, from, event, to) skip
#endif

/* No parameter here and no parameter of an inline may be called n: both languages would replace it in "\n" too.
 * A payout moves as part of batch n; LOOSE: it is in no live batch. */
#define PAYOUT(who, of, from, event, to) RULE(STATUS(who) == S_##from); STATUS(who) = S_##to SAY_PAYOUT(who, of, from, event, to)
#define LOOSE(who, from, event, to) RULE(STATUS(who) == S_##from); STATUS(who) = S_##to SAY_LOOSE(who, from, event, to)
