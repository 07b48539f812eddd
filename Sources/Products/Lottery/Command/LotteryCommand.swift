package import Codecs

/// An operation with the moment and the person that it is decided for: everything that its outcome depends on.
package struct LotteryCommand: Hashable, Sendable {
  package let operation: LotteryOperation
  package let context: Context

  package init(_ operation: LotteryOperation, _ context: Context) {
    self.operation = operation
    self.context = context
  }
}

extension LotteryCommand: BCSEncodable {
  /// The version of these bytes. Another layout is another version; journals keep what they were written in.
  package static let version: UInt8 = 1

  /// Version, name, context (actor, seconds, block, chain), arguments.
  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(LotteryCommand.version)
    bytes.append(operation.name)
    bytes.append(context.actor)
    bytes.append(context.now)
    bytes.append(context.block)
    bytes.append(context.chainID)
    operation.encodeArguments(to: &bytes)
  }

  /// Reads exactly one command. Throws `lottery_desk.bad_bytes`, `lottery_desk.unknown_operation`.
  package init(bcs: [UInt8]) throws(LotteryDeskError) {
    var fields = LotteryFieldBytes(bcs)
    self = try fields.command()
    try fields.finish()
  }
}

extension LotteryOperation {
  /// Name and arguments, without the moment: what makes two requests under one key the same request.
  package var requestBytes: [UInt8] {
    var bytes = BCS.Writer()
    bytes.append(name)
    encodeArguments(to: &bytes)
    return bytes.bytes
  }
}

extension LotteryFieldBytes {
  mutating func command() throws(LotteryDeskError) -> LotteryCommand {
    let version = try uint8("version")
    guard version == LotteryCommand.version else {
      throw LotteryDeskError(
        .badBytes, "a command of version \(version)", hint: "a newer program wrote the journal: use that one")
    }
    let name = try text("operation")
    let actor = try address("actor")
    let context = Context(
      actor: actor, now: try uint64("now"), block: try uint64("block"), chainID: try uint8("chain"))
    return LotteryCommand(try LotteryOperation(named: name, from: &self), context)
  }
}
