import Codecs
import Dispatch
import Foundation
import Policy
import Synchronization

/// `addresses --listed FILE --asked FILE`: one address a line, from the bytes of a file to the verdicts; one thread, then two.
enum AddressBench {
  static func run(_ options: Options) throws {
    let listed = try Data(contentsOf: URL(fileURLWithPath: options.text("listed")))
    let asked = Array(try Data(contentsOf: URL(fileURLWithPath: options.text("asked"))))
    var keys: [(key: AddressKey, value: UInt32)] = []
    for (place, line) in listed.split(separator: UInt8(ascii: "\n")).enumerated() {
      keys.append((try AddressKey(String(decoding: line, as: UTF8.self)), UInt32(place)))
    }
    let set = AddressSet(keys)
    // Before the clock starts: pages and caches.
    _ = set.scan(asked.span)
    let measure = Measure()
    let scan = set.scan(asked.span)
    report("one", scan, (measure.seconds, measure.processorSeconds))
    try two(set, asked, scan)
  }

  private static func two(_ set: AddressSet, _ asked: [UInt8], _ expected: AddressSet.Scan) throws {
    var middle = asked.count / 2
    while middle < asked.count, asked[middle] != UInt8(ascii: "\n") { middle += 1 }
    let cut = min(asked.count, middle + 1)
    let parts = [0..<cut, cut..<asked.count]
    let found = Mutex<[AddressSet.Scan]>([])
    let measure = Measure()
    DispatchQueue.concurrentPerform(iterations: 2) { part in
      let scan = set.scan(asked.span.extracting(parts[part]))
      found.withLock { $0.append(scan) }
    }
    let took = (measure.seconds, measure.processorSeconds)
    var all = AddressSet.Scan()
    for scan in found.withLock({ $0 }) {
      all.lines += scan.lines
      all.unreadable += scan.unreadable
      all.hits += scan.hits
    }
    guard all.hits.count == expected.hits.count else {
      throw Options.Missing(description: "two threads found other hits")
    }
    report("two", all, took)
  }

  private static func report(_ threads: String, _ scan: AddressSet.Scan, _ took: (Double, Double)) {
    var line = ResultLine()
    line.add("threads", threads)
    line.add((seconds: took.0, processor: took.1), of: scan.lines)
    line.add("hits", scan.hits.count)
    line.add("unreadable", scan.unreadable)
    line.print()
  }
}
