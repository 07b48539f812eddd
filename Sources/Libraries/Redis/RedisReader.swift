import CRedis

/// Turns what a server sends into answers, within bounds: hiredis's reader, which asks for memory as the server announces
/// it. Threads: one at a time. After an error it is of no use any more.
@safe package final class RedisReader {
  private let reader: UnsafeMutablePointer<redisReader>
  private let bound: UnsafeMutablePointer<credis_bound>
  private let mostBytes: Int
  private let mostElements: Int
  /// Bytes that belong to no answer yet.
  package private(set) var unread = 0

  /// Limits of one answer, with everything inside.
  package init(mostBytes: Int, mostElements: Int) throws(RedisError) {
    let bound = UnsafeMutablePointer<credis_bound>.allocate(capacity: 1)
    unsafe bound.initialize(to: credis_bound())
    guard let reader = unsafe credis_reader(bound) else {
      unsafe bound.deallocate()
      throw RedisError(.outOfMemory, "no memory for a connection")
    }
    unsafe self.bound = bound
    unsafe self.reader = reader
    self.mostBytes = mostBytes
    self.mostElements = mostElements
    unsafe bound.pointee.left = Int64(mostElements)
  }

  deinit {
    unsafe redisReaderFree(reader)
    unsafe bound.deallocate()
  }

  /// Takes bytes as they came. Throws `redis.too_large`, `redis.out_of_memory`.
  package func feed(_ bytes: [UInt8]) throws(RedisError) {
    let fed = unsafe bytes.withUnsafeBytes { unsafe take($0) }
    try check(fed, bytes.count)
  }

  /// As above, from memory that is the caller's.
  func feed(_ bytes: UnsafeRawBufferPointer) throws(RedisError) {
    let fed = unsafe take(bytes)
    try check(fed, bytes.count)
  }

  private func take(_ bytes: UnsafeRawBufferPointer) -> Int32 {
    guard let start = bytes.baseAddress, bytes.count > 0 else { return REDIS_OK }
    return unsafe redisReaderFeed(reader, start.assumingMemoryBound(to: CChar.self), bytes.count)
  }

  private func check(_ fed: Int32, _ count: Int) throws(RedisError) {
    guard fed == REDIS_OK else { throw RedisError(.outOfMemory, words) }
    unread += count
    // What lies behind the answer counts a little too: it came in the same piece.
    guard unread <= mostBytes + 65_536 else { throw RedisError(.tooLarge, "the answer is too large") }
  }

  /// The next whole answer among what was fed; nil when more is needed. Throws `redis.malformed`, `redis.too_large`.
  package func next() throws(RedisError) -> RedisReply? {
    var made: UnsafeMutableRawPointer?
    guard unsafe redisReaderGetReply(reader, &made) == REDIS_OK else {
      throw RedisError(unsafe reader.pointee.err == REDIS_ERR_OOM ? .tooLarge : .malformed, words)
    }
    guard let reply = unsafe made else { return nil }
    defer { unsafe freeReplyObject(reply) }
    unread = unsafe Int(reader.pointee.len) - Int(reader.pointee.pos)
    unsafe bound.pointee.left = Int64(mostElements)
    guard let copy = unsafe RedisReply(reply.assumingMemoryBound(to: redisReply.self).pointee) else {
      throw RedisError(.malformed, "an answer of a kind that is not known")
    }
    return copy
  }

  private var words: String { unsafe RedisError.text(&reader.pointee.errstr) }
}

extension RedisError {
  /// The text of a fixed array of C characters.
  static func text<Characters>(_ characters: inout Characters) -> String {
    unsafe withUnsafeBytes(of: &characters) { unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
