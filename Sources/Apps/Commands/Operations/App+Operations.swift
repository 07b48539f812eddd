import Chains
import Codecs
import Foundation
import Keys
import Money
import OpenSSL
import Operations
import SupraDriver
import Terminal

extension App {
  // MARK: Report

  /// Where the report looks and by what it judges. Throws `operations.missing_setting`, `operations.bad_setting`.
  func monitorSettings() throws -> MonitorSettings {
    let abi: DepositABI = try choice("AM_DEPOSIT_ABI", .legacyCamel)
    return MonitorSettings(
      profile: try profile(),
      addresses: MonitorSettings.Addresses(
        lottery: try needed("LOTTERY_ADDR"), hub: settings["HUB_ADDR"], factory: settings["FACTORY_ADDR"],
        deposit: try needed("DEPOSIT_ADDR"), client: settings["CLIENT_ADDR"]),
      terms: abi == .l1v3 && settings["MAX_GAS_PRICE"] == nil ? .fromChain : .given(try gasTerms()),
      margin: try DepositMargin(parsing: settings["MIN_BALANCE_MARGIN"] ?? "0.15"), window: try window(),
      lotteryIDs: try settings["LOTTERY_IDS"].map(LotteryIDs.parse),
      modules: try ModuleNames(parsing: settings["AM_MODULE_NAMES"] ?? "v1"), abi: abi,
      meaning: try choice("AM_MIN_BALANCE_SEMANTICS", .chain))
  }

  func calculation() throws -> DepositCalculation {
    try DepositCalculation(
      try gasTerms(), margin: try DepositMargin(parsing: settings["MIN_BALANCE_MARGIN"] ?? "0.15"), window: try window()
    )
  }

  private func gasTerms() throws -> DepositCalculation.Terms {
    .gas(
      price: try chainAmount("MAX_GAS_PRICE"), limit: try chainAmount("MAX_GAS_LIMIT"),
      verification: try chainAmount("VERIFICATION_GAS_VALUE"))
  }

  private func window() throws -> UInt64 {
    let text = settings["MIN_BALANCE_WINDOW"] ?? "30"
    guard let window = UInt64(text), window > 0 else {
      throw OperationsError(.badSetting, "the window \(text) is no count of requests")
    }
    return window
  }

  private func profile() throws -> String {
    if let older = settings["PROFILE"], let name = settings["AM_PROFILE"], older != name {
      throw OperationsError(.badSetting, "AM_PROFILE is \(name) and PROFILE is \(older)", hint: "unset one of them")
    }
    guard let name = settings["AM_PROFILE"] ?? settings["PROFILE"] else { return try needed("AM_PROFILE") }
    return name
  }

  /// A setting that must be there, named with its flag.
  func needed(_ name: String) throws(OperationsError) -> String {
    if let text = settings[name] { return text }
    let flag = SettingSpec.all.first { $0.name == name }?.flag.map { " or --\($0)" } ?? ""
    throw OperationsError(.missingSetting, "\(name) is not set", hint: "set \(name)\(flag)")
  }

  private func chainAmount(_ name: String) throws -> ChainAmount {
    try ChainAmount(parsing: try needed(name), name)
  }

