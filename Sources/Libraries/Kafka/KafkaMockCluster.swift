import CKafka

/// The brokers that librdkafka brings for tests: real sockets and the real protocol on loopback, no disk.
/// Debian has no Kafka broker. Source: rdkafka_mock.h.
@safe package final class KafkaMockCluster {
  private let owner: OpaquePointer
  private let cluster: OpaquePointer
  package let brokers: [String]

  package init(brokers count: Int32 = 1) throws(KafkaError) {
    var configuration = try KafkaConfiguration([("client.id", "mock")], events: 0)
    unsafe owner = try configuration.client(RD_KAFKA_PRODUCER)
    guard let made = unsafe rd_kafka_mock_cluster_new(owner, count) else {
      unsafe rd_kafka_destroy(owner)
      throw KafkaError(.failed, "the mock cluster did not start")
    }
    unsafe cluster = made
    brokers = unsafe String(cString: rd_kafka_mock_cluster_bootstraps(made)).split(separator: ",").map(String.init)
  }

  deinit {
    unsafe rd_kafka_mock_cluster_destroy(cluster)
    unsafe rd_kafka_destroy(owner)
  }

  package func makeTopic(_ name: String, partitions: Int32) throws(KafkaError) {
    let result = unsafe rd_kafka_mock_topic_create(cluster, name, partitions, 1)
    guard result == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(result, "making a topic") }
  }

  package func setDown(_ broker: Int32, _ isDown: Bool) {
    _ =
      isDown
      ? unsafe rd_kafka_mock_broker_set_down(cluster, broker) : unsafe rd_kafka_mock_broker_set_up(cluster, broker)
  }

  package enum Refusal: Hashable, Sendable { case tooLarge, notEnoughReplicas, notLeader, denied, invalidRecord }

  /// The next Produce requests are answered with these, one each.
  package func refuseNext(_ refusals: [Refusal]) {
    let errors = refusals.map { refusal in
      switch refusal {
      case .tooLarge: RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE
      case .notEnoughReplicas: RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS
      case .notLeader: RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION
      case .denied: RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED
      case .invalidRecord: RD_KAFKA_RESP_ERR_INVALID_RECORD
      }
    }
    // 0 is Produce in the Kafka protocol.
    unsafe rd_kafka_mock_push_request_errors_array(cluster, 0, errors.count, errors)
  }
}
