import Audit
import Chains
import Codecs
import Engine
import Foundation
import MemoryStore
import Money
import OpenSSL
import Payouts
import Store
import Synchronization
import TestSupport
import Testing

/// SHA-256 by OpenSSL, as the programs have it.
struct Hashing: SHA256Hashing {
  func sha256(_ bytes: [UInt8]) -> Hash32 {
    guard let digest = try? SHA256.hash(bytes) else { return .zero }
    return Hash32(words: digest.words)
  }
}

/// A clock that a test moves.
final class HandClock: EngineClock {
  private let time = Mutex<Int64>(1_700_000_000_000)
  func now() -> Timestamp { Timestamp(milliseconds: time.withLock { $0 }) }
  func move(_ milliseconds: Int64) { time.withLock { $0 += milliseconds } }
}

final class SeededRandom: RandomSource {
  private var state: SplitMix64
  init(_ seed: UInt64) { state = SplitMix64(seed: seed) }
  func next() -> UInt64 { state.next() }
}

/// A store with events, and relays over it.
final class RelayDesk {
  let store: any PayoutStore
  let clock = HandClock()
  let uuid: String

  init(_ store: (any PayoutStore)? = nil) throws {
    let made = store ?? MemoryStore(uuid: "5c0de000-0000-4000-8000-000000000001", sha256: Hashing())
    self.store = made
    uuid = try made.identity().uuid
  }

  /// Adds events about a few objects, `bytes` long or so; `numbers` are told in the payload.
  func add(_ numbers: some Sequence<Int>, keys: Int = 5, bytes: Int = 20) throws {
    let notes = numbers.map { n in
      Write.note(
        Note(
          action: "test.happened", entity: "thing", entityID: "\(n % keys)",
          details: ["n": .integer(n), "pad": .string(String(repeating: "x", count: bytes))], isPublic: true))
    }
    try store.commit(Commit(guardedBy: nil, actor: "test", at: clock.now(), writes: notes))
  }

  func relay(
    _ broker: any EventBroker, store other: (any OutboxStore)? = nil, page: Int = 10, seed: UInt64 = 1,
    name: String = "test:airdrop.outbox"
  ) -> OutboxRelay {
    var settings = RelaySettings()
    settings.page = page
    return OutboxRelay(
      name: name, topic: topic, store: other ?? store, broker: broker, clock: clock, random: SeededRandom(seed),
      settings: settings)
  }

  /// Turns until nothing waits, moving the clock while the broker is down; bounded. What each turn said.
  @discardableResult
  func drain(_ relay: OutboxRelay, turns: Int = 2_000) throws -> [RelayStep] {
    var steps: [RelayStep] = []
    for _ in 0..<turns {
      let step = try relay.step()
      steps.append(step)
      switch step {
      case .idle: return steps
      case .moved: break
      case .waiting(let until, _): clock.move(max(1, until.milliseconds - clock.now().milliseconds))
      }
    }
    throw DeskFailure.neverIdle
  }

  /// The ids that the store's events must have, in order.
  func ids() throws -> [String] {
    try store.outbox(after: 0, limit: 1_000_000).map { "\(uuid):\($0.epoch):\($0.id)" }
  }
}

enum DeskFailure: Error { case neverIdle, killed }

/// A broker that keeps everything in memory, with the faults that a test asks for.
final class ToyBroker: EventBroker {
  /// In the order of arrival; what a real topic would hold.
  private(set) var topics: [Topic: [EventMessage]] = [:]
  /// Called before each page: how many of it may be taken before it stops, and why. Nil takes all.
  var plan: (_ page: [EventMessage], _ topic: Topic) throws -> Publication?
  private(set) var longestPage = 0
  private(set) var words: [String?] = []

  init(plan: @escaping ([EventMessage], Topic) throws -> Publication? = { _, _ in nil }) { self.plan = plan }

  let name = "toy://"

  func publish(_ page: [EventMessage], to topic: Topic, again: String?, meanwhile: () -> Void) -> Publication {
    meanwhile()
    longestPage = max(longestPage, page.count)
    words.append(again)
    let told = (try? plan(page, topic)) ?? Publication(taken: page.count, stop: nil)
    topics[topic, default: []] += page.prefix(told.taken)
    return told
  }

  var events: [EventMessage] { topics[topic] ?? [] }
}
