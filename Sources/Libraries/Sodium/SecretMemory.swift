import CSodium

/// Bytes that nobody should see, in guarded pages of libsodium's: locked into memory, left out of core dumps, wiped when
/// the value goes.
/// Source: https://doc.libsodium.org/memory_management, "guarded heap allocations".
@safe struct SecretMemory: ~Copyable {
  let bytes: UnsafeMutablePointer<UInt8>
  let count: Int

  /// Throws `vrf.out_of_memory`.
  init(_ count: Int) throws(VRFError) {
    guard Sodium.isReady else { throw .failed("sodium_init") }
    guard let made = unsafe sodium_malloc(count) else {
      throw VRFError(.outOfMemory, "no guarded memory for a key; RLIMIT_MEMLOCK may be too low")
    }
    unsafe bytes = made.assumingMemoryBound(to: UInt8.self)
    self.count = count
  }

  /// `sodium_free` wipes before it gives the pages back.
  deinit { unsafe sodium_free(bytes) }
}

/// The library as a whole.
enum Sodium {
  /// Once for all threads: `sodium_init` picks the code for this processor.
  static let isReady = sodium_init() >= 0
}
