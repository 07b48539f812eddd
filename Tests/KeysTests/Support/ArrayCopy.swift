extension Array where Element == UInt8 {
  /// The bytes of a span; in tests only, since a copy does not wipe itself.
  init(copying span: Span<UInt8>) {
    self = []
    for index in span.indices { append(span[index]) }
  }
}
