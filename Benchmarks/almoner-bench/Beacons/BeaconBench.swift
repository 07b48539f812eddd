import Codecs
import Curves
import Foundation
import OpenSSL

/// `beacon --rounds FILE --scheme NAME --count N`: rounds of a public chain verified on one core, again and again.
///
/// A verifier keeps its key, so the first figure leaves the key out; the second makes it anew for every round.
enum BeaconBench {
  private struct OpenSSLSHA256: SHA256Hashing {
    func sha256(_ bytes: [UInt8]) -> Hash32 { (try? SHA256.hash(bytes)).map { Hash32(words: $0.words) } ?? .zero }
  }

  static func run(_ options: Options) throws {
    let name = try options.text("scheme")
    guard let scheme = BeaconScheme(rawValue: name), let chain = DrandChain.known.first(where: { $0.scheme == scheme })
    else { throw Options.Missing(description: "no public chain has the scheme \(name)") }
    let beacons = try rounds(try options.text("rounds"), name)
    guard !beacons.isEmpty else { throw Options.Missing(description: "no round of \(name) in the file") }
    let count = try options.number("count", 500)
    let kept = try chain.key()
    // Before the clock starts: constants that are made at their first use.
    for beacon in beacons { _ = try kept.verify(beacon, with: OpenSSLSHA256()) }
    try report("kept", beacons, count) { kept }
    try report("anew", beacons, count) { try chain.key() }
  }

  private static func report(_ key: String, _ beacons: [Beacon], _ count: Int, _ make: () throws -> BeaconKey) throws {
    var values: [Hash32] = []
    let measure = Measure()
    for number in 0..<count {
      values.append(try make().verify(beacons[number % beacons.count], with: OpenSSLSHA256()))
    }
    let took = (seconds: measure.seconds, processor: measure.processorSeconds)
    let checksum = values.reduce(Hash32.zero) { OpenSSLSHA256().sha256($0.bytes + $1.bytes) }
    var line = ResultLine()
    line.add("key", key)
    line.add(took, of: count)
    line.add("checksum", checksum)
    line.print()
  }

  /// The rounds of a scheme, in the form of Tests/Vectors/drand.
  private static func rounds(_ path: String, _ scheme: String) throws -> [Beacon] {
    let root = try JSON.parse(Array(try Data(contentsOf: URL(fileURLWithPath: path))))
    return try (root["cases"]?.array ?? []).filter { $0["scheme"]?.string == scheme }.map { node in
      guard let round = node["round"]?.uint64, let signature = node["signature"]?.string.flatMap({ Hex.bytes($0) }),
        let previous = node["previousSignature"]?.string.flatMap({ Hex.bytes($0) })
      else { throw Options.Missing(description: "a round of the file is not complete") }
      return Beacon(round: round, signature: signature, previousSignature: previous)
    }
  }
}
