package import Money

/// The time as the machine tells it. Schedules polls and waits; never decides about money (PROTOCOL 4.1).
package protocol EngineClock: Sendable {
  func now() -> Timestamp
}

/// Civil time of a place, for daily windows.
package protocol CivilTime: Sendable {
  /// Minute of the day, 0 to 1439, in an IANA zone; nil when the zone is unknown.
  func minuteOfDay(_ at: Timestamp, zone: String) -> Int?
}

/// What the engine tells while it works: for progress bars, event lines and metrics. Nothing depends on it.
package protocol EngineObserver: AnyObject {
  func observe(_ event: EngineEvent)
}

/// Waking up when something was committed, instead of asking again and again. Nothing depends on it: whoever waits looks
/// anyway when its time is over.
package protocol WorkSignal: Sendable {
  /// Waits until a commit was made, by whomever, that workers or relays may have to act on; at most that long. False
  /// when none was heard of. A waiter may be woken for nothing, and may miss what happened while its session was lost:
  /// then it hears of a commit that was none.
  func waitForWork(atMostMilliseconds: Int64) throws(StoreError) -> Bool
}
