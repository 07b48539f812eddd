import Codecs
import Curves
import Testing
import TestSupport

@Suite("Beacons of drand")
struct BeaconTests {
  let sha256 = OpenSSLSHA256()

  /// Round 657413 of quicknet.
  static let signature = """
    b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b
    """
  static let randomness = "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587"

  private func json(
    round: String = "657413", signature: String = BeaconTests.signature, more: String = ""
  ) -> [UInt8] {
    Array(#"{"round":\#(round),"signature":"\#(signature)"\#(more)}"#.utf8)
  }

  private func refusal(_ beacon: Beacon, of chain: DrandChain = .quicknet) throws -> BeaconError.Code? {
    let key = try chain.key()
    do throws(BeaconError) {
      _ = try key.verify(beacon, with: sha256)
      return nil
    } catch {
      return error.code
    }
  }

  @Test func `a server's answer gives the randomness that its signature proves`() throws {
    let beacon = try Beacon(json: json(more: #","randomness":"\#(Self.randomness)""#))
    let randomness = try DrandChain.quicknet.key().verify(beacon, with: sha256)
    #expect(Hex.text(randomness.bytes) == Self.randomness)
    #expect(try Beacon(json: beacon.json.utf8) == beacon)
  }

  @Test func `every refusal says why`() throws {
    let good = try Beacon(json: json())
    #expect(try refusal(good) == nil)
    let signature = good.signature
    #expect(try refusal(Beacon(round: 0, signature: signature)) == .badRound)
    #expect(try refusal(Beacon(round: good.round + 1, signature: signature)) == .wrongSignature)
    #expect(
      try refusal(Beacon(round: good.round, signature: signature, previousSignature: [1])) == .badPreviousSignature)
    #expect(try refusal(Beacon(round: good.round, signature: [])) == .badSignature)
    #expect(try refusal(Beacon(round: good.round, signature: G1.generator.compressed)) == .wrongSignature)
    #expect(try refusal(Beacon(round: good.round, signature: G2.generator.compressed)) == .badSignature)
    #expect(try refusal(Beacon(round: good.round, signature: signature, claimedRandomness: .zero)) == .wrongRandomness)
    #expect(try refusal(good, of: .defaultChain) == .badPreviousSignature)
    var other = signature
    other[0] ^= 0x20
    #expect(try refusal(Beacon(round: good.round, signature: other)) == .wrongSignature)
  }

  @Test func `a key that is no point of its group makes no verifier`() {
    for (scheme, bytes): (BeaconScheme, [UInt8]) in [
      (.unchainedG1, G1.generator.compressed), (.chainedG2, G2.generator.compressed), (.chainedG2, []),
      (.unchainedG1, [0xc0] + [UInt8](repeating: 0, count: 95)),
      (.chainedG2, [0xc0] + [UInt8](repeating: 0, count: 47)),
    ] {
      #expect { try BeaconKey(scheme, bytes) } throws: { ($0 as? BeaconError)?.code == .badPublicKey }
    }
  }

  @Test(arguments: [
    "", "[]", "7", "{", #"{"round":1}"#, #"{"signature":"00"}"#, #"{"round":-1,"signature":"00"}"#,
    #"{"round":1.5,"signature":"00"}"#, #"{"round":"1","signature":"00"}"#, #"{"round":1,"signature":"0"}"#,
    #"{"round":1,"signature":"zz"}"#, #"{"round":1,"signature":"0x00"}"#, #"{"round":1,"signature":7}"#,
    #"{"round":18446744073709551616,"signature":"00"}"#, #"{"round":1,"signature":"00","randomness":"00"}"#,
    #"{"round":1,"signature":"00","previous_signature":null}"#, #"{"round":1,"round":2,"signature":"00"}"#,
  ])
  func `an answer that is no beacon is malformed`(text: String) {
    #expect { try Beacon(json: Array(text.utf8)) } throws: { ($0 as? BeaconError)?.code == .malformed }
  }

  @Test func `a signature longer than any is not read`() {
    let text = String(repeating: "00", count: 97)
    #expect { try Beacon(json: json(signature: text)) } throws: { ($0 as? BeaconError)?.code == .malformed }
  }
}

@Suite("Chains of drand")
struct DrandChainTests {
  @Test(arguments: DrandChain.known)
  func `a chain's hash is that of its key, times and group`(chain: DrandChain) throws {
    #expect(chain.isSound(with: OpenSSLSHA256()))
    let other = DrandChain(
      name: chain.name, scheme: chain.scheme, publicKey: chain.publicKey, genesisSeconds: chain.genesisSeconds + 1,
      periodSeconds: chain.periodSeconds, groupHash: chain.groupHash, hash: chain.hash)
    #expect(!other.isSound(with: OpenSSLSHA256()))
    _ = try chain.key()
  }

  @Test func `rounds come in their period, and the first one after a time is later than it`() throws {
    let chain = DrandChain.quicknet
    let begin = chain.genesisSeconds
    #expect(try chain.seconds(ofRound: 1) == begin && chain.seconds(ofRound: 2) == begin + 3)
    #expect(try chain.firstRound(after: 0) == 1 && chain.firstRound(after: begin - 1) == 1)
    #expect(try chain.firstRound(after: begin) == 2 && chain.firstRound(after: begin + 2) == 2)
    #expect(try chain.firstRound(after: begin + 3) == 3)
    for seconds in stride(from: begin - 10, to: begin + 100, by: 1) {
      let round = try chain.firstRound(after: seconds)
      #expect(try chain.seconds(ofRound: round) > seconds)
      #expect(try round == 1 || chain.seconds(ofRound: round - 1) <= seconds)
    }
  }

  @Test func `times and rounds out of range are refused, and none traps`() throws {
    let chain = DrandChain.defaultChain
    #expect { try chain.seconds(ofRound: 0) } throws: { ($0 as? BeaconError)?.code == .badRound }
    #expect { try chain.seconds(ofRound: .max) } throws: { ($0 as? BeaconError)?.code == .timeOutOfRange }
    _ = try chain.firstRound(after: .max)
    let odd = [UInt32(0), 1].map { period in
      DrandChain(
        name: "x", scheme: .chainedG2, publicKey: [], genesisSeconds: 0, periodSeconds: period, groupHash: [],
        hash: .zero)
    }
    for chain in odd {
      #expect { try chain.firstRound(after: .max) } throws: { ($0 as? BeaconError)?.code == .timeOutOfRange }
    }
  }
}
