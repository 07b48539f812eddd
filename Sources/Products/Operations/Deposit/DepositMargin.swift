package import Codecs
import Money

/// What is kept above the minimum, as an exact decimal share: 0.15 is 15 percent.
package struct DepositMargin: Hashable, Sendable {
  /// In units of 10^-decimals.
  let share: UInt256
  let decimals: Int

  /// Most digits after the point.
  private static let mostDecimals = 18

  package static let standard = DepositMargin(share: UInt256(15), decimals: 2)

  private init(share: UInt256, decimals: Int) {
    self.share = share
    self.decimals = decimals
  }

  /// Throws `operations.bad_setting` for a sign, an exponent, or more than 18 digits after the point.
  package init(parsing text: String) throws(OperationsError) {
    let fraction = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).dropFirst().first ?? ""
    let decimals = fraction.utf8.count
    guard decimals <= DepositMargin.mostDecimals,
      let share = try? DecimalText.units(Array(text.utf8), decimals: decimals), share.bitWidth <= 64
    else {
      throw OperationsError(.badSetting, "the margin \(text) is no share from 0 on", hint: "0.15 is 15 percent")
    }
    self.init(share: share, decimals: decimals)
  }

  /// 10^decimals.
  var scale: UInt64 { (0..<decimals).reduce(1) { scale, _ in scale * 10 } }

  /// As a JSON number: `0.15`, `0.0`.
  package var json: JSON {
    let text = DecimalText.text(share, decimals: decimals)
    return .number(text.contains(".") ? text : text + ".0")
  }
}
