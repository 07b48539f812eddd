import Engine

extension OutboxEvent {
  /// id, epoch, type, key, payload, at.
  static func read(_ row: some Row) throws(StoreError) -> OutboxEvent {
    OutboxEvent(
      id: try row.int64(0), epoch: try row.int64(1), type: try row.text(2), key: try row.text(3),
      payload: try row.text(4), at: try row.time(5))
  }
}

extension DeadLetter {
  /// event_id, code, message, on_topic, at, settled_at.
  static func read(_ row: some Row, of relay: String) throws(StoreError) -> DeadLetter {
    DeadLetter(
      relay: relay, event: try row.int64(0), code: try row.text(1), message: try row.text(2),
      isOnTopic: try row.bool(3), at: try row.time(4), settledAt: try row.optionalTime(5))
  }
}
