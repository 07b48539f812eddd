package import Codecs

/// One round of a drand chain as somebody told it: nothing is proven before `BeaconKey.verify`.
package struct Beacon: Hashable, Sendable {
  /// Counted from one.
  package let round: UInt64
  /// A compressed point: 48 bytes on quicknet, 96 on the default chain.
  package let signature: [UInt8]
  /// Empty on chains whose rounds stand alone.
  package let previousSignature: [UInt8]
  /// What a server says the randomness is; only compared.
  package let claimedRandomness: Hash32?

  package init(
    round: UInt64, signature: [UInt8], previousSignature: [UInt8] = [], claimedRandomness: Hash32? = nil
  ) {
    self.round = round
    self.signature = signature
    self.previousSignature = previousSignature
    self.claimedRandomness = claimedRandomness
  }
}

// MARK: The JSON of beacon servers

extension Beacon {
  /// Reads a beacon server's answer, at most 4 KiB. Throws `beacon.malformed`.
  /// Source: https://docs.drand.love/dev-guide/API%20Documentation%20v1/, "/{chain-hash}/public/{round}".
  package init(json bytes: [UInt8]) throws(BeaconError) {
    let parsed: JSON
    do throws(JSONError) {
      parsed = try JSON.parse(bytes, limits: JSON.Limits(bytes: 4096, depth: 4))
    } catch {
      throw BeaconError(.malformed, "the answer is not JSON: \(error.message)")
    }
    guard case .object(let object) = parsed else { throw BeaconError(.malformed, "the answer is no JSON object") }
    guard case .number(let text)? = object["round"], let round = UInt64(text) else {
      throw BeaconError(.malformed, "the answer's round is no whole number")
    }
    guard let signature = try Beacon.bytes("signature", of: object) else {
      throw BeaconError(.malformed, "the answer has no signature")
    }
    let randomness = try Beacon.bytes("randomness", of: object)
    if let randomness, randomness.count != 32 { throw BeaconError(.malformed, "the randomness is not of 32 bytes") }
    self.init(
      round: round, signature: signature, previousSignature: try Beacon.bytes("previous_signature", of: object) ?? [],
      claimedRandomness: randomness.flatMap { Hash32($0) })
  }

  private static func bytes(_ key: String, of object: JSONObject) throws(BeaconError) -> [UInt8]? {
    guard let value = object[key] else { return nil }
    guard case .string(let text) = value, !text.hasPrefix("0x"), let bytes = Hex.bytes(text), bytes.count <= 96 else {
      throw BeaconError(.malformed, "the answer's \(key) is no hexadecimal text of at most 96 bytes")
    }
    return bytes
  }

  /// As servers write it: `init(json:)` reads the same beacon again.
  package var json: JSON {
    var object = JSONObject()
    _ = object.append("round", .integer(round))
    if let claimedRandomness { _ = object.append("randomness", .string(Hex.text(claimedRandomness.bytes))) }
    _ = object.append("signature", .string(Hex.text(signature)))
    if !previousSignature.isEmpty { _ = object.append("previous_signature", .string(Hex.text(previousSignature))) }
    return .object(object)
  }
}
