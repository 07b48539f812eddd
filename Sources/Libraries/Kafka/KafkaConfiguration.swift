import CKafka

/// Settings on their way to librdkafka, which owns them once a client is made. Logs go nowhere: errors come as values.
@safe struct KafkaConfiguration: ~Copyable {
  private var handle: OpaquePointer?

  /// Source of the names: https://github.com/confluentinc/librdkafka/blob/v2.0.2/CONFIGURATION.md
  init(_ settings: [(name: String, value: String)], events: Int32) throws(KafkaError) {
    unsafe handle = rd_kafka_conf_new()
    guard unsafe handle != nil else { throw KafkaError(.outOfMemory, "no memory for settings") }
    unsafe ckafka_be_silent(handle)
    unsafe rd_kafka_conf_set_events(handle, events)
    for setting in settings { try set(setting.name, setting.value) }
  }

  deinit { if let handle = unsafe handle { unsafe rd_kafka_conf_destroy(handle) } }

  private func set(_ name: String, _ value: String) throws(KafkaError) {
    var reason = [CChar](repeating: 0, count: 256)
    let result = unsafe rd_kafka_conf_set(handle, name, value, &reason, reason.count)
    guard result == RD_KAFKA_CONF_OK else {
      throw KafkaError(.badSetting, "the setting \(name): \(KafkaConfiguration.text(reason))")
    }
  }

  /// Makes a client, which takes the settings over.
  mutating func client(_ kind: rd_kafka_type_t) throws(KafkaError) -> OpaquePointer {
    var reason = [CChar](repeating: 0, count: 256)
    guard let client = unsafe rd_kafka_new(kind, handle, &reason, reason.count) else {
      throw KafkaError(.badSetting, "a client could not be made: \(KafkaConfiguration.text(reason))")
    }
    unsafe handle = nil
    return unsafe client
  }

  private static func text(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
