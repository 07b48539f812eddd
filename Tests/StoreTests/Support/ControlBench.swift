import Codecs
import Engine
import Money
import Policy

extension Bench {
  static func act(
    _ subject: String = "batch/7", _ what: String = "paid", kind: ProposalKind = .payoutSettlement
  ) throws -> ProposedAct {
    try ProposedAct(kind: kind, subject: subject, content: ["what": .string(what)])
  }

  /// Made at 10, over at 20.
  func proposal(_ number: Int64, _ act: ProposedAct? = nil, signed: Bool = true) throws -> Proposal {
    Proposal(
      number: number, try act ?? Bench.act(), initiator: "person:ann", createdAt: Timestamp(milliseconds: 10),
      expiresAt: Timestamp(milliseconds: 20), signature: signed ? Bench.signature(1) : nil)
  }

  static func signature(_ byte: UInt8) -> PersonSignature {
    PersonSignature(publicKey: Array(repeating: byte, count: 32), signature: Array(repeating: byte, count: 64))
  }

  func answer(
    _ proposal: Proposal, _ word: ProposalAnswer.Word = .confirmed, by: String = "person:bert", at: Int64 = 12
  ) -> ProposalAnswer {
    ProposalAnswer(
      word, to: proposal, by: by, reason: word == .rejected ? "größer" : "", at: Timestamp(milliseconds: at),
      signature: word == .confirmed ? Bench.signature(2) : nil)
  }

  /// An entry made at 100 that counts from 150 on, or a removal.
  func entry(_ n: Int, _ label: String = "desk", isRemoval: Bool = false) -> BookChange {
    BookChange(
      chain: Bench.chain, address: Bench.address(n), label: isRemoval ? "" : label,
      usableAt: isRemoval ? nil : Timestamp(milliseconds: 150), by: "person:ann", at: Timestamp(milliseconds: 100))
  }
}
