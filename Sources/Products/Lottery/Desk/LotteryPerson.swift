import Codecs

extension LotteryAddress {
  /// Who a person of this desk is in the engine: bot, holder of a cap, emergency operator.
  ///
  /// Keccak-256 of the name behind a tag. Nobody has a key for it, and no chain pays it, so that it cannot be taken for a
  /// buyer's or a partner's address.
  package init(person name: String) {
    var bytes = CanonicalBytes.Writer(tag: "almoner/lottery-person/1")
    bytes.append(name)
    self.init(Keccak.hash256(bytes.bytes))
  }

  /// Reads an address that a person types. Whole ones only: 64 digits, or the 40 of a chain's address with its checksum, or
  /// up to 8 of a number such as `0xad`. A digit too few would otherwise be somebody else's address.
  ///
  /// Throws `lottery_desk.bad_argument`.
  package init(typed text: String) throws(LotteryDeskError) {
    let digits = text.hasPrefix("0x") ? text.utf8.count - 2 : 0
    guard (1...8).contains(digits) || digits == 40 || digits == 64, let address = LotteryAddress(parsing: text) else {
      throw LotteryDeskError(
        .badArgument, "\(text) is no whole address", hint: "0x and 64 digits, the 40 of a chain's address, or at most 8"
      )
    }
    if digits == 40 {
      do throws(EIP55Error) { _ = try EIP55.parse(text) } catch {
        throw LotteryDeskError(.badArgument, "\(text): \(error.message)")
      }
    }
    self = address
  }
}
