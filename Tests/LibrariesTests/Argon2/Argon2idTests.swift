import Argon2
import Testing

@Suite("Argon2id")
struct Argon2idTests {
  /// RFC 9106, section 5.3.
  @Test func `the vector of the RFC`() throws {
    let password = [UInt8](repeating: 1, count: 32)
    let parameters = try Argon2id.Parameters(memoryKibibytes: 32, passes: 3, lanes: 4)
    let hash = try Argon2id.hash(
      password.span, salt: [UInt8](repeating: 2, count: 16), parameters, count: 32,
      secret: [UInt8](repeating: 3, count: 8), associated: [UInt8](repeating: 4, count: 12))
    #expect(
      hash == [
        0x0d, 0x64, 0x0d, 0xf5, 0x8d, 0x78, 0x76, 0x6c, 0x08, 0xc0, 0x37, 0xa3, 0x4a, 0x8b, 0x53, 0xc9, 0xd0, 0x1e,
        0xf0,
        0x45, 0x2d, 0x75, 0xb6, 0x5e, 0xb5, 0x25, 0x20, 0xe9, 0x6b, 0x01, 0xe6, 0x59,
      ])
  }

  @Test func `work past what a text may ask for is refused before it begins`() {
    for (memory, passes, lanes) in [(1 << 21, 1, 1), (64, 65, 1), (64, 1, 17), (7, 1, 1), (64, 0, 1), (64, 1, 0)] {
      #expect(throws: Argon2Error.self) {
        try Argon2id.Parameters(memoryKibibytes: UInt32(memory), passes: UInt32(passes), lanes: UInt32(lanes))
      }
    }
    let empty: [UInt8] = []
    #expect(throws: Argon2Error.self) {
      try Argon2id.hash(
        empty.span, salt: [1], try Argon2id.Parameters(memoryKibibytes: 64, passes: 1, lanes: 1), count: 32)
    }
  }

  @Test func `an empty password has a hash of its own`() throws {
    let parameters = try Argon2id.Parameters(memoryKibibytes: 64, passes: 1, lanes: 1)
    let salt = [UInt8](repeating: 9, count: 16)
    let (empty, zero): ([UInt8], [UInt8]) = ([], [0])
    let a = try Argon2id.hash(empty.span, salt: salt, parameters, count: 32)
    let b = try Argon2id.hash(zero.span, salt: salt, parameters, count: 32)
    #expect(a != b && a.count == 32)
  }
}
