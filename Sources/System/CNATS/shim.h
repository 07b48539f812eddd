#pragma once
#include <nats/nats.h>

// Without a handler of its own, the library prints what goes wrong on a connection to standard error.
static inline void cnats_ignore(natsConnection *connection, natsSubscription *subscription, natsStatus status,
                                void *closure) {
  (void)connection, (void)subscription, (void)status, (void)closure;
}

static inline natsStatus cnats_be_silent(natsOptions *options) {
  return natsOptions_SetErrorHandler(options, cnats_ignore, NULL);
}
