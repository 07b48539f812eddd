import Chains
import Codecs
import Engine
import Money
import Payouts
import Store
import Synchronization

/// Which store is open, for what outlives a process.
final class CurrentStore: Sendable {
  private let box = Mutex<SQLiteStore?>(nil)

  var store: SQLiteStore? { box.withLock { $0 } }

  func set(_ store: SQLiteStore?) {
    // The old one closes outside of the lock: closing runs the disk.
    let old = box.withLock { current in
      let before = current
      current = store
      return before
    }
    withExtendedLifetime(old) {}
  }

  /// Tells the watch what the store holds. Without faults: this is the simulator's own look.
  func teach(_ watch: Watch, forgets: Bool = false) {
    guard let store else { return }
    watch.quietly {
      guard let lanes = try? store.lanes() else { return }
      var batches: [Batch] = []
      for lane in lanes {
        guard let live = try? store.liveBatches(lane.id) else { return }
        batches += live
      }
      watch.learn(batches, forgets: forgets)
    }
  }

  /// Invariant 2 after a restart: what a commit had made durable is there.
  func checkDurability(_ watch: Watch) {
    guard let store else { return }
    watch.quietly {
      do {
        var intended: Set<Hash32> = []
        for campaign in try store.campaigns(after: nil, limit: 100) {
          for view in try store.batches(campaign.id, after: nil, limit: 1_000) {
            intended.formUnion(view.batch.attempts.map(\.unsigned.signingHash))
          }
        }
        for hash in watch.with({ $0.intendedPayments.sorted() }) where !intended.contains(hash) {
          watch.broke(2, "the intent of \(hash) was durable and is gone")
        }
        for hash in watch.with({ $0.recorded.sorted() }) where try store.batch(transaction: hash) == nil {
          watch.broke(2, "the bytes of \(hash) were durable and are gone")
        }
      } catch { watch.say("   durability cannot be checked: \(error)") }
    }
  }
}

extension Watch {
  /// Runs the simulator's own look at things: no fault happens in it and none is counted.
  func quietly<Value>(_ body: () throws -> Value) rethrows -> Value {
    let before = with { state in
      defer { state.areFaultsOn = false }
      return (state.areFaultsOn, state.powerFailure)
    }
    with { $0.powerFailure = nil }
    defer {
      with { state in
        state.areFaultsOn = before.0
        state.powerFailure = before.1
      }
    }
    return try body()
  }
}
