/// Checks payout ids that a file gives: 1 to 128 printable characters.
enum PayoutIDText {
  /// What is wrong with `text`, which is valid UTF-8 and not empty; nil when nothing is.
  static func fault(_ text: ArraySlice<UInt8>) -> RowFault.Code? {
    let space = UInt8(ascii: " ")
    guard text.first != space, text.last != space else { return .badPayoutID }
    if text.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) {
      guard text.count <= IngestLimits.payoutIDCharacters else { return .badPayoutID }
    } else {
      guard text.count <= IngestLimits.payoutIDCharacters * 4 else { return .badPayoutID }
      let scalars = String(decoding: text, as: UTF8.self).unicodeScalars
      guard scalars.count <= IngestLimits.payoutIDCharacters, scalars.allSatisfy(ShownValue.isPrintable) else {
        return .badPayoutID
      }
    }
    return isReserved(text) ? .reservedPayoutID : nil
  }

  /// Payouts without an id of their own are known as `CAMPAIGN_UUID-ORDINAL` (`Campaign.payoutKey`): nobody else's
  /// payout may have such a name.
  private static func isReserved(_ text: ArraySlice<UInt8>) -> Bool {
    guard text.count > 37, text.count <= 47 else { return false }
    for (place, byte) in text.enumerated() {
      switch place {
      case 8, 13, 18, 23, 36: if byte != UInt8(ascii: "-") { return false }
      case 0..<36:
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): break
        case UInt8(ascii: "A")...UInt8(ascii: "F"): break
        default: return false
        }
      default: if byte < UInt8(ascii: "0") || byte > UInt8(ascii: "9") { return false }
      }
    }
    return true
  }
}
