import CKafka

/// A producer that never writes a record twice nor in another order within a partition, while it lives.
///
/// Idempotent, `acks=all`, and no time-out of single records: librdkafka would give up one in the middle and deliver
/// those behind it. The owner sets the deadline for all, and lets the producer go when it is over: what was not sent is
/// withdrawn. Records with the same key go to the same partition, by the rule that Java clients use.
///
/// Threads: one at a time. The library has threads of its own; reports are fetched here, none calls into Swift.
@safe package final class KafkaProducer {
  private let handle: OpaquePointer
  private let queue: OpaquePointer

  /// What became of one record.
  package struct Report: Hashable, Sendable {
    /// The number that the record was handed over with.
    package let number: Int
    /// Nil when every replica in sync has it.
    package let error: KafkaError?
  }

  /// `brokers` as `host:port`. Nothing is connected yet; it is while records wait. Throws `kafka.bad_setting`.
  package init(brokers: [String], mostRecordBytes: Int, timeoutMilliseconds: Int64) throws(KafkaError) {
    let wait = "\(min(max(timeoutMilliseconds, 10), 300_000))"
    var configuration = try KafkaConfiguration(
      [
        ("bootstrap.servers", brokers.joined(separator: ",")), ("client.id", "almoner"), ("enable.idempotence", "true"),
        ("acks", "all"), ("message.timeout.ms", "0"), ("request.timeout.ms", wait), ("linger.ms", "2"),
        ("partitioner", "murmur2_random"), ("message.max.bytes", "\(mostRecordBytes)"), ("socket.timeout.ms", wait),
        ("topic.metadata.propagation.max.ms", wait), ("queue.buffering.max.messages", "10000"),
        ("queue.buffering.max.kbytes", "262144"), ("reconnect.backoff.ms", "50"), ("reconnect.backoff.max.ms", "1000"),
      ], events: RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR)
    unsafe handle = try configuration.client(RD_KAFKA_PRODUCER)
    unsafe queue = rd_kafka_queue_get_main(handle)
  }

  deinit {
    unsafe rd_kafka_purge(handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
    unsafe rd_kafka_queue_destroy(queue)
    unsafe rd_kafka_destroy(handle)
  }

  /// Hands one record over; its report comes later under `number`.
  ///
  /// Throws `kafka.too_large`, `kafka.unavailable` when the queue is full, `kafka.fatal`; then there is no report.
  package func send(
    _ topic: String, key: [UInt8], value: [UInt8], headers: [(name: String, value: String)], number: Int
  ) throws(KafkaError) {
    guard let list = unsafe rd_kafka_headers_new(headers.count) else {
      throw KafkaError(.outOfMemory, "no memory for headers")
    }
    for header in headers {
      let added = unsafe rd_kafka_header_add(list, header.name, -1, header.value, header.value.utf8.count)
      guard added == RD_KAFKA_RESP_ERR_NO_ERROR else {
        unsafe rd_kafka_headers_destroy(list)
        throw KafkaError(added, "adding a header")
      }
    }
    let result = unsafe key.withUnsafeBytes { key in
      unsafe value.withUnsafeBytes { value in
        unsafe ckafka_produce(
          handle, topic, key.baseAddress, key.count, value.baseAddress, value.count, list, number)
      }
    }
    guard result == RD_KAFKA_RESP_ERR_NO_ERROR else {
      unsafe rd_kafka_headers_destroy(list)
      throw KafkaError(result, "handing a record over")
    }
  }

  /// Reports that have come in, waiting for the first at most that long; empty for none.
  ///
  /// Throws `kafka.fatal`, and `kafka.denied` when a broker refuses the login. That brokers cannot be reached is no
  /// error here: they are tried again until the owner gives up; `trouble` says what is wrong meanwhile.
  package func reports(timeoutMilliseconds: Int64) throws(KafkaError) -> [Report] {
    guard let event = unsafe rd_kafka_queue_poll(queue, Int32(clamping: timeoutMilliseconds)) else { return [] }
    defer { unsafe rd_kafka_event_destroy(event) }
    switch unsafe rd_kafka_event_type(event) {
    case RD_KAFKA_EVENT_DR:
      var found: [Report] = []
      while let message = unsafe rd_kafka_event_message_next(event) {
        let error = unsafe message.pointee.err
        found.append(
          Report(
            number: unsafe ckafka_number(message),
            error: error == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaError(error, "delivering a record")))
      }
      return found
    case RD_KAFKA_EVENT_ERROR:
      let error = unsafe rd_kafka_event_error(event)
      let told = KafkaError(error, "talking to the brokers")
      if unsafe rd_kafka_event_error_is_fatal(event) != 0 { throw KafkaError(.fatal, told.message) }
      if told.code == .denied { throw told }
      trouble = told
      return []
    default: return []
    }
  }

  /// The last complaint that was no reason to stop.
  package private(set) var trouble: KafkaError?
}
