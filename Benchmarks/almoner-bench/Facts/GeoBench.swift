import Foundation
import Policy
import Screening

/// `geo --country FILE --asn FILE --asked FILE`: an address a line, from text to country and system.
enum GeoBench {
  static func run(_ options: Options) throws {
    let geo = GeoFiles(
      country: try options.text("country"), asn: try options.text("asn"), mostAge: .max,
      now: { Int64(Date().timeIntervalSince1970 * 1_000) })
    let asked = try String(contentsOfFile: options.text("asked"), encoding: .utf8).split(separator: "\n").map(
      String.init)
    let measure = Measure()
    var (countries, systems) = (0, 0)
    for text in asked {
      guard let address = IPAddress(text) else { throw Options.Missing(description: "\(text) is no address") }
      let origin = geo.origin(address)
      if origin.country != nil { countries += 1 }
      if origin.asn != nil { systems += 1 }
    }
    var line = ResultLine()
    line.add((seconds: measure.seconds, processor: measure.processorSeconds), of: asked.count)
    line.add("countries", countries)
    line.add("systems", systems)
    line.print()
  }
}
