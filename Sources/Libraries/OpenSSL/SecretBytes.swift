import COpenSSL
import Glibc

/// Bytes that nobody should see: a key, a password, a seed.
///
/// They live in pages of their own, locked into memory when the limit allows it and left out of core dumps, and are
/// wiped when the last reference goes. Neither printing, interpolation nor reflection shows them; `==` takes the same
/// time wherever the difference is.
///
/// `@unchecked Sendable`: the memory is written only inside `init`, before any other thread can hold the reference, and
/// in `deinit`, after the last one let go; in between it is only read.
@safe package final class SecretBytes: @unchecked Sendable {
  /// How many bytes; this is not secret.
  package let count: Int
  private let memory: UnsafeMutableRawBufferPointer

  /// Wipes the array's own bytes too. Copies that were made of it before are the caller's to worry about.
  package convenience init(wiping bytes: inout [UInt8]) throws(CryptoError) {
    try self.init(copying: bytes.span)
    unsafe bytes.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) }
    bytes = []
  }

  /// Copies; the source stays as it is.
  package convenience init(copying bytes: Span<UInt8>) throws(CryptoError) {
    try self.init(count: bytes.count)
    let target = unsafe memory
    unsafe bytes.withUnsafeBytes { source in
      if source.count > 0 { unsafe target.copyMemory(from: source) }
    }
  }

  /// As above, from an array.
  package convenience init(copying bytes: [UInt8]) throws(CryptoError) {
    try self.init(copying: bytes.span)
  }

  /// Fresh bytes from the random source that OpenSSL keeps for secrets.
  package convenience init(random count: Int) throws(CryptoError) {
    try self.init(count: count)
    guard unsafe RAND_priv_bytes(memory.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(clamping: count)) == 1
    else {
      ERR_clear_error()
      throw CryptoError(.noRandomness, "the system's random source failed")
    }
  }

  /// Zeros, for operations in this module to fill before anyone else sees the value.
  init(count: Int) throws(CryptoError) {
    guard (0...SecretBytes.maximumCount).contains(count) else {
      throw CryptoError(.badLength, "a secret holds at most \(SecretBytes.maximumCount) bytes")
    }
    // Whole pages, so that locking and leaving out of dumps concern nothing else.
    let size = max(count, 1)
    let flags = MAP_PRIVATE | MAP_ANONYMOUS
    guard let start = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, flags, -1, 0), unsafe start != MAP_FAILED else {
      throw CryptoError(.outOfMemory, "no memory for a secret of \(count) bytes")
    }
    // Both are best effort: a low RLIMIT_MEMLOCK must not stop the service.
    unsafe mlock(start, size)
    unsafe madvise(start, size, MADV_DONTDUMP)
    self.count = count
    unsafe memory = UnsafeMutableRawBufferPointer(start: start, count: count)
  }

  deinit {
    unsafe OPENSSL_cleanse(memory.baseAddress, count)
    unsafe munmap(memory.baseAddress, max(count, 1))
  }

  private static let maximumCount = 1 << 20

  /// Lends the bytes; they cannot leave the closure, but copies made in it can: do not make any.
  package func withBytes<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe body(UnsafeRawBufferPointer(memory).assumingMemoryBound(to: UInt8.self).span)
  }

  /// For the C calls of this module.
  func withMutableMemory<Result>(_ body: (UnsafeMutablePointer<UInt8>) -> Result) -> Result? {
    guard let start = unsafe memory.baseAddress else { return nil }
    return unsafe body(start.assumingMemoryBound(to: UInt8.self))
  }

  /// A part as a secret of its own: keystores cut one derived key in two.
  package func slice(_ range: Range<Int>) throws(CryptoError) -> SecretBytes {
    guard range.lowerBound >= 0, range.upperBound <= count else {
      throw CryptoError(.badLength, "a slice reaches past the secret's \(count) bytes")
    }
    return try withBytes { bytes throws(CryptoError) in try SecretBytes(copying: bytes.extracting(range)) }
  }
}

extension SecretBytes: Equatable {
  package static func == (a: SecretBytes, b: SecretBytes) -> Bool {
    a.withBytes { a in b.withBytes { b in constantTimeEqual(a, b) } }
  }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "SecretBytes(\(count) bytes)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Compares in a time that depends on the lengths only.
package func constantTimeEqual(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Bool {
  guard a.count == b.count else { return false }
  return unsafe a.withUnsafeBytes { a in
    unsafe b.withUnsafeBytes { b in
      unsafe a.count == 0 || CRYPTO_memcmp(a.baseAddress, b.baseAddress, a.count) == 0
    }
  }
}

/// As above, for arrays.
package func constantTimeEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
  constantTimeEqual(a.span, b.span)
}
