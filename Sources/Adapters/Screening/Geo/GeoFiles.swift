import Codecs
import MaxMind
import POSIX
package import Policy
import Synchronization

/// Where IP addresses are, as two files of the MaxMind DB format say: one of countries, one of autonomous systems.
///
/// A file that is missing, damaged or too old says nothing, and whoever a rule asks about waits. A file that is replaced is
/// read anew at the next look at the version.
package final class GeoFiles: IPOrigins {
  private struct Loaded: Sendable {
    var mark = ""
    var database: MaxMindDatabase?
    /// Names the content, or says why there is none.
    var name = "not read"
  }

  private enum Use: String, CaseIterable { case country, asn }

  /// Nil where no file is configured.
  private struct State: Sendable {
    var country: Loaded?
    var asn: Loaded?

    subscript(_ use: Use) -> Loaded? {
      get { use == .country ? country : asn }
      set { if use == .country { country = newValue } else { asn = newValue } }
    }
  }

  private let paths: [(use: Use, path: String)]
  private let mostAge: Int64
  private let now: @Sendable () -> Int64
  private let loaded: Mutex<State>

  /// `mostAge`: milliseconds since the file was built. `now`: milliseconds since 1970.
  package init(country: String?, asn: String?, mostAge: Int64, now: @escaping @Sendable () -> Int64) {
    paths = zip(Use.allCases, [country, asn]).compactMap { use, path in path.map { (use: use, path: $0) } }
    self.mostAge = mostAge
    self.now = now
    loaded = Mutex(State())
    refresh()
  }

  package func version() -> String {
    refresh()
    let state = loaded.withLock { $0 }
    let now = now()
    return paths.map { entry in
      let file = state[entry.use] ?? Loaded()
      let isStale = file.database.map { !isFresh($0, at: now) } ?? false
      return "geo \(entry.use.rawValue) \(file.name)\(isStale ? " stale" : "")"
    }.joined(separator: ", ")
  }

  package func origin(_ address: IPAddress) -> IPOrigin {
    let isVersion4 = address.isVersion4
    let state = loaded.withLock { $0 }
    let now = now()
    func value(_ use: Use, _ first: StaticString, _ second: StaticString?) -> MaxMindDatabase.Value? {
      guard let database = state[use]?.database, isFresh(database, at: now) else { return nil }
      // A damaged place of the file says nothing, like one that is empty.
      do throws(MaxMindError) {
        return try database.value(of: (address.high, address.low), isVersion4: isVersion4, first, second)
      } catch { return nil }
    }
    var country: String?
    if case .text(let code) = value(.country, "country", "iso_code") {
      country = Attribute.ipCountry.normalized(code)
    }
    var asn: String?
    if case .number(let number) = value(.asn, "autonomous_system_number", nil),
      number > 0, number <= UInt32.max
    {
      asn = String(number)
    }
    return IPOrigin(country: country, asn: asn)
  }

  private func isFresh(_ database: MaxMindDatabase, at now: Int64) -> Bool {
    guard let seconds = Int64(exactly: database.builtAt), seconds < 1 << 40 else { return false }
    let age = now - seconds * 1_000
    // A file from the future is from a clock that is wrong.
    return age >= -86_400_000 && age <= mostAge
  }

  private func refresh() {
    for entry in paths {
      let mark = (try? Descriptor.reading(entry.path).status().mark) ?? ""
      guard loaded.withLock({ $0[entry.use]?.mark != mark || mark.isEmpty }) else { continue }
      let read = GeoFiles.load(entry.path, mark)
      loaded.withLock { $0[entry.use] = read }
    }
  }

  private static func load(_ path: String, _ mark: String) -> Loaded {
    do throws(ListError) {
      let bytes = try SnapshotFile.bytes(of: path, most: MaxMindDatabase.mostBytes)
      let hash = try SnapshotFile.hash(bytes)
      do throws(MaxMindError) {
        return Loaded(mark: mark, database: try MaxMindDatabase(bytes), name: String(hash.description.prefix(18)))
      } catch { return Loaded(mark: mark, database: nil, name: error.code.rawValue) }
    } catch { return Loaded(mark: mark, database: nil, name: MaxMindError.Code.unreadable.rawValue) }
  }
}

extension IPAddress {
  /// Mapped, as `::ffff:a.b.c.d`.
  fileprivate var isVersion4: Bool { high == 0 && low >> 32 == 0xffff }
}
