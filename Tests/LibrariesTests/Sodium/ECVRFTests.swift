import Sodium
import Testing

@Suite("Verifiable random function")
struct ECVRFTests {
  static let key: Result<VRFSecretKey, VRFError> = Result { () throws(VRFError) in
    let seed = [UInt8](0..<32)
    return try VRFSecretKey(seed: seed.span)
  }

  private func refusal(_ publicKey: [UInt8], _ alpha: [UInt8], _ proof: [UInt8]) -> VRFError.Code? {
    do throws(VRFError) {
      _ = try ECVRF.verify(publicKey: publicKey, alpha: alpha, proof: proof)
      return nil
    } catch {
      return error.code
    }
  }

  @Test(arguments: 0..<20)
  func `one input has one value, whoever asks and however often`(number: UInt8) throws {
    let key = try Self.key.get()
    let alpha = [UInt8](repeating: number, count: Int(number))
    let (value, proof) = try key.prove(alpha)
    #expect(try key.prove(alpha).proof == proof)
    #expect(try ECVRF.verify(publicKey: key.publicKey, alpha: alpha, proof: proof) == value)
    #expect(value.count == 64 && proof.count == ECVRF.proofByteCount)
    #expect(try key.prove(alpha + [0]).value != value)
    #expect(refusal(key.publicKey, alpha + [0], proof) == .wrongProof)
  }

  @Test func `no bit of a proof or key can change`() throws {
    let key = try Self.key.get()
    let proof = try key.prove([1, 2, 3]).proof
    for bit in 0..<640 {
      var changed = proof
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(refusal(key.publicKey, [1, 2, 3], changed) != nil, "bit \(bit) of the proof")
    }
    for bit in 0..<256 {
      var changed = key.publicKey
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(refusal(changed, [1, 2, 3], proof) != nil, "bit \(bit) of the key")
    }
  }

  /// Points of order 1, 2, 4 and 8, and the ways to write some of them with y of p and above.
  static let smallOrder: [[UInt8]] = [
    [1] + zeros(31), [0xec] + ones(30) + [0x7f], zeros(32), zeros(31) + [0x80],
    hex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    hex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"),
    hex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    hex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"),
    [1] + zeros(30) + [0x80], [0xed] + ones(30) + [0x7f], [0xee] + ones(30) + [0x7f], ones(32),
  ]

  @Test(arguments: smallOrder)
  func `a key or a proof's point of small order, or written otherwise, is refused`(point: [UInt8]) throws {
    let key = try Self.key.get()
    let proof = try key.prove([]).proof
    #expect(refusal(point, [], proof) == .badPublicKey)
    #expect(refusal(key.publicKey, [], point + proof[32...]) == .badProof)
    #expect { try ECVRF.value(ofUnverified: point + proof[32...]) } throws: { ($0 as? VRFError)?.code == .badProof }
  }

  @Test func `a scalar of the group's order or above is another name for the same proof, and refused`() throws {
    let key = try Self.key.get()
    let proof = try key.prove([7]).proof
    let order = Self.hex("edd3f55c1a631258d69cf7a2def9de14") + Self.zeros(15) + [0x10]
    var (sum, carry) = ([UInt8](), UInt16(0))
    for (a, b) in zip(proof[48...], order) {
      carry += UInt16(a) + UInt16(b)
      sum.append(UInt8(truncatingIfNeeded: carry))
      carry >>= 8
    }
    #expect(refusal(key.publicKey, [7], proof[..<48] + sum) == .badProof)
    #expect(refusal(key.publicKey, [7], proof[..<48] + order) == .badProof)
    #expect(refusal(key.publicKey, [7], proof[..<48] + Self.ones(32)) == .badProof)
    #expect(refusal(key.publicKey, [7], proof[..<48] + Self.zeros(32)) == .wrongProof)
    #expect(refusal(key.publicKey, [7], proof[..<32] + Self.zeros(16) + proof[48...]) == .wrongProof)
  }

  @Test func `lengths are checked, and a key does not print`() throws {
    let key = try Self.key.get()
    let proof = try key.prove([]).proof
    #expect(refusal([], [], proof) == .badPublicKey && refusal(key.publicKey + [0], [], proof) == .badPublicKey)
    #expect(refusal(key.publicKey, [], []) == .badProof && refusal(key.publicKey, [], proof + [0]) == .badProof)
    let short = [UInt8](0..<31)
    #expect { try VRFSecretKey(seed: short.span) } throws: { ($0 as? VRFError)?.code == .badSecretKey }
    var dumped = ""
    dump(key, to: &dumped)
    #expect("\(key)" == "VRFSecretKey" && dumped.contains("VRFSecretKey") && !dumped.contains("expanded"))
  }

  private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
  private static func ones(_ count: Int) -> [UInt8] { [UInt8](repeating: 0xff, count: count) }
  private static func hex(_ text: String) -> [UInt8] {
    stride(from: 0, to: text.count, by: 2).compactMap { UInt8(text.dropFirst($0).prefix(2), radix: 16) }
  }
}
