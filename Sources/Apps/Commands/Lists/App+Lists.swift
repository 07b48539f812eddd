import Chains
import Codecs
import Foundation
import Keys
import OpenSSL
import Policy
import Screening
import Transport

extension App {
  /// The folder of `--dir` or AM_LISTS_DIR; next to the store unless set.
  func listsFolder() throws -> SnapshotFolder {
    let path = try arguments["dir"] ?? beside("AM_LISTS_DIR", ".lists")
    return SnapshotFolder(path: path, sealing: try ListSealFolder(path: try beside("AM_CHECKPOINT_KEY", ".seal")))
  }

  /// Milliseconds of AM_LISTS_MAX_AGE. Throws `config.bad_value` outside of an hour and seven days.
  func listsMaxAge() throws -> Int64 {
    let text = settings["AM_LISTS_MAX_AGE"] ?? ""
    let units: [Character: Int64] = ["m": 60_000, "h": 3_600_000, "d": 86_400_000]
    guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), (1...10_080).contains(count),
      (3_600_000...604_800_000).contains(count * unit)
    else {
      throw CommandError(
        .badSetting, "AM_LISTS_MAX_AGE=\(text) is no age from 1h to 7d", hint: "for example 24h, 48h or 7d")
    }
    return count * unit
  }

  /// The imported lists as a provider of verdicts.
  func importedLists() throws -> SnapshotLists {
    let required = (settings["AM_LISTS_REQUIRED"] ?? "").split(separator: ",").map(String.init)
    for name in required where !ListSnapshot.isName(name) {
      throw CommandError(.badSetting, "AM_LISTS_REQUIRED names \(name), which no list can be called")
    }
    return SnapshotLists(try listsFolder(), required: required, mostAge: try listsMaxAge())
  }

  /// Everybody who is asked about sanctions: the imported lists first, then what the settings name.
  func sanctionsProviders() throws -> [any SanctionsProvider] { [try importedLists()] + (try outsideProviders()) }

  /// Those whom the settings name.
  func outsideProviders() throws -> [any SanctionsProvider] {
    var out: [any SanctionsProvider] = []
    let limits = try providerLimits()
    let http = try http()
    if let url = settings["AM_WATCHMAN_URL"] {
      out.append(WatchmanProvider(try URLText(parsing: url), http: http, limits: limits))
    }
    if let yente = try yente() { out.append(yente) }
    if let text = settings["AM_SANCTIONS_ORACLE"] {
      let nodes = try settings.required("AM_EVM_RPC", for: "the sanctions oracle").split(separator: ",")
      out.append(
        SanctionsOracle(
          try EIP55.parse(text).address, chain: try evmChain().number,
          nodes: try nodes.map { try URLText(parsing: $0.trimmingCharacters(in: .whitespaces)) }, http: http,
          limits: limits))
    }
    return out
  }

  /// The yente of AM_YENTE_URL.
  func yente() throws -> (any SanctionsProvider)? {
    guard let url = settings["AM_YENTE_URL"] else { return nil }
    return try YenteProvider(
      try URLText(parsing: url), dataset: settings["AM_YENTE_DATASET"] ?? "sanctions",
      key: try keyText(in: "AM_YENTE_KEY_FILE"), http: try http(), limits: try providerLimits())
  }

  private func providerLimits() throws -> ProviderLimits {
    let timeout = try settings.number("AM_SANCTIONS_TIMEOUT_MS", in: 100...600_000) ?? 10_000
    return ProviderLimits(timeoutMilliseconds: Int(timeout), mostAge: try listsMaxAge())
  }
}
