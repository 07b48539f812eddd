import CMaxMind
import Glibc

/// One database of the MaxMind DB format, version 2, read by libmaxminddb.
///
/// The library maps the file, and a file that is cut while it is mapped ends the process. So it gets a copy in memory that
/// nobody else has. Source of the format: https://maxmind.github.io/MaxMind-DB/
///
/// `@unchecked Sendable`: after `init` nothing is written, and the library's look-ups only read, from any thread.
@safe package final class MaxMindDatabase: @unchecked Sendable {
  /// A value of an entry.
  package enum Value: Hashable, Sendable {
    case text(String)
    case number(UInt64)
    /// A map, an array, bytes, ...
    case other
  }

  /// Such as `GeoLite2-Country`.
  package let type: String
  /// Seconds since 1970, as the file says.
  package let builtAt: UInt64
  private let database: UnsafeMutablePointer<MMDB_s>

  package static let mostBytes = 512 << 20
  private static let mostText = 1_000

  /// Throws `maxmind.damaged` for bytes that are no database, `maxmind.too_large`, `maxmind.failed`.
  package init(_ bytes: [UInt8]) throws(MaxMindError) {
    guard bytes.count <= MaxMindDatabase.mostBytes else {
      throw MaxMindError(.tooLarge, "the database is larger than \(MaxMindDatabase.mostBytes >> 20) MiB")
    }
    let descriptor = cmaxmind_memory_file()
    guard descriptor >= 0 else { throw MaxMindError(.failed, "no file in memory can be made: error \(errno)") }
    defer { close(descriptor) }
    try MaxMindDatabase.write(bytes, to: descriptor)
    var reason: Int32 = 0
    guard let database = unsafe cmaxmind_open("/proc/self/fd/\(descriptor)", &reason) else {
      let text = unsafe MMDB_strerror(reason).map { unsafe String(cString: $0) } ?? "error \(reason)"
      throw MaxMindError(.damaged, "libmaxminddb refuses the database: \(text)")
    }
    unsafe self.database = database
    let metadata = unsafe database.pointee.metadata
    type = unsafe metadata.database_type.map { unsafe String(cString: $0) } ?? ""
    builtAt = unsafe metadata.build_epoch
  }

  deinit { unsafe cmaxmind_close(database) }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) throws(MaxMindError) {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { all in
        unsafe Glibc.write(descriptor, all.baseAddress.map { unsafe $0 + done }, bytes.count - done)
      }
      guard count > 0 else { throw MaxMindError(.failed, "the copy in memory cannot be written: error \(errno)") }
      done += count
    }
  }

  /// The value at a key, or at a key of the map at the first key, of the entry of an address of 128 bits; version 4 is
  /// the last 32. Nil when there is no entry or no such key. Throws `maxmind.damaged`.
  package func value(
    of address: (high: UInt64, low: UInt64), isVersion4: Bool, _ first: StaticString, _ second: StaticString? = nil
  ) throws(MaxMindError) -> Value? {
    let bytes = (address.high.bigEndian, address.low.bigEndian)
    let found = unsafe withUnsafeBytes(of: bytes) { bytes in
      unsafe cmaxmind_find(
        database, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), isVersion4 ? 1 : 0,
        MaxMindDatabase.characters(first), second.flatMap { unsafe MaxMindDatabase.characters($0) })
    }
    let error = unsafe found.error
    // A database of version 4 knows no address of version 6.
    if error == MMDB_IPV6_LOOKUP_IN_IPV4_DATABASE_ERROR { return nil }
    guard error == MMDB_SUCCESS else {
      let text = unsafe MMDB_strerror(error).map { unsafe String(cString: $0) } ?? "error \(error)"
      throw MaxMindError(.damaged, "the database is damaged: \(text)")
    }
    guard unsafe found.has_data != 0 else { return nil }
    switch Int32(bitPattern: unsafe found.type) {
    case MMDB_DATA_TYPE_UTF8_STRING:
      let size = Int(unsafe found.size)
      guard size <= MaxMindDatabase.mostText, size == 0 || (unsafe found.text != nil) else {
        throw MaxMindError(.damaged, "the database is damaged: a text is too long")
      }
      let bytes = unsafe UnsafeRawBufferPointer(start: found.text, count: size)
      guard let text = unsafe String(validating: bytes, as: UTF8.self) else {
        throw MaxMindError(.damaged, "the database is damaged: a text is not UTF-8")
      }
      return .text(text)
    case MMDB_DATA_TYPE_UINT16, MMDB_DATA_TYPE_UINT32, MMDB_DATA_TYPE_UINT64: return .number(unsafe found.number)
    default: return .other
    }
  }

  /// A literal's bytes, which end in a zero; nil for one that is a single scalar, which no key here is.
  private static func characters(_ text: StaticString) -> UnsafePointer<CChar>? {
    guard text.hasPointerRepresentation else { return nil }
    return unsafe UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
  }
}
