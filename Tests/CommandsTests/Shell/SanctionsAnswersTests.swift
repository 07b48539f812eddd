import Chains
import Engine
import Money
import Payouts
import Policy
import Testing

@testable import Commands

@Suite("What a policy hears of sanctions")
struct SanctionsAnswersTests {
  /// Names nobody and lists one address.
  private struct OneAddress: SanctionsProvider {
    let name = "one"
    let listed: AddressKey
    var isShort = false

    func screen(_ subjects: [SanctionsSubject], at now: Int64) -> [ProviderAnswer] {
      subjects.dropFirst(isShort ? 1 : 0).map { subject in
        let hit = ListHit(
          list: "one", entry: "7", title: "t", programs: [], reason: .address(asset: "ETH", text: "a"), score: 10_000)
        return ProviderAnswer(
          hits: subject.addresses.contains { $0.key == listed } ? [hit] : [],
          sources: [ListSource(name: "one", version: "1", ageMilliseconds: nil)])
      }
    }
  }

  private static let address = Address(Array(repeating: 1, count: 20))
  private static let other = Address(Array(repeating: 2, count: 20))

  private func subject(_ address: Address, _ metadata: String = "") -> ScreeningSubject {
    ScreeningSubject(
      payout: PayoutID(campaign: CampaignID(1), ordinal: 0), address: address, units: .one, metadata: metadata)
  }

  private func answers(_ provider: OneAddress?) -> SanctionsAnswers {
    SanctionsAnswers(imported: nil, providers: provider.map { [$0] } ?? [], clock: SystemClock())
  }

  @Test func `a row that cannot be read is not cleared by its address alone, and a hit stays one`() throws {
    let told = try answers(OneAddress(listed: AddressKey(Self.address))).answers([
      subject(Self.other), subject(Self.other, "{\"name\":7}"), subject(Self.address, "{\"name\":7}"),
    ])
    #expect(
      told == [.clear, .unknown("the columns of its row cannot be read"), .hit("one:7")])
  }

  @Test func `nobody asked is no answer, and answers for others than were asked are refused`() throws {
    #expect(try answers(nil).answers([subject(Self.other)]) == [.unknown("nobody was asked")])
    #expect(throws: ListError.self) {
      _ = try answers(OneAddress(listed: AddressKey(Self.address), isShort: true)).answers([subject(Self.other)])
    }
  }
}
