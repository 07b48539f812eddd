import Audit
import Codecs
import Keys
import Lottery
import OpenSSL
import SimulatedChain

/// Signs checkpoints over closing commitments, as the audit trail's witness does. Its seed is known to everybody.
struct DrawWitnesses: CheckpointVerifying {
  private let key: Ed25519.PrivateKey

  init() throws { key = try Ed25519.PrivateKey(seed: try SecretBytes(copying: [UInt8](repeating: 7, count: 32))) }

  var publicKey: [UInt8] { key.publicKey }

  func isSigned(_ checkpoint: Checkpoint) -> Bool {
    (try? Ed25519.isValid(
      signature: checkpoint.signature, message: checkpoint.signedBytes, publicKey: checkpoint.publicKey)) == true
  }

  /// None, a transaction, or a checkpoint (`always`) half a second after the commitment was made at `seconds`.
  func witness(
    of course: DrawCourse, at seconds: UInt64, always: Bool, _ dice: inout SplitMix
  ) throws -> DrawBundle.Witness? {
    guard let commitment = course.attempts.last?.commitment.hash else { return nil }
    switch dice.below(5) {
    case 0 where !always, 1 where !always: return nil
    case 2 where !always: return .transaction(chain: "eip155:1", hash: Keccak.sha3(commitment.bytes))
    default: return try checkpoint(over: commitment, at: Int64(seconds) * 1000, &dice)
    }
  }

  private func checkpoint(
    over commitment: Hash32, at milliseconds: Int64, _ dice: inout SplitMix
  ) throws -> DrawBundle.Witness {
    let hashing = OpenSSLHashing()
    let chain = Int64(dice.below(3))
    let before = Keccak.sha3(Array("record \(dice.next())".utf8))
    var head = AuditHead(chain: chain, sequence: Int64(dice.below(1000)), hash: before)
    var records: [DrawBundle.AuditDraftPlace] = []
    for index in 0...dice.below(4) {
      let draft = AuditDraft(
        actor: "operator:\(dice.below(9))", action: "lottery.closed", entity: "lottery",
        entityID: "\(dice.below(1000))",
        details: #"{"note":"Straße \"\#(index)\" 🎟"}"#, root: index == 0 ? commitment : nil)
      let place = DrawBundle.AuditDraftPlace(
        chain: chain, sequence: head.sequence + 1, at: milliseconds + Int64(index), draft: draft)
      records.append(place)
      head = head.next(draft, at: place.at, with: hashing).head
    }
    let count = Int64(dice.below(3))
    let others = (0..<count).map { AuditHead(chain: 100 - $0, sequence: $0, hash: before) }
    let (number, at, heads) = (Int64(1 + dice.below(99)), milliseconds + 500, others + [head])
    let previous = Keccak.sha3(before.bytes)
    let bytes = Checkpoint.bytes(number: number, at: at, heads: heads, previous: previous)
    let checkpoint = Checkpoint(
      number: number, at: at, heads: heads, previous: previous, publicKey: key.publicKey, signature: try key.sign(bytes)
    )
    return .checkpoint(checkpoint, records: records, previous: before)
  }
}
