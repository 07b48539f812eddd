import Codecs
import Testing

@Suite("Keccak")
struct KeccakTests {
  @Test func `the empty message and abc have their published digests`() {
    #expect(
      Keccak.hash256([]).description == "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")
    #expect(
      Keccak.hash256(Array("abc".utf8)).description
        == "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")
  }

  @Test func `a message absorbed in two parts of any sizes has the digest of the whole`() {
    for length in [0, 1, 7, 8, 9, 63, 64, 71, 72, 73, 135, 136, 137, 271, 272, 273] {
      let message = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) }
      let whole = Keccak.hash256(message)
      for cut in 0...length {
        #expect(Keccak.hash256(Array(message[..<cut]), Array(message[cut...])) == whole)
        var sponge = Keccak()
        sponge.absorb(message[..<cut])
        sponge.absorb(message[cut...])
        #expect(sponge.finish() == whole)
      }
    }
  }

  @Test func `the digest of two digests is that of their 64 bytes`() {
    let left = Keccak.hash256([1])
    let right = Keccak.hash256([2])
    let joined = Keccak.hash256(left.bytes + right.bytes)
    #expect(Keccak.hash256(left, right) == joined)
    var sponge = Keccak()
    sponge.absorb(left)
    sponge.absorb(right)
    #expect(sponge.finish() == joined)
  }

  @Test func `a digest absorbed after an odd byte is read as its bytes`() {
    let hash = Keccak.hash256([9])
    var sponge = Keccak()
    sponge.absorb([5])
    sponge.absorb(hash)
    #expect(sponge.finish() == Keccak.hash256([5] + hash.bytes))
  }
}
