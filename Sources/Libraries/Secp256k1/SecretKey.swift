import CSecp256k1
import Glibc

/// A private key that wipes itself and does not print.
///
/// The 32 bytes live alone on a page of their own that is kept out of core dumps and forked children and, as far as the
/// process may lock memory, out of swap. They never change after `init`, so any thread may use the key.
@safe
package final class SecretKey: @unchecked Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  // Sendable: `page` is a constant, its bytes are written in init only, and wiped in deinit when nobody else is left.
  private let page: UnsafeMutableRawPointer
  private static let pageSize = 4096
  package static let byteCount = 32

  /// Copies a key; the caller wipes its own bytes. Throws `secp256k1.bad_secret_key`, `secp256k1.out_of_memory`.
  package init(_ bytes: Span<UInt8>) throws(Secp256k1Error) {
    guard bytes.count == SecretKey.byteCount else {
      throw Secp256k1Error(.badSecretKey, "a private key has 32 bytes, not \(bytes.count)")
    }
    guard
      let made = unsafe mmap(
        nil, SecretKey.pageSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      unsafe made != MAP_FAILED
    else { throw Secp256k1Error(.outOfMemory, "no memory for a private key") }
    unsafe page = made
    // Locking may be refused by RLIMIT_MEMLOCK: then the key is as safe as the swap it may reach.
    _ = unsafe mlock(made, SecretKey.pageSize)
    _ = unsafe madvise(made, SecretKey.pageSize, Int32(MADV_DONTDUMP))
    _ = unsafe madvise(made, SecretKey.pageSize, Int32(MADV_WIPEONFORK))
    unsafe bytes.withUnsafeBytes { source in
      unsafe UnsafeMutableRawBufferPointer(start: made, count: SecretKey.byteCount).copyMemory(from: source)
    }
    // From here on deinit wipes when something throws.
    guard unsafe secp256k1_ec_seckey_verify(Curve.shared.context, pointer) == 1 else {
      throw Secp256k1Error(.badSecretKey, "a private key is zero or not below the group order")
    }
  }

  /// A new key from the system's random numbers (getrandom). Throws `secp256k1.out_of_memory`.
  package static func random() throws(Secp256k1Error) -> SecretKey {
    var random = SystemRandomNumberGenerator()
    var draw: [UInt8] = []
    draw.reserveCapacity(byteCount)
    for _ in 0..<byteCount { draw.append(UInt8.random(in: .min ... .max, using: &random)) }
    defer { wipe(&draw) }
    // One draw in 2^128 is not below the order; it is an error rather than a loop.
    return try SecretKey(draw.span)
  }

  deinit {
    unsafe explicit_bzero(page, SecretKey.pageSize)
    unsafe munmap(page, SecretKey.pageSize)
  }

  /// Lends the 32 bytes, for encrypting them. They must not be copied into anything that does not wipe itself.
  package func withBytes<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let bytes = unsafe UnsafeBufferPointer(start: pointer, count: SecretKey.byteCount)
    return try unsafe body(Span(_unsafeElements: bytes))
  }

  var pointer: UnsafePointer<UInt8> { unsafe UnsafePointer(page.assumingMemoryBound(to: UInt8.self)) }

  package var description: String { "SecretKey" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }

  private static func wipe(_ bytes: inout [UInt8]) {
    unsafe bytes.withUnsafeMutableBytes { buffer in
      if let start = buffer.baseAddress { unsafe explicit_bzero(start, buffer.count) }
    }
  }
}
