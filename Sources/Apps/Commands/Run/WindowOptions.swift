import Foundation
import Money
import Payouts

/// `--start-at`, `--end-at`, `--window` and `--time-zone` of a command line.
enum WindowOptions {
  static func window(_ arguments: Arguments) throws -> Window {
    let start = try time("start-at", arguments)
    let end = try time("end-at", arguments)
    if let start, let end, end <= start {
      throw CampaignError(.badWindow, "--end-at is not after --start-at")
    }
    return Window(start: start, end: end, daily: try daily(arguments))
  }

  private static func time(_ name: String, _ arguments: Arguments) throws -> Timestamp? {
    guard let text = arguments[name] else { return nil }
    guard let date = try? Date(text, strategy: .iso8601) else {
      throw CampaignError(
        .badWindow, "--\(name) \(text) is no time",
        hint: "with its zone: 2026-12-01T09:00:00Z or 2026-12-01T10:00:00+01:00")
    }
    return Timestamp(milliseconds: Int64(date.timeIntervalSince1970) * 1000)
  }

  private static func daily(_ arguments: Arguments) throws -> Window.Daily? {
    guard let text = arguments["window"] else {
      if arguments["time-zone"] != nil { throw CampaignError(.badWindow, "--time-zone goes with --window") }
      return nil
    }
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { minute(String($0)) }
    guard parts.count == 2, let from = parts[0], let to = parts[1], from != to else {
      throw CampaignError(.badWindow, "--window \(text) is no span of the day", hint: "for example 09:00-17:30")
    }
    let zone = arguments["time-zone"] ?? "UTC"
    guard TimeZone(identifier: zone) != nil else {
      throw CampaignError(.badWindow, "\(zone) is no time zone", hint: "an IANA name, for example Europe/Berlin")
    }
    return Window.Daily(fromMinute: from, toMinute: to, zone: zone)
  }

  private static func minute(_ text: String) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && $0.allSatisfy(\.isNumber) }),
      let hour = Int(parts[0]), let minute = Int(parts[1]),
      (0..<24).contains(hour), (0..<60).contains(minute)
    else { return nil }
    return hour * 60 + minute
  }
}
