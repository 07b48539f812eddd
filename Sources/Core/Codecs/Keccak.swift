/// The Keccak sponge: `Keccak.hash256` names everything on an EVM chain.
///
/// A value is one hash under way: absorb any number of parts, then finish. Nothing is copied but the lanes.
/// Source: Keccak submission 3 (padding 0x01, as Ethereum uses it); FIPS 202 (padding 0x06, SHA3-256).
package struct Keccak {
  /// Which member of the family: they differ in rate and padding.
  package enum Variant: Sendable {
    /// Ethereum's hash: rate 136, padding 0x01.
    case keccak256
    /// FIPS 202: rate 136, padding 0x06.
    case sha3
    /// Rate 72, padding 0x01.
    case keccak512
  }

  private var state = KeccakPermutation.State(repeating: 0)
  /// Bytes already absorbed into the open block: always below `rate`.
  private var position = 0
  private let rate: Int
  private let padding: UInt64

  package init(_ variant: Variant = .keccak256) {
    switch variant {
    case .keccak256: (rate, padding) = (136, 0x01)
    case .sha3: (rate, padding) = (136, 0x06)
    case .keccak512: (rate, padding) = (72, 0x01)
    }
  }

  /// Takes the next part of the message.
  package mutating func absorb(_ bytes: [UInt8]) { absorb(bytes.span) }

  /// Takes the next part of the message.
  package mutating func absorb(_ bytes: ArraySlice<UInt8>) { absorb(bytes.span) }

  /// Takes the 32 bytes of a digest.
  package mutating func absorb(_ hash: Hash32) {
    absorb(word: hash.words.0)
    absorb(word: hash.words.1)
    absorb(word: hash.words.2)
    absorb(word: hash.words.3)
  }

  /// Takes the eight bytes of `word`, most significant first.
  package mutating func absorb(word: UInt64) {
    if position & 7 == 0 {
      absorb(lane: word.byteSwapped)
    } else {
      for shift in 1...8 { absorb(byte: UInt8(truncatingIfNeeded: word &>> UInt64(64 - shift * 8))) }
    }
  }

  /// Takes the eight bytes of `word`, least significant first.
  package mutating func absorb(littleEndian word: UInt64) { absorb(word: word.byteSwapped) }

  /// Takes the next part of the message.
  package mutating func absorb(_ bytes: Span<UInt8>) {
    var index = 0
    while index < bytes.count && position & 7 != 0 {
      absorb(byte: bytes[index])
      index += 1
    }
    while index + 8 <= bytes.count {
      absorb(lane: bytes.littleEndianLane(at: index))
      index += 8
    }
    while index < bytes.count {
      absorb(byte: bytes[index])
      index += 1
    }
  }

  /// The first 32 bytes of the digest. The value is spent.
  package consuming func finish() -> Hash32 {
    close()
    return KeccakPermutation.digest(state)
  }

  /// The 64 bytes of a Keccak-512 digest. The value is spent.
  package consuming func finish512() -> [UInt8] {
    close()
    var out: [UInt8] = []
    out.reserveCapacity(64)
    for index in 0..<8 {
      for byte in 0..<8 { out.append(UInt8(truncatingIfNeeded: state[index] &>> UInt64(byte * 8))) }
    }
    return out
  }

  @inline(__always)
  private mutating func absorb(lane: UInt64) {
    state[position &>> 3] ^= lane
    advance(by: 8)
  }

  private mutating func absorb(byte: UInt8) {
    state[position &>> 3] ^= UInt64(byte) &<< UInt64((position & 7) &* 8)
    advance(by: 1)
  }

  @inline(__always)
  private mutating func advance(by count: Int) {
    position &+= count
    if position == rate {
      KeccakPermutation.apply(to: &state)
      position = 0
    }
  }

  private mutating func close() {
    state[position &>> 3] ^= padding &<< UInt64((position & 7) &* 8)
    state[rate / 8 - 1] ^= 0x80 << 56
    KeccakPermutation.apply(to: &state)
  }
}

// MARK: Whole messages

extension Keccak {
  /// Keccak-256 of one message.
  package static func hash256(_ message: [UInt8]) -> Hash32 { hash256(message.span) }

  /// Keccak-256 of one message.
  package static func hash256(_ message: Span<UInt8>) -> Hash32 {
    var sponge = Keccak()
    sponge.absorb(message)
    return sponge.finish()
  }

  /// Keccak-256 of two parts, one after the other, without joining them in memory.
  package static func hash256(_ first: [UInt8], _ second: [UInt8]) -> Hash32 {
    var sponge = Keccak()
    sponge.absorb(first)
    sponge.absorb(second)
    return sponge.finish()
  }

