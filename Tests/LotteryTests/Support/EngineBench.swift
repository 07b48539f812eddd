import Lottery
import Testing

/// An engine's admin, and contexts of a moment.
enum EngineBench {
  static let admin = LotteryAddress(0x10)

  /// What the admin, or somebody else, asks at a moment.
  static func at(_ now: UInt64, by actor: LotteryAddress = admin) -> Context { Context(actor: actor, now: now) }
}

/// Passes when `body` is refused with this code.
func expectRefusal(
  _ code: LotteryError.Code, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws(LotteryError) -> Void
) {
  do {
    try body()
    Issue.record("\(code.name(in: .v1)) was expected, and it was done", sourceLocation: sourceLocation)
  } catch {
    #expect(error.code == code, "\(error.message)", sourceLocation: sourceLocation)
  }
}
