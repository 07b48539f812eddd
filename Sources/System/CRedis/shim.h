#pragma once
#include <hiredis/hiredis.h>

// A server announces how long an array is before it sends it, and hiredis asks for the memory at once: so the elements
// of one reply are counted, and a reply that announces more than was agreed is refused.
typedef struct {
  redisReplyObjectFunctions functions;
  redisReplyObjectFunctions *standard;
  long long left;
} credis_bound;

static inline void *credis_create_array(const redisReadTask *task, int elements) {
  credis_bound *bound = (credis_bound *)task->privdata;
  if (elements < 0 || elements > bound->left) return NULL;
  bound->left -= elements;
  return bound->standard->createArray(task, elements);
}

/// A reader that stops with REDIS_ERR_OOM past `bound->left` elements. `bound` must outlive it.
static inline redisReader *credis_reader(credis_bound *bound) {
  redisReader *reader = redisReaderCreate();
  if (reader == NULL) return NULL;
  bound->standard = reader->fn;
  bound->functions = *reader->fn;
  bound->functions.createArray = credis_create_array;
  reader->fn = &bound->functions;
  reader->privdata = bound;
  return reader;
}
