import Codecs
import Foundation
import Sodium
import Testing
import TestSupport

/// RFC 9381's examples and values made with another implementation; `make vectors` runs these and prints their line.
@Suite("Vectors: verifiable random function")
struct VRFVectorTests {
  @Test func `every key, proof and value is the one that other implementations made`() throws {
    let folder = VectorFolder.current
    guard folder.contains(.vrf) else { return }
    let report = VRFVectorTests.check(try folder.bytes(of: .vrf))
    print(report.line)
    #expect(report.failures == [])
  }

  @Test(arguments: ["secretKey", "publicKey", "alpha", "x", "H", "U", "V", "pi", "beta"])
  func `a changed value in a case is found`(key: String) throws {
    let bytes = try VectorFolder(path: VectorFolder.repositoryPath + "/Tests/Vectors", isOwn: true).bytes(of: .vrf)
    // The last case, whose input is not empty.
    let parts = String(decoding: bytes, as: UTF8.self).components(separatedBy: #""id": "tai-029""#)
    try #require(parts.count == 2)
    let values = parts[1].components(separatedBy: "\"\(key)\": \"")
    try #require(values.count == 2)
    let changed = (values[1].hasPrefix("0") ? "1" : "0") + values[1].dropFirst()
    let broken = parts[0] + #""id": "tai-029""# + values[0] + "\"\(key)\": \"" + changed
    #expect(VRFVectorTests.check(Array(broken.utf8)).failures.count == 1)
  }

  static func check(_ bytes: [UInt8]) -> VectorReport {
    var file = VectorFile(.vrf, part: .signing, bytes: bytes)
    file.each("cases") { node, check in try made(node, check) }
    file.each("invalid") { node, check in
      let (key, alpha, proof) = (try node("publicKey").bytes(), try node("alpha").bytes(), try node("pi").bytes())
      let reason = try node("reason").note()
      check.refused(by: VRFError.self, reason) { _ = try ECVRF.verify(publicKey: key, alpha: alpha, proof: proof) }
    }
    return file.finish()
  }

  private static func made(_ node: VectorNode, _ check: VectorChecks) throws {
    let (publicKey, alpha) = (try node("publicKey").bytes(), try node("alpha").bytes())
    let (proof, value) = (try node("pi").bytes(), try node("beta").bytes())
    let seed = try node("secretKey").bytes()
    let key = try VRFSecretKey(seed: seed.span)
    check.equal(key.publicKey, publicKey, "publicKey")
    let made = try key.prove(alpha)
    check.equal(made.proof, proof, "pi")
    check.equal(made.value, value, "beta")
    check.equal(try ECVRF.verify(publicKey: publicKey, alpha: alpha, proof: proof), value, "verified beta")
    check.equal(try ECVRF.value(ofUnverified: proof), value, "beta of the proof alone")
    // What lies between, by public values alone; the secret scalar by the key that it makes.
    let scalar = try node("x").bytes()
    check.equal(EdwardsPoint.base(times: scalar)?.bytes ?? [], publicKey, "x")
    let steps = try ECVRF.Steps(publicKey: publicKey, alpha: alpha, proof: proof)
    check.equal(steps.tries - 1, try node("ctr").count(), "ctr")
    check.equal(steps.input, try node("H").bytes(), "H")
    check.equal(steps.u, try node("U").bytes(), "U")
    check.equal(steps.v, try node("V").bytes(), "V")
    if try node("rfc").bool() {
      check.holds(try node("id").text().hasPrefix("rfc9381"), "id")
    } else {
      _ = try node("id").note()
    }
  }
}
