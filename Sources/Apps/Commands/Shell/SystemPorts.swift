import Engine
import Foundation
import Money
import Payouts

/// The machine's clock.
struct SystemClock: EngineClock {
  func now() -> Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }
}

/// Civil time by the machine's time zone data.
struct SystemCivilTime: CivilTime {
  func minuteOfDay(_ at: Timestamp, zone: String) -> Int? {
    guard let zone = TimeZone(identifier: zone) else { return nil }
    let seconds = at.milliseconds / 1000
    let date = Date(timeIntervalSince1970: TimeInterval(seconds))
    let local = seconds + Int64(zone.secondsFromGMT(for: date))
    return Int(((local % 86_400) + 86_400) % 86_400 / 60)
  }
}

/// The machine's randomness, for jitter.
final class SystemRandom: RandomSource {
  func next() -> UInt64 { UInt64.random(in: .min ... .max) }
}
