import Codecs
import Curves
import OpenSSL
import TestSupport

/// SHA-256 by OpenSSL, as the port that the curves take.
struct VectorSHA256: SHA256Hashing {
  func sha256(_ bytes: [UInt8]) -> Hash32 { (try? SHA256.hash(bytes)).map { Hash32(words: $0.words) } ?? .zero }
}

extension VectorTests {
  // MARK: Beacons

  static func beacons(_ file: inout VectorFile) {
    file.each("cases") { node, check in
      let (key, beacon, randomness) = try beacon(node)
      check.equal(try key.verify(beacon, with: VectorSHA256()).bytes, randomness, "randomness")
      check.equal(key.scheme.signatureByteCount, beacon.signature.count, "signature's length")
      try origin(node, key, check)
    }
    file.each("invalid") { node, check in
      let (key, beacon, _) = try beacon(node)
      _ = try node("reason").note()
      _ = try node.optional("id")?.note()
      try origin(node, key, check)
      check.refused(by: BeaconError.self, "the beacon") { _ = try key.verify(beacon, with: VectorSHA256()) }
    }
  }

  /// A public round carries the key of a chain that we know; others do not.
  private static func origin(_ node: VectorNode, _ key: BeaconKey, _ check: VectorChecks) throws {
    let isPublic = DrandChain.known.contains { $0.publicKey == key.bytes }
    // A round under the wrong chain's key is among the refused ones.
    guard node.optional("reason") == nil else { return _ = try node("origin").note() }
    check.equal(try node("origin").text(), isPublic ? "public drand network" : "throwaway key", "origin")
  }

  private static func beacon(_ node: VectorNode) throws -> (BeaconKey, Beacon, [UInt8]) {
    guard let scheme = BeaconScheme(rawValue: try node("scheme").text()) else { throw VectorFailure("unknown scheme") }
    let randomness = try node("randomness").bytes()
    let beacon = Beacon(
      round: UInt64(try node("round").count()), signature: try node("signature").bytes(),
      previousSignature: try node("previousSignature").bytes(), claimedRandomness: Hash32(randomness))
    return (try BeaconKey(scheme, try node("publicKey").bytes()), beacon, randomness)
  }

  // MARK: Points

  static func curveHashes(_ file: inout VectorFile) {
    file.each("cases") { node, check in
      let (message, tag) = (try node("message").bytes(), Array(try node("tag").text().utf8))
      let expected = try node("point").bytes()
      switch try node("group").text() {
      case "G1":
        let point = HashToCurve.point(of: message, tag: tag, in: G1.self, with: VectorSHA256())
        check.equal(point?.compressed ?? [], expected, "point")
      case "G2":
        let point = HashToCurve.point(of: message, tag: tag, in: G2.self, with: VectorSHA256())
        check.equal(point?.compressed ?? [], expected, "point")
      default: throw VectorFailure("unknown group")
      }
    }
  }

  static func curvePoints(_ file: inout VectorFile) {
    file.each("cases") { node, check in
      switch try node("group").text() {
      case "G1": try multiple(of: G1.generator, node, check)
      case "G2": try multiple(of: G2.generator, node, check)
      default: throw VectorFailure("unknown group")
      }
    }
    file.each("invalid") { node, check in
      let bytes = try node("point").bytes()
      let (code, isG1) = (try node("code").text(), try node("group").text() == "G1")
      let reason = try node("reason").note()
      check.refused(by: CurveError.self, reason, accepts: { $0.code.rawValue == code }) {
        if isG1 {
          _ = try AffinePoint<G1>(compressed: bytes)
        } else {
          _ = try AffinePoint<G2>(compressed: bytes)
        }
      }
    }
  }

  private static func multiple<Group: CurveGroup>(
    of generator: AffinePoint<Group>, _ node: VectorNode, _ check: VectorChecks
  ) throws {
    let bytes = try node("point").bytes()
    let words = stride(from: 0, to: 32, by: 8).map { start in
      (try? node("scalar").bytes())?.dropFirst(start).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } ?? 0
    }
    let point = try AffinePoint<Group>(compressed: bytes)
    check.equal(point.compressed, bytes, "compressed again")
    check.equal(JacobianPoint(generator).times(words).affine?.compressed ?? [], bytes, "multiple")
  }

  static func pairings(_ file: inout VectorFile) {
    file.each("cases") { node, check in
      let g1 = try AffinePoint<G1>(compressed: try node("g1").bytes())
      let g2 = try AffinePoint<G2>(compressed: try node("g2").bytes())
      let expected = try node("cube").list().map { try $0.bytes() }
      let made = Pairing.coefficients([Pairing.Pair(g1, PreparedG2(g2))])
      check.equal(made.map { Hex.text($0) }, expected.map { Hex.text($0) }, "cube")
    }
  }
}
