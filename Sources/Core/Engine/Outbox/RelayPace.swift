package import Money
package import Payouts

/// How fast a relay works, and when it tries again a broker that is down.
package struct RelaySettings: Hashable, Sendable {
  /// Most events in one page. Each page costs the broker and the store a durable write.
  package var page = 2_000
  /// Of the payloads of one page, about: where events are large, the next pages have fewer.
  package var pageBytes = 4 << 20
  package var backoff = Backoff(baseMilliseconds: 100, mostMilliseconds: 30_000)
  package var breaker = CircuitBreaker(threshold: 5, firstPauseMilliseconds: 1_000, mostPauseMilliseconds: 60_000)
  package init() {}
}

/// What a relay says after each turn.
package enum RelayStep: Hashable, Sendable {
  /// So many events were taken by the broker, and so many became dead letters. There may be more at once.
  case moved(taken: Int, buried: Int)
  /// Nothing is waiting.
  case idle
  /// The broker is down; it is tried again then. Nothing is lost meanwhile.
  case waiting(until: Timestamp, BrokerError)
}

/// How many events to read next, so that two pages fit in memory whatever their size.
struct PageLength {
  private let most: Int
  private let mostBytes: Int
  private(set) var value: Int

  init(_ settings: RelaySettings) {
    most = max(1, settings.page)
    mostBytes = max(1, settings.pageBytes)
    value = most
  }

  mutating func saw(_ events: [OutboxEvent]) {
    guard !events.isEmpty else { return }
    let bytes = events.reduce(0) { $0 + $1.payload.utf8.count }
    if bytes > mostBytes {
      value = max(1, events.count * mostBytes / bytes)
    } else if bytes < mostBytes / 4 {
      value = min(most, value * 2)
    }
  }
}

/// Full jitter between tries, and a circuit breaker over them. Delays and never decides.
struct RelayPace {
  private let backoff: Backoff
  private var breaker: CircuitBreaker
  private var attempt = 0
  private var again: (at: Timestamp, why: BrokerError)?
  private var last = Timestamp(milliseconds: 0)

  init(_ settings: RelaySettings) {
    backoff = settings.backoff
    breaker = settings.breaker
  }

  /// Until when to wait, and why; nil when the broker may be asked now.
  mutating func waiting(at now: Timestamp) -> (until: Timestamp, why: BrokerError)? {
    if now < last {
      // A clock that was ahead must not hold events back: what it scheduled is due.
      breaker.clockWentBack(to: now)
      if let again { self.again = (min(again.at, now), again.why) }
    }
    last = now
    guard let again else { return nil }
    let until = max(again.at, breaker.opensAgainAt ?? again.at)
    guard now >= until else { return (until, again.why) }
    return breaker.allows(at: now) ? nil : (breaker.opensAgainAt ?? until, again.why)
  }

  mutating func succeeded() {
    breaker.succeeded()
    attempt = 0
    again = nil
  }

  /// Returns until when to wait.
  mutating func failed(_ why: BrokerError, at now: Timestamp, random: any RandomSource) -> Timestamp {
    breaker.failed(at: now)
    let wait = backoff.wait(attempt: attempt, random: random)
    attempt += 1
    let at = now.advanced(byMilliseconds: wait)
    again = (at, why)
    return max(at, breaker.opensAgainAt ?? at)
  }
}
