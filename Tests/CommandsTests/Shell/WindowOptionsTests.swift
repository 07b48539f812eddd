@testable import Commands
import Money
import Payouts
import Testing

@Suite("Window options")
struct WindowOptionsTests {
  private func window(_ line: String...) throws -> Window {
    try WindowOptions.window(
      Arguments(line, options: ["start-at", "end-at", "window", "time-zone"], optional: [], flags: [], words: 0))
  }

  @Test func `without options a campaign is always open`() throws {
    #expect(try window() == .always)
  }

  @Test func `times carry their zone, and are kept to the second`() throws {
    let made = try window("--start-at", "2026-12-01T10:00:00+01:00", "--end-at", "2026-12-01T09:00:01Z")
    #expect(made.start == Timestamp(milliseconds: 1_796_115_600_000))
    #expect(made.end == Timestamp(milliseconds: 1_796_115_601_000))
  }

  @Test func `hours of the day have a zone, UTC unless named, and may pass midnight`() throws {
    #expect(try window("--window", "09:00-17:30").daily == Window.Daily(fromMinute: 540, toMinute: 1050, zone: "UTC"))
    #expect(
      try window("--window=22:00-02:15", "--time-zone=Europe/Berlin").daily
        == Window.Daily(fromMinute: 1320, toMinute: 135, zone: "Europe/Berlin"))
  }

  @Test(arguments: [
    ["--start-at", "tomorrow"], ["--start-at", "2026-12-01T09:00:00"], ["--start-at", "2026-13-01T09:00:00Z"],
    ["--end-at", "1796115600"], ["--end-at", ""],
    ["--start-at", "2026-12-01T09:00:00Z", "--end-at", "2026-12-01T09:00:00Z"],
    ["--window", "9-17"], ["--window", "09:00"], ["--window", "09:00-09:00"], ["--window", "24:00-01:00"],
    ["--window", "09:60-10:00"], ["--window", "09:00-10:00-11:00"], ["--window", "+9:00-10:00"], ["--window", ""],
    ["--window", "09:00-10:00", "--time-zone", "Berlin"], ["--time-zone", "UTC"],
  ])
  func `anything else is refused as a bad window with a hint or its reason`(line: [String]) throws {
    let arguments = try Arguments(
      line, options: ["start-at", "end-at", "window", "time-zone"], optional: [], flags: [], words: 0)
    let error = #expect(throws: CampaignError.self) { try WindowOptions.window(arguments) }
    #expect(error?.code == .badWindow)
    #expect(error?.message.isEmpty == false)
  }
}
