import Codecs
import Curves
import Foundation
import Keys
import Lottery
import Randomness

/// `almoner-sim draws`: bundles of random draws for whoever writes a verifier, and what ours says of a folder of them.
enum DrawFiles {
  static func run(_ options: Options, _ say: (String) -> Void) -> Int32 {
    do {
      let witnesses = try DrawWitnesses()
      if let folder = options.check { return try check(folder, witnesses, say) }
      guard let folder = options.out else {
        say(Simulator.usage)
        return 64
      }
      try emit(options, folder, witnesses)
      say(Hex.prefixed(witnesses.publicKey))
      return 0
    } catch {
      say("\(error)")
      return 1
    }
  }

  /// Writes `--count` bundles, `good-N.json`. Seeds whose lottery cannot be drawn are passed over, within bounds.
  private static func emit(_ options: Options, _ folder: String, _ witnesses: DrawWitnesses) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var (seed, written) = (options.seed ?? options.from, UInt64(0))
    let last = seed + 4 * options.count + 100
    while written < options.count, seed < last {
      defer { seed += 1 }
      let bundle: DrawBundle
      do {
        var draw = try RandomDraw(seed: seed)
        bundle = try draw.bundle(witnesses: witnesses)
      } catch is UndrawnLottery { continue } catch is LotteryError { continue }
      let path = "\(folder)/good-\(written).json"
      try Data(bundle.json.utf8).write(to: URL(fileURLWithPath: path))
      written += 1
    }
    guard written == options.count else { throw UndrawnLottery() }
  }

  /// One JSON line a bundle: `bundle`, `accepted`, `commitment`, `reason`, and what was `proved` and what was not.
  private static func check(_ folder: String, _ witnesses: DrawWitnesses, _ say: (String) -> Void) throws -> Int32 {
    let hashing = OpenSSLHashing()
    let verifier = DrawVerifier(
      randomness: try ProofVerifier(sha256: hashing), checkpoints: witnesses, sha256: hashing,
      witnessKey: witnesses.publicKey)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".json") }.sorted()
    for name in names {
      let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
      say(line(name, bytes, verifier).text)
    }
    return names.isEmpty ? 1 : 0
  }

  private static func line(_ name: String, _ bytes: [UInt8], _ verifier: DrawVerifier<OpenSSLHashing>) -> JSON {
    do throws(DrawProofError) {
      let verdict = try verifier.verify(try DrawBundle(json: bytes))
      return [
        "bundle": .string(name), "accepted": true, "commitment": .string(verdict.commitment.description),
        "proved": .array(verdict.proved.map { .string($0.statement.rawValue) }),
        "taken_on_trust": .array(verdict.takenOnTrust.map { .string($0.statement.rawValue) }), "reason": .null,
      ]
    } catch {
      return [
        "bundle": .string(name), "accepted": false, "commitment": .null, "proved": [], "taken_on_trust": [],
        "reason": .string("\(error.code.rawValue): \(error.message)"),
      ]
    }
  }
}
