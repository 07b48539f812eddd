import Lottery
import Testing

@Suite("Lottery errors")
struct ErrorTests {
  @Test func `names and numbers are those of the original`() {
    #expect(LotteryError.Code.ticketPriceZero.name(in: .v1) == "E_TICKET_PRICE_ZERO")
    #expect(LotteryError.Code.ticketPriceZero.number(in: .v1) == 0x1209)
  }
}
