package import Codecs

/// The heads of all chains at one moment, signed by a key that the database does not hold.
///
/// Whoever rewrites records from k on, hashes included, cannot rewrite the checkpoint that covers them.
package struct Checkpoint: Hashable, Sendable {
  /// 1, 2, 3, ... without a gap.
  package let number: Int64
  package let at: Int64
  package let heads: [AuditHead]
  /// Hash of the checkpoint before this one; zero for the first.
  package let previous: Hash32
  package let publicKey: [UInt8]
  package let signature: [UInt8]

  package init(
    number: Int64, at: Int64, heads: [AuditHead], previous: Hash32, publicKey: [UInt8], signature: [UInt8]
  ) {
    self.number = number
    self.at = at
    self.heads = heads
    self.previous = previous
    self.publicKey = publicKey
    self.signature = signature
  }

  /// The bytes under the signature.
  package static func bytes(number: Int64, at: Int64, heads: [AuditHead], previous: Hash32) -> [UInt8] {
    var writer = CanonicalBytes.Writer(tag: "almoner/checkpoint/1")
    writer.append(previous)
    writer.append(number)
    writer.append(at)
    writer.append(UInt64(heads.count))
    for head in heads.sorted() {
      writer.append(head.chain)
      writer.append(head.sequence)
      writer.append(head.hash)
    }
    return writer.bytes
  }

  package var signedBytes: [UInt8] {
    Checkpoint.bytes(number: number, at: at, heads: heads, previous: previous)
  }

  /// What the next checkpoint names as `previous`.
  package func link(with sha256: some SHA256Hashing) -> Hash32 { sha256.sha256(signedBytes + signature) }
}

/// The key that signs checkpoints, and the place outside the database where it notes them.
package protocol CheckpointWitness: Sendable {
  /// Ed25519, 32 bytes. Source: RFC 8032.
  var publicKey: [UInt8] { get }
  /// Every checkpoint it ever signed, in order. Throws `audit.witness_unavailable`.
  func checkpoints() throws(AuditError) -> [Checkpoint]
  /// Signs and durably notes the next checkpoint. Throws `audit.witness_unavailable`.
  func sign(at: Int64, heads: [AuditHead]) throws(AuditError) -> Checkpoint
  /// Whether the signature is by this key over the checkpoint's bytes.
  func verify(_ checkpoint: Checkpoint) -> Bool
}

/// Why an audit operation failed. Codes are stable: docs/errors.md.
package struct AuditError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    case witnessUnavailable = "audit.witness_unavailable"
    case badCheckpoint = "audit.bad_checkpoint"
  }
  package let code: Code
  package let message: String
  package let hint: String?

  package init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}
