import CKafka

/// Reads whole partitions from their first record on: enough for tools and tests. Threads: one at a time.
@safe package final class KafkaConsumer {
  private let handle: OpaquePointer

  package struct Record: Hashable, Sendable {
    package let partition: Int32
    package let offset: Int64
    package let key: [UInt8]
    package let value: [UInt8]
    package let headers: [String: String]
  }

  package init(brokers: [String], topic: String, partitions: Range<Int32>) throws(KafkaError) {
    var configuration = try KafkaConfiguration(
      [
        ("bootstrap.servers", brokers.joined(separator: ",")), ("client.id", "almoner"), ("group.id", "almoner"),
        ("enable.auto.commit", "false"), ("auto.offset.reset", "earliest"),
      ], events: 0)
    unsafe handle = try configuration.client(RD_KAFKA_CONSUMER)
    unsafe rd_kafka_poll_set_consumer(handle)
    guard let list = unsafe rd_kafka_topic_partition_list_new(Int32(partitions.count)) else {
      throw KafkaError(.outOfMemory, "no memory for partitions")
    }
    defer { unsafe rd_kafka_topic_partition_list_destroy(list) }
    for partition in partitions {
      unsafe rd_kafka_topic_partition_list_add(list, topic, partition)
      unsafe rd_kafka_topic_partition_list_set_offset(list, topic, partition, Int64(RD_KAFKA_OFFSET_BEGINNING))
    }
    let result = unsafe rd_kafka_assign(handle, list)
    guard result == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(result, "reading partitions") }
  }

  deinit {
    unsafe rd_kafka_consumer_close(handle)
    unsafe rd_kafka_destroy(handle)
  }

  /// The next record of any partition; nil when none came in time.
  package func next(timeoutMilliseconds: Int64) throws(KafkaError) -> Record? {
    guard let message = unsafe rd_kafka_consumer_poll(handle, Int32(clamping: timeoutMilliseconds)) else { return nil }
    defer { unsafe rd_kafka_message_destroy(message) }
    let error = unsafe message.pointee.err
    guard error == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(error, "reading a record") }
    return unsafe Record(
      partition: message.pointee.partition, offset: message.pointee.offset,
      key: KafkaConsumer.bytes(message.pointee.key, message.pointee.key_len),
      value: KafkaConsumer.bytes(message.pointee.payload, message.pointee.len), headers: KafkaConsumer.headers(message))
  }

  private static func bytes(_ start: UnsafeMutableRawPointer?, _ count: Int) -> [UInt8] {
    unsafe Array(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
  }

  private static func headers(_ message: UnsafeMutablePointer<rd_kafka_message_t>) -> [String: String] {
    var list: OpaquePointer?
    guard unsafe rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR else { return [:] }
    var found: [String: String] = [:]
    var (name, value, size): (UnsafePointer<CChar>?, UnsafeRawPointer?, Int) = (nil, nil, 0)
    while unsafe rd_kafka_header_get_all(list, found.count, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR {
      guard let key = unsafe name else { break }
      let before = found.count
      found[unsafe String(cString: key)] = unsafe String(
        decoding: UnsafeRawBufferPointer(start: value, count: value == nil ? 0 : size), as: UTF8.self)
      // The same name twice would be read for ever.
      if found.count == before { break }
    }
    return found
  }
}
