import CArgon2

/// Why a hash was not made. Codes are stable: docs/errors.md.
package struct Argon2Error: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    /// Work factors out of the range that this machine should be asked for.
    case badParameters = "argon2.bad_parameters"
    /// No memory for the hash; wait until the machine has some.
    case outOfMemory = "argon2.out_of_memory"
    /// libargon2 refused; the message holds its reason.
    case failed = "argon2.failed"
  }
  package let code: Code
  package let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

/// Argon2id, version 1.3 (RFC 9106). Any thread; a call holds its memory and its thread until it is done.
package enum Argon2id {
  /// How much work one hash is.
  package struct Parameters: Hashable, Sendable {
    package let memoryKibibytes: UInt32
    package let passes: UInt32
    package let lanes: UInt32

    /// Throws `argon2.bad_parameters` past 1 GiB, 64 passes or 16 lanes, or below what RFC 9106 allows: parameters come
    /// from a stored text, and a text must not be able to take the machine.
    package init(memoryKibibytes: UInt32, passes: UInt32, lanes: UInt32) throws(Argon2Error) {
      guard (1...16).contains(lanes), (1...64).contains(passes), memoryKibibytes >= 8 * lanes,
        memoryKibibytes <= 1 << 20
      else { throw Argon2Error(.badParameters, "Argon2id: memory, passes or lanes are out of range") }
      self.memoryKibibytes = memoryKibibytes
      self.passes = passes
      self.lanes = lanes
    }
  }

  /// The hash of a password, 4 to 1024 bytes. `salt` is 8 to 64 bytes; `secret` and `associated` may be empty.
  package static func hash(
    _ password: Span<UInt8>, salt: [UInt8], _ parameters: Parameters, count: Int, secret: [UInt8] = [],
    associated: [UInt8] = []
  ) throws(Argon2Error) -> [UInt8] {
    guard (8...64).contains(salt.count), (4...1024).contains(count), password.count <= 4096, secret.count <= 64,
      associated.count <= 64
    else { throw Argon2Error(.badParameters, "Argon2id: salt, password or length is out of range") }
    var out = [UInt8](repeating: 0, count: count)
    // libargon2 may wipe what it is lent, if told so; it is not told so, but takes writable pointers.
    var (salt, secret, associated) = (salt, secret, associated)
    let result = unsafe password.withUnsafeBufferPointer { password in
      unsafe salt.withUnsafeMutableBufferPointer { salt in
        unsafe secret.withUnsafeMutableBufferPointer { secret in
          unsafe associated.withUnsafeMutableBufferPointer { associated in
            unsafe out.withUnsafeMutableBufferPointer { out in
              var context = unsafe argon2_context(
                out: out.baseAddress, outlen: UInt32(out.count),
                pwd: UnsafeMutablePointer(mutating: password.baseAddress),
                pwdlen: UInt32(password.count), salt: salt.baseAddress, saltlen: UInt32(salt.count),
                secret: secret.isEmpty ? nil : secret.baseAddress, secretlen: UInt32(secret.count),
                ad: associated.isEmpty ? nil : associated.baseAddress, adlen: UInt32(associated.count),
                t_cost: parameters.passes, m_cost: parameters.memoryKibibytes, lanes: parameters.lanes,
                threads: parameters.lanes, version: UInt32(ARGON2_VERSION_13.rawValue), allocate_cbk: nil,
                free_cbk: nil,
                flags: 0)
              return unsafe argon2id_ctx(&context)
            }
          }
        }
      }
    }
    guard result == ARGON2_OK.rawValue else { throw failure(result) }
    return out
  }

  private static func failure(_ code: Int32) -> Argon2Error {
    if code == ARGON2_MEMORY_ALLOCATION_ERROR.rawValue { return Argon2Error(.outOfMemory, "no memory for Argon2id") }
    let reason = unsafe argon2_error_message(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    return Argon2Error(.failed, "Argon2id failed: \(reason)")
  }
}
