@testable import Lottery
import Testing

/// The catalogue's economics_tests (spec 5.4): one sale of 1,000,000.
@Suite("economics_tests")
struct EconomicsCatalogueTests {
  static func sold() throws -> Accounting {
    try Accounting().selling(1_000_000, try Samples.shares.split(1_000_000))
  }

  @Test func `payout_respects_allocation`() throws {
    let paid = try Self.sold().payingPrize(700_000).payingOperations(100_000)
    #expect(paid.totalPrizePaid == 700_000 && paid.totalOperationsPaid == 100_000)
  }

  /// The limit is prize and reserve together: 750,000.
  @Test func `prize_allocation_guard`() throws {
    _ = try Self.sold().payingPrize(750_000)
    #expect { try Self.sold().payingPrize(750_001) } throws: { ($0 as? LotteryError)?.code == .payoutAllocExceeded }
  }

  @Test func `operations_allocation_guard`() throws {
    #expect { try Self.sold().payingOperations(100_001) } throws: {
      ($0 as? LotteryError)?.code == .operationsAllocExceeded
    }
  }

  // MARK: Beyond the catalogue

  @Test func `the jackpot allowance is set once, only shrinks, and is never overdrawn`() throws {
    let set = try Accounting().settingInitialJackpotAllowance(100)
    #expect(try set.settingInitialJackpotAllowance(60).jackpotAllowanceToken == 60)
    #expect { try set.settingInitialJackpotAllowance(101) } throws: {
      ($0 as? LotteryError)?.code == .jackpotAllowanceIncrease
    }
    #expect(try set.consumingJackpotAllowance(30).jackpotAllowanceToken == 70)
    #expect { try set.consumingJackpotAllowance(101) } throws: {
      ($0 as? LotteryError)?.code == .jackpotAllowanceUnderflow
    }
  }
}