  private func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ standard: Choice
  ) throws -> Choice {
    guard let text = settings[name] else { return standard }
    guard let choice = Choice(rawValue: text) else {
      throw OperationsError(
        .badSetting, "\(name)=\(text) is not known", hint: Choice.allCases.map(\.rawValue).joined(separator: " or "))
    }
    return choice
  }

  /// Reads the whole report now.
  func monitorReport() throws -> MonitorReport {
    let settings = try monitorSettings()
    return try ReportReader(settings).read(try supraChain(), timestamp: utc("+00:00"))
  }

  /// Now, in seconds, with this ending.
  func utc(_ ending: String) -> String {
    let seconds = Date(timeIntervalSince1970: Double(clock.now().milliseconds / 1000))
    return String(seconds.formatted(.iso8601).dropLast()) + ending
  }

  // MARK: Chain

  func supraChain() throws -> SupraChain {
    let urls = try settings.required("AM_SUPRA_RPC", for: "the Supra driver")
    guard let id = try settings.number("AM_SUPRA_CHAIN_ID", in: 1...255) else {
      throw CommandError(.missingSetting, "AM_SUPRA_CHAIN_ID is not set", hint: "6 is the test network, 8 the main one")
    }
    let endpoints = try urls.split(separator: ",").map {
      try SupraEndpoint(url: $0.trimmingCharacters(in: .whitespaces))
    }
    let timeout = try settings.number("AM_SUPRA_TIMEOUT_MS", in: 100...600_000) ?? 10_000
    return try SupraChain(
      SupraConfiguration(
        chainID: UInt8(id), endpoints: endpoints,
        quorumSize: try settings.number("AM_SUPRA_QUORUM", in: 1...100).map(Int.init),
        api: try choice("AM_SUPRA_API", .v3), limits: SupraLimits(timeoutMilliseconds: Int(timeout))), http: try http())
  }

  /// Who signs and sends. Throws in safe mode, and for a key that others can read.
  func supraSender() throws -> SupraSender {
    guard try !isSafe() else {
      throw CommandError(.notSupported, "AM_SAFE_MODE is on: this program signs nothing")
    }
    var terms = SupraSender.Terms()
    terms.maxGas = UInt64(try settings.number("AM_SUPRA_MAX_GAS", in: 1...1_000_000_000) ?? 500_000)
    terms.mostGasPrice = UInt64(try settings.number("AM_SUPRA_MAX_GAS_PRICE", in: 1...1_000_000_000) ?? 100_000)
    terms.patienceSeconds = UInt64(try settings.number("AM_SUPRA_PATIENCE_S", in: 0...86_400) ?? 20)
    terms.pollMilliseconds = UInt64(try pollMilliseconds())
    return SupraSender(try supraChain(), key: try supraKey(), terms: terms)
  }

  private func supraKey() throws -> SupraKey {
    let path = try settings.required("AM_SUPRA_KEY_FILE", for: "signing")
    if let warning = SecretFile.warning(path) { throw CommandError(.badSetting, warning.message) }
    let text = try SecretFile.read(path)
    var bytes = text.withBytes { (digits: Span<UInt8>) -> [UInt8] in
      var seed: [UInt8] = []
      for place in stride(from: 0, to: digits.count - 1, by: 2) {
        guard let high = Hex.value(ofDigit: digits[place]), let low = Hex.value(ofDigit: digits[place + 1]) else {
          return []
        }
        seed.append(high << 4 | low)
      }
      return digits.count == 64 ? seed : []
    }
    guard bytes.count == 32 else {
      throw CommandError(.badSetting, "AM_SUPRA_KEY_FILE holds no seed of 32 bytes in hex")
    }
    return try SupraKey(seed: try SecretBytes(wiping: &bytes))
  }

  // MARK: Telling

  /// One JSON value; with `--pretty` over several lines.
  func print(_ json: JSON) {
    guard arguments.has("pretty"), !terminal.isJSON else { return terminal.jsonLine(json.text) }
    for line in PrettyJSON.text(json).split(separator: "\n") { terminal.jsonLine(String(line)) }
  }

  /// Says whether a report is whole and the deposit high enough; the exit status that follows.
  func verdict(_ report: MonitorReport) -> ExitStatus {
    for problem in report.problems {
      terminal.note("[warning] \(problem.path) could not be read: \(problem.error.message)")
    }
    if arguments.has("fail-on-low"), let shortfall = report.shortfall {
      terminal.note(
        "[error] the deposit's balance \(report.balance?.description ?? "?") is below \(shortfall.name) \(shortfall.minimum)"
      )
      return .findings
    }
    return report.problems.isEmpty ? .success : .degraded
  }
}