  /// Keccak-256 of two digests side by side: the inner node of a Merkle tree.
  package static func hash256(_ left: Hash32, _ right: Hash32) -> Hash32 {
    var state = KeccakPermutation.State(repeating: 0)
    (state[0], state[1]) = (left.words.0.byteSwapped, left.words.1.byteSwapped)
    (state[2], state[3]) = (left.words.2.byteSwapped, left.words.3.byteSwapped)
    (state[4], state[5]) = (right.words.0.byteSwapped, right.words.1.byteSwapped)
    (state[6], state[7]) = (right.words.2.byteSwapped, right.words.3.byteSwapped)
    state[8] = 0x01
    state[16] = 0x80 << 56
    KeccakPermutation.apply(to: &state)
    return KeccakPermutation.digest(state)
  }

  /// Keccak-256 of the 40 bytes held by five little-endian lanes: the hash of EIP-55, once a recipient at ingest.
  static func hash256(lanes: (UInt64, UInt64, UInt64, UInt64, UInt64)) -> Hash32 {
    var state = KeccakPermutation.State(repeating: 0)
    (state[0], state[1], state[2], state[3], state[4]) = lanes
    state[5] = 0x01
    state[16] = 0x80 << 56
    KeccakPermutation.apply(to: &state)
    return KeccakPermutation.digest(state)
  }

  /// SHA3-256 of two little-endian numbers and a digest: a leaf of the lotteries' tree, hashed ten million times.
  package static func sha3(_ a: UInt64, _ b: UInt64, _ digest: Hash32) -> Hash32 {
    var state = KeccakPermutation.State(repeating: 0)
    (state[0], state[1]) = (a, b)
    KeccakPermutation.put(digest, at: 2, into: &state)
    state[6] = 0x06
    state[16] = 0x80 << 56
    KeccakPermutation.apply(to: &state)
    return KeccakPermutation.digest(state)
  }

  /// SHA3-256 of three little-endian numbers and two digests: a node of that tree.
  package static func sha3(_ a: UInt64, _ b: UInt64, _ c: UInt64, _ left: Hash32, _ right: Hash32) -> Hash32 {
    var state = KeccakPermutation.State(repeating: 0)
    (state[0], state[1], state[2]) = (a, b, c)
    KeccakPermutation.put(left, at: 3, into: &state)
    KeccakPermutation.put(right, at: 7, into: &state)
    state[11] = 0x06
    state[16] = 0x80 << 56
    KeccakPermutation.apply(to: &state)
    return KeccakPermutation.digest(state)
  }

  /// SHA3-256 of one message.
  package static func sha3(_ message: [UInt8]) -> Hash32 {
    var sponge = Keccak(.sha3)
    sponge.absorb(message)
    return sponge.finish()
  }

  /// Keccak-512 of one message, 64 bytes.
  package static func hash512(_ message: [UInt8]) -> [UInt8] {
    var sponge = Keccak(.keccak512)
    sponge.absorb(message)
    return sponge.finish512()
  }
}

extension KeccakPermutation {
  /// A digest as four lanes of a fresh state.
  @inline(__always)
  static func put(_ digest: Hash32, at lane: Int, into state: inout State) {
    state[lane] = digest.words.0.byteSwapped
    state[lane &+ 1] = digest.words.1.byteSwapped
    state[lane &+ 2] = digest.words.2.byteSwapped
    state[lane &+ 3] = digest.words.3.byteSwapped
  }

  /// The first four lanes as a digest.
  static func digest(_ state: borrowing State) -> Hash32 {
    Hash32(words: (state[0].byteSwapped, state[1].byteSwapped, state[2].byteSwapped, state[3].byteSwapped))
  }
}

extension Span<UInt8> {
  /// Eight bytes from `index` on, the first one least significant. The caller has checked that they exist.
  @inline(__always)
  func littleEndianLane(at index: Int) -> UInt64 {
    let low = UInt64(self[index]) | UInt64(self[index &+ 1]) &<< 8
    let lowMiddle = UInt64(self[index &+ 2]) &<< 16 | UInt64(self[index &+ 3]) &<< 24
    let highMiddle = UInt64(self[index &+ 4]) &<< 32 | UInt64(self[index &+ 5]) &<< 40
    let high = UInt64(self[index &+ 6]) &<< 48 | UInt64(self[index &+ 7]) &<< 56
    return low | lowMiddle | highMiddle | high
  }
}
