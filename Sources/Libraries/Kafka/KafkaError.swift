import CKafka

/// Why Kafka could not be used, or refused. Source: `rd_kafka_resp_err_t` of librdkafka 2.0.
package struct KafkaError: Error, Hashable, Sendable {
  /// Stable across releases. Add cases freely; never rename or reuse one.
  package enum Code: String, CaseIterable, Sendable {
    /// A setting that librdkafka does not take.
    case badSetting = "kafka.bad_setting"
    /// No broker of the list can be reached, or the partition has no leader.
    case unavailable = "kafka.unavailable"
    case timeout = "kafka.timeout"
    /// The name, the password or the right to write to the topic was refused.
    case denied = "kafka.denied"
    /// The topic does not exist and brokers do not make it.
    case unknownTopic = "kafka.unknown_topic"
    /// Fewer copies are in sync than the topic wants, or the broker's disk failed.
    case notEnoughReplicas = "kafka.not_enough_replicas"
    case tooLarge = "kafka.too_large"
    /// The broker does not take this record, whatever else is wrong.
    case refused = "kafka.record_refused"
    /// The record was taken back before it was delivered, or its batch could not be.
    case withdrawn = "kafka.withdrawn"
    /// The producer is of no use any more: the owner makes another.
    case fatal = "kafka.fatal"
    case outOfMemory = "kafka.out_of_memory"
    case failed = "kafka.failed"
  }
  package let code: Code
  /// One sentence with librdkafka's name of the error; never what was sent.
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The one place where an error of the library becomes ours.
  init(_ error: rd_kafka_resp_err_t, _ doing: StaticString) {
    let name = unsafe String(cString: rd_kafka_err2name(error))
    self.init(KafkaError.code(for: error), "\(doing): \(name)")
  }

  private static func code(for error: rd_kafka_resp_err_t) -> Code {
    switch error {
    case RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
      RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
      .timeout
    case RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__RESOLVE, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN,
      RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
      RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION, RD_KAFKA_RESP_ERR__QUEUE_FULL:
      .unavailable
    case RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
      RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
      .denied
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION,
      RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
      .unknownTopic
    case RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND,
      RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR:
      .notEnoughReplicas
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE: .tooLarge
    case RD_KAFKA_RESP_ERR_INVALID_MSG, RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP, RD_KAFKA_RESP_ERR_POLICY_VIOLATION,
      RD_KAFKA_RESP_ERR_INVALID_RECORD:
      .refused
    case RD_KAFKA_RESP_ERR__PURGE_QUEUE, RD_KAFKA_RESP_ERR__PURGE_INFLIGHT: .withdrawn
    case RD_KAFKA_RESP_ERR__FATAL, RD_KAFKA_RESP_ERR__FENCED, RD_KAFKA_RESP_ERR__GAPLESS_GUARANTEE: .fatal
    default: .failed
    }
  }
}
