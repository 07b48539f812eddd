import CRedis

/// One answer of a Redis server. Source: RESP2, https://redis.io/docs/reference/protocol-spec/.
package indirect enum RedisReply: Hashable, Sendable {
  case null
  case integer(Int64)
  /// `OK`, `QUEUED`, `PONG`.
  case status(String)
  case bytes([UInt8])
  case array([RedisReply])
  /// A refusal, as `NOAUTH Authentication required.`: its first word is the kind.
  case error(String)

  /// Text of a status or of bytes; nil for anything else. Bytes that are not UTF-8 are mended.
  package var text: String? {
    switch self {
    case .status(let text): text
    case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
    case .null, .integer, .array, .error: nil
    }
  }

  package var array: [RedisReply]? { if case .array(let elements) = self { elements } else { nil } }
  package var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
  package var error: String? { if case .error(let text) = self { text } else { nil } }

  /// A copy of what hiredis read; nil for a type that RESP2 does not have. hiredis allows nine levels, so this ends.
  init?(_ reply: redisReply) {
    switch unsafe reply.type {
    case REDIS_REPLY_NIL: self = .null
    case REDIS_REPLY_INTEGER: self = unsafe .integer(reply.integer)
    case REDIS_REPLY_STATUS: self = unsafe .status(String(decoding: RedisReply.bytes(reply), as: UTF8.self))
    case REDIS_REPLY_ERROR: self = unsafe .error(String(decoding: RedisReply.bytes(reply), as: UTF8.self))
    case REDIS_REPLY_STRING: self = unsafe .bytes(Array(RedisReply.bytes(reply)))
    case REDIS_REPLY_ARRAY:
      var elements: [RedisReply] = []
      unsafe elements.reserveCapacity(reply.elements)
      for index in unsafe 0..<reply.elements {
        guard let element = unsafe reply.element?[index], let copy = unsafe RedisReply(element.pointee) else {
          return nil
        }
        elements.append(copy)
      }
      self = .array(elements)
    default: return nil
    }
  }

  private static func bytes(_ reply: redisReply) -> UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(start: reply.str, count: reply.str == nil ? 0 : reply.len)
  }
}
