#pragma once
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

// Swift cannot call C variadics. librdkafka copies topic, key and value before this returns, and takes over the headers
// unless it refuses. `number` comes back in the delivery report.
static inline rd_kafka_resp_err_t ckafka_produce(rd_kafka_t *handle, const char *topic, const void *key, size_t key_length,
                                                 const void *value, size_t length, rd_kafka_headers_t *headers,
                                                 intptr_t number) {
  return rd_kafka_producev(handle, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_KEY(key, key_length),
                           RD_KAFKA_V_VALUE((void *)value, length), RD_KAFKA_V_HEADERS(headers),
                           RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_OPAQUE((void *)number), RD_KAFKA_V_END);
}

static inline intptr_t ckafka_number(const rd_kafka_message_t *message) { return (intptr_t)message->_private; }

static inline void ckafka_be_silent(rd_kafka_conf_t *configuration) { rd_kafka_conf_set_log_cb(configuration, NULL); }
