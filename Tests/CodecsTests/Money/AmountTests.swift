import Money
import Testing

@Suite("Amounts and decimal text")
struct AmountTests {
  static let dollar = AssetID(chain: "evm:31337", token: "0x52908400098527886e0f7030069857d2e4169ee7")
  static let coin = AssetID(chain: "evm:31337", token: nil)

  @Test func `sums of one asset add up and subtract, and never go below zero`() throws {
    let five = Amount(UInt256(5), of: AmountTests.dollar)
    let three = Amount(UInt256(3), of: AmountTests.dollar)
    #expect(try five.adding(three).units == UInt256(8))
    #expect(try five.subtracting(three).units == UInt256(2))
    #expect { try three.subtracting(five) } throws: { ($0 as? MoneyError)?.code == .underflow }
    #expect { try five.adding(Amount(.max, of: AmountTests.dollar)) } throws: {
      ($0 as? MoneyError)?.code == .overflow
    }
  }

  @Test func `sums of two assets do not mix`() {
    let one = Amount(.one, of: AmountTests.dollar)
    let other = Amount(.one, of: AmountTests.coin)
    #expect { try one.adding(other) } throws: { ($0 as? MoneyError)?.code == .assetMismatch }
    #expect { try one.subtracting(other) } throws: { ($0 as? MoneyError)?.code == .assetMismatch }
  }

  @Test func `an asset's text names its chain and token`() {
    #expect(AmountTests.coin.description == "evm:31337/native")
    #expect(AmountTests.dollar.description == "evm:31337/0x52908400098527886e0f7030069857d2e4169ee7")
  }

  @Test(arguments: [
    ("1.5", 6, "1500000", "1.5"), ("0", 18, "0", "0"), ("0.000001", 6, "1", "0.000001"), ("10", 0, "10", "10"),
    ("007.10", 2, "710", "7.1"), ("1", 77, "1" + String(repeating: "0", count: 77), "1"),
    (
      "123456789012345678901234567890.123456789012345678", 18, "123456789012345678901234567890123456789012345678",
      "123456789012345678901234567890.123456789012345678"
    ),
  ])
  func `token units are exact base units and back`(text: String, decimals: Int, units: String, written: String) throws {
    let value = try DecimalText.units(Array(text.utf8), decimals: decimals)
    #expect(value.description == units)
    #expect(DecimalText.text(value, decimals: decimals) == written)
  }

  @Test(arguments: ["", ".", "1.", ".1", "1.2.3", "-1", "+1", "1,5", "1e5", " 1", "1 ", "1.5x", "0x1", "NaN"])
  func `text that is no decimal number is refused`(text: String) {
    #expect { try DecimalText.units(Array(text.utf8), decimals: 18) } throws: {
      ($0 as? MoneyError)?.code == .badNumber
    }
  }

  @Test func `more digits than the asset has are refused, even zeros`() {
    #expect { try DecimalText.units(Array("1.2345670".utf8), decimals: 6) } throws: {
      ($0 as? MoneyError)?.code == .tooPrecise
    }
    #expect { try DecimalText.units(Array("1.0".utf8), decimals: 0) } throws: {
      ($0 as? MoneyError)?.code == .tooPrecise
    }
  }

  @Test func `a number past 256 bits is overflow, and impossible decimals are refused`() {
    let large = "1" + String(repeating: "0", count: 60)
    #expect { try DecimalText.units(Array(large.utf8), decimals: 18) } throws: {
      ($0 as? MoneyError)?.code == .overflow
    }
    for decimals in [-1, 78] {
      #expect { try DecimalText.units(Array("1".utf8), decimals: decimals) } throws: {
        ($0 as? MoneyError)?.code == .badNumber
      }
    }
  }

  @Test func `a payout's id holds its campaign and ordinal`() {
    let id = PayoutID(campaign: CampaignID(7), ordinal: .max)
    #expect(id.campaign == CampaignID(7) && id.ordinal == .max)
  }

  @Test func `time stops at its ends instead of overflowing`() {
    #expect(Timestamp(milliseconds: .max).advanced(byMilliseconds: 1).milliseconds == .max)
    #expect(Timestamp(milliseconds: .min).advanced(byMilliseconds: -1).milliseconds == .min)
    #expect(Timestamp(milliseconds: 5).advanced(byMilliseconds: -7).milliseconds == -2)
  }
}
