import Codecs
import Curves

// Plans of randomness and brought values, in the journal's bytes and in the words of a command line.

extension LotteryFieldBytes {
  package mutating func plan(_ name: String) throws(LotteryDeskError) -> RandomnessPlan {
    let source = try self.source(name)
    let fallback = try bool(name) ? try self.source(name) : nil
    let margin = try uint64(name)
    return try RandomnessPlan(source, fallback, margin: margin, deadline: try uint64(name), .badBytes)
  }

  private mutating func source(_ name: String) throws(LotteryDeskError) -> RandomnessPlan.Source {
    switch try uint8(name) {
    case 0: return .vrf(publicKey: try bytes(name))
    case 1: return .beacon(chain: try address(name).raw)
    case 2: return .callback(network: try bytes(name))
    case let kind: throw LotteryDeskError(.badBytes, "\(name): there is no source \(kind)")
    }
  }

  package mutating func brought(_ name: String) throws(LotteryDeskError) -> BroughtValue {
    let kind = try uint8(name)
    let number = try uint64(name)
    let proof = try bytes(name)
    let previous = try bytes(name)
    return try BroughtValue(kind, number, proof, previous, try bytes(name), .badBytes)
  }
}

extension LotteryFieldWords {
  package mutating func plan(_ name: String) throws(LotteryDeskError) -> RandomnessPlan {
    guard let source = try self.source("source") else { throw LotteryDeskError(.badArgument, "--source is missing") }
    let fallback = try self.source("fallback")
    let margin = try uint64("margin_secs")
    return try RandomnessPlan(source, fallback, margin: margin, deadline: try uint64("deadline_secs"), .badArgument)
  }

  /// `drand:quicknet`, `vrf:0x…`, `callback:supra`.
  private mutating func source(_ name: String) throws(LotteryDeskError) -> RandomnessPlan.Source? {
    guard let word = optionalWord(name) else { return nil }
    let parts = word.split(separator: ":", maxSplits: 1).map(String.init)
    switch (parts.first, parts.last) {
    case ("drand", let chain?):
      if let known = DrandChain.known.first(where: { $0.name == chain }) { return .beacon(chain: known.hash) }
    case ("vrf", let key?):
      if let bytes = Hex.bytes(key), bytes.count == 32 { return .vrf(publicKey: bytes) }
    case ("callback", let network?) where parts.count == 2: return .callback(network: Array(network.utf8))
    default: break
    }
    throw LotteryDeskError(
      .badArgument, "--\(name) takes drand:quicknet, drand:default, vrf:0x and a key of 32 bytes, or callback:NETWORK")
  }

  package mutating func brought(_ name: String) throws(LotteryDeskError) -> BroughtValue {
    let kinds = ["vrf": UInt8(0), "beacon": 1, "callback": 2]
    guard let kind = optionalWord("kind").flatMap({ kinds[$0] }) else {
      throw LotteryDeskError(.badArgument, "--kind takes beacon, vrf or callback")
    }
    let number = try optionalUInt64("number") ?? 0
    let proof = try bytes("proof")
    let previous = optionalWord("previous") == nil ? [] : try bytes("previous")
    return try BroughtValue(kind, number, proof, previous, try bytes("value"), .badArgument)
  }
}

extension RandomnessPlan {
  fileprivate init(
    _ source: Source, _ fallback: Source?, margin: UInt64, deadline: UInt64, _ code: LotteryDeskError.Code
  ) throws(LotteryDeskError) {
    do throws(DrawProofError) {
      try self.init(source: source, fallback: fallback, marginSecs: margin, deadlineSecs: deadline)
    } catch { throw LotteryDeskError(code, error.message) }
  }
}

extension BroughtValue {
  fileprivate init(
    _ kind: UInt8, _ number: UInt64, _ proof: [UInt8], _ previous: [UInt8], _ value: [UInt8],
    _ code: LotteryDeskError.Code
  ) throws(LotteryDeskError) {
    guard proof.count <= 256, previous.count <= 96, value.count <= 64 else {
      throw LotteryDeskError(code, "a value has at most 64 bytes, its proof 256")
    }
    switch kind {
    case 0: self.init(proof: .vrf(proof), value: value)
    case 1:
      self.init(
        proof: .beacon(Beacon(round: number, signature: proof, previousSignature: previous)), value: value)
    case 2: self.init(proof: .callback(signature: proof), nonce: number, value: value)
    default: throw LotteryDeskError(code, "there is no kind of value \(kind)")
    }
  }

  /// As `LotteryFieldBytes` reads it: kind, round or nonce, proof, signature before, value.
  fileprivate func encode(to bytes: inout BCS.Writer) {
    switch proof {
    case .vrf(let proof):
      bytes.append(UInt8(0))
      bytes.append(UInt64(0))
      bytes.append(bytes: proof)
      bytes.append(bytes: [])
    case .beacon(let beacon):
      bytes.append(UInt8(1))
      bytes.append(beacon.round)
      bytes.append(bytes: beacon.signature)
      bytes.append(bytes: beacon.previousSignature)
    case .callback(let signature):
      bytes.append(UInt8(2))
      bytes.append(nonce)
      bytes.append(bytes: signature)
      bytes.append(bytes: [])
    }
    bytes.append(bytes: value)
  }
}

extension BCS.Writer {
  mutating func append(argument value: BroughtValue) { value.encode(to: &self) }
}
