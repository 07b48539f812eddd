import OpenSSL
import Synchronization
import Testing

/// Vectors: NIST's SHA-2 examples (FIPS 180-4).
@Suite("SHA-256")
struct SHA256Tests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func `a published message has its published digest`(message: String, digest: String) throws {
    #expect(hex(try SHA256.hash(Array(message.utf8)).bytes) == digest)
  }

  @Test func `words are the digest's bytes, first bytes first`() throws {
    let digest = try SHA256.hash(Array("abc".utf8))
    #expect(
      digest.words == (0xba78_16bf_8f01_cfea, 0x4141_40de_5dae_2223, 0xb003_61a3_9617_7a9c, 0xb410_ff61_f200_15ad))
  }

  @Test(arguments: [1, 63, 64, 65, 1000, 1_000_000])
  func `pieces of any size make the digest of the whole`(piece: Int) throws {
    let message = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    var stream = try SHA256Stream()
    for start in stride(from: 0, to: message.count, by: piece) {
      try stream.update(message.span.extracting(start..<min(start + piece, message.count)))
    }
    let digest = try stream.finish()
    #expect(hex(digest.bytes) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func `a finished stream starts anew`() throws {
    var stream = try SHA256Stream()
    try stream.update(Array("other".utf8))
    _ = try stream.finish()
    try stream.update(Array("abc".utf8))
    #expect(try stream.finish() == SHA256.hash(Array("abc".utf8)))
  }

  @Test func `many threads hash at once without disturbing each other`() async throws {
    let expected = try (0..<64).map { try SHA256.hash([UInt8](repeating: UInt8($0), count: 200)) }
    let wrong = Atomic(0)
    await withTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask {
          (0..<2000).count { turn in
            let value = turn % 64
            return (try? SHA256.hash([UInt8](repeating: UInt8(value), count: 200))) != expected[value]
          }
        }
      }
      for await count in group { wrong.add(count, ordering: .relaxed) }
    }
    #expect(wrong.load(ordering: .relaxed) == 0)
  }
}
