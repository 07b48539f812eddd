import Engine
import Keys
import Money
import OpenSSL
import Policy
import Screening
import Transport

extension App {
  /// Whom screening asks.
  func factSources() throws -> FactSources {
    FactSources(lists: try sanctionsAnswers(), origins: try geoFiles(), kyc: try kycSource())
  }

  /// The databases of AM_GEO_COUNTRY_DB and AM_GEO_ASN_DB.
  private func geoFiles() throws -> any IPOrigins {
    let (country, asn) = (settings["AM_GEO_COUNTRY_DB"], settings["AM_GEO_ASN_DB"])
    guard country != nil || asn != nil else { return NoIPOrigins() }
    let clock = clock
    return GeoFiles(
      country: country, asn: asn, mostAge: try age("AM_GEO_MAX_AGE", hours: 1...8_784),
      now: { clock.now().milliseconds })
  }

  /// The text of a file that a setting names.
  func keyText(in setting: String) throws -> String? {
    try settings[setting].map { path in
      try SecretFile.read(path).withBytes { key in String(decoding: key.indices.map { key[$0] }, as: UTF8.self) }
    }
  }

  /// AM_RATE_LIMIT_GLOBAL. Throws `config.bad_value`.
  func globalRateLimit() throws(CommandError) -> RateLimit? {
    guard let text = settings["AM_RATE_LIMIT_GLOBAL"] else { return nil }
    guard let limit = RateLimit(setting: text) else {
      throw CommandError(
        .badSetting, "AM_RATE_LIMIT_GLOBAL=\(text) is not QUOTA:SECONDS, both whole numbers from 1",
        hint: "for example 300:60, or 300:60:fixed")
    }
    return limit
  }

  /// The provider of AM_KYC_URL.
  func kycSource() throws -> KYCSource? {
    guard let url = settings["AM_KYC_URL"] else { return nil }
    let timeout = try settings.number("AM_KYC_TIMEOUT_MS", in: 100...10_000) ?? 5_000
    let provider = try KYCOverHTTP(
      URLText(parsing: url), key: try keyText(in: "AM_KYC_KEY_FILE"), http: try http(),
      timeoutMilliseconds: Int(timeout))
    return KYCSource(provider: provider, mostAge: try age("AM_KYC_MAX_AGE", hours: 1...8_784))
  }

  /// Milliseconds of a setting such as `24h` or `30d`. Throws `config.bad_value` outside of the hours.
  func age(_ name: String, hours: ClosedRange<Int64>) throws(CommandError) -> Int64 {
    let text = settings[name] ?? ""
    let units: [Character: Int64] = ["h": 1, "d": 24]
    guard let unit = text.last.flatMap({ units[$0] }), text.utf8.dropLast().allSatisfy({ (0x30...0x39).contains($0) }),
      let count = Int64(text.dropLast()), count <= hours.upperBound, hours.contains(count * unit)
    else {
      throw CommandError(
        .badSetting, "\(name)=\(text) is no age from \(hours.lowerBound)h to \(hours.upperBound / 24)d",
        hint: "for example 24h or 30d")
    }
    return count * unit * 3_600_000
  }
}
