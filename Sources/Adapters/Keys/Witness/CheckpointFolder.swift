package import Audit
import Codecs
import Foundation
import OpenSSL
import Synchronization

/// The key that seals the audit trail, and the list of all it sealed, in a folder that is not the database's.
///
/// `seal.key` holds the Ed25519 seed (32 bytes, mode 0600) and `checkpoints.jsonl` one line per checkpoint. Whoever can
/// write the database but not this folder cannot rewrite sealed records without being found.
package final class CheckpointFolder: CheckpointWitness {
  private let key: Ed25519.PrivateKey
  private let list: String
  private let lock = Mutex(())

  /// Opens the folder, and makes it with a new key when it does not exist. Throws `audit.witness_unavailable`.
  package init(path: String) throws(AuditError) {
    do {
      key = try SealKey.open(path)
      list = path + "/checkpoints.jsonl"
    } catch {
      throw AuditError(
        .witnessUnavailable, "the checkpoint key in \(path) cannot be used",
        hint: "check AM_CHECKPOINT_KEY: a folder that this user can write, with a seal.key of 32 bytes")
    }
  }

  package var publicKey: [UInt8] { key.publicKey }

  package func checkpoints() throws(AuditError) -> [Checkpoint] {
    guard FileManager.default.fileExists(atPath: list) else { return [] }
    guard let data = FileManager.default.contents(atPath: list) else {
      throw AuditError(.witnessUnavailable, "\(list) cannot be read", hint: "check its owner and mode")
    }
    var out: [Checkpoint] = []
    var lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // A line without its end was cut off by a crash before anybody relied on it.
    lines.removeLast()
    for (index, line) in lines.enumerated() {
      guard let json = try? JSON.parse(Array(line)), let checkpoint = Checkpoint(json) else {
        throw AuditError(.badCheckpoint, "line \(index + 1) of \(list) is not a checkpoint")
      }
      out.append(checkpoint)
    }
    return out
  }

  package func sign(at: Int64, heads: [AuditHead]) throws(AuditError) -> Checkpoint {
    try lock.withLock { _ throws(AuditError) in
      let last = try checkpoints().last
      let number = (last?.number ?? 0) + 1
      let previous = last?.link(with: OpenSSLHashing()) ?? .zero
      let bytes = Checkpoint.bytes(number: number, at: at, heads: heads, previous: previous)
      do {
        let checkpoint = Checkpoint(
          number: number, at: at, heads: heads.sorted(), previous: previous, publicKey: publicKey,
          signature: try key.sign(bytes))
        try SealKey.append(try CanonicalJSON.bytes(checkpoint.json), to: list)
        return checkpoint
      } catch {
        throw AuditError(
          .witnessUnavailable, "checkpoint \(number) cannot be noted in \(list)", hint: "is the disk full?")
      }
    }
  }

  package func verify(_ checkpoint: Checkpoint) -> Bool {
    checkpoint.publicKey == publicKey
      && (try? Ed25519.isValid(
        signature: checkpoint.signature, message: checkpoint.signedBytes, publicKey: publicKey)) == true
  }
}

extension Checkpoint {
  var json: JSON {
    [
      "number": .integer(number), "at": .integer(at), "previous": .string(previous.description),
      "heads": .array(
        heads.map {
          ["chain": .integer($0.chain), "sequence": .integer($0.sequence), "hash": .string($0.hash.description)]
        }), "public_key": .string(Hex.text(publicKey)), "signature": .string(Hex.text(signature)),
    ]
  }

  init?(_ json: JSON) {
    func whole(_ value: JSON?) -> Int64? { value?.number.flatMap { Int64($0) } }
    func hash(_ value: JSON?) -> Hash32? { value?.string.flatMap { Hex.bytes($0) }.flatMap { Hash32($0) } }
    guard let number = whole(json["number"]), let at = whole(json["at"]), let previous = hash(json["previous"]),
      let heads = json["heads"]?.array, let key = json["public_key"]?.string.flatMap({ Hex.bytes($0) }),
      let signature = json["signature"]?.string.flatMap({ Hex.bytes($0) })
    else { return nil }
    var parsed: [AuditHead] = []
    for head in heads {
      guard let chain = whole(head["chain"]), let sequence = whole(head["sequence"]), let digest = hash(head["hash"])
      else { return nil }
      parsed.append(AuditHead(chain: chain, sequence: sequence, hash: digest))
    }
    self.init(number: number, at: at, heads: parsed, previous: previous, publicKey: key, signature: signature)
  }
}
