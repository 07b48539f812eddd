import Codecs
import Foundation
import Money

/// Wall clock and processor time of a piece of work.
struct Measure {
  private let wall = ContinuousClock.now
  private let processor = clock()

  /// Seconds since it began.
  var seconds: Double { Measure.seconds(wall.duration(to: .now)) }

  /// Seconds of processor time of all threads since it began.
  var processorSeconds: Double { Double(clock() - processor) / Double(CLOCKS_PER_SEC) }

  static func seconds(_ duration: Duration) -> Double {
    let parts = duration.components
    return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
  }

  /// Processor seconds of everything on this machine since it started, idle time and waiting for disks left out. Source:
  /// https://man7.org/linux/man-pages/man5/proc_stat.5.html; a tick is a hundredth of a second.
  static func machineSeconds() -> Double {
    guard let text = try? String(contentsOfFile: "/proc/stat", encoding: .utf8), let line = text.split(separator: "\n").first
    else { return 0 }
    let ticks = line.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) }
    guard ticks.count == 8 else { return 0 }
    return (ticks.reduce(0, +) - ticks[3] - ticks[4]) / 100
  }

  /// The most memory this process ever had resident, in KiB (`VmHWM`).
  static func peakKibibytes() -> Int {
    guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return 0 }
    for line in text.split(separator: "\n") where line.hasPrefix("VmHWM:") {
      return Int(line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first ?? "") ?? 0
    }
    return 0
  }
}

/// The line that `Benchmarks/bench.py` reads: `result name=value ...`.
struct ResultLine {
  private var text = "result"

  mutating func add(_ name: String, _ value: some CustomStringConvertible) {
    text += " \(name)=\(value.description.replacingOccurrences(of: " ", with: "_"))"
  }

  mutating func add(_ measure: (seconds: Double, processor: Double), of count: Int) {
    add("count", count)
    add("seconds", String(format: "%.4f", measure.seconds))
    add("cpu", String(format: "%.4f", measure.processor))
    add("per_second", String(format: "%.1f", Double(count) / measure.seconds))
  }

  func print() { Swift.print(text) }
}

/// A digest of the work done, so that two runs can be seen to have done the same.
struct Checksum {
  private(set) var value = Hash32.zero

  mutating func add(_ hash: Hash32) { value = Keccak.hash256(value, hash) }
}

/// Pseudo-random words from a seed (SplitMix64), for made-up recipients.
struct SeededWords {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word &>> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word &>> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word &>> 31)
  }
}
