import Broker
import Chains
import Engine
import Money
import Policy
import Screening
import Store

/// One call of the service that a secret is for, with the secret in another file than the setting says.
enum SecretTestCalls {
  /// Throws when the service does not take it. `subject`: who is asked about, where the service is about people.
  static func call(_ name: String, _ path: String, subject: String, _ app: App) throws {
    // The one secret whose setting is not the file itself.
    if name == "AM_DB_DSN" { return try tryStore(path, app) }
    let app = app.setting(name, to: path)
    switch name {
    // Each opens what it guards: the keystore, a session of the token, the keys of KMS.
    case "AM_KEYSTORE_PASSWORD_FILE", "AM_HSM_PIN_FILE", "AM_KMS_CREDENTIALS_FILE":
      _ = try app.keys(try app.evmChain())
    case "AM_QUEUE_PASSWORD_FILE":
      try Brokers.logIn(try app.brokerURL(), timeoutMilliseconds: try app.queueTimeout())
    case "AM_YENTE_KEY_FILE":
      let asked = SanctionsSubject(addresses: [], names: [subject], country: nil)
      _ = try app.yente()?.screen([asked], at: app.clock.now().milliseconds)
    case "AM_KYC_KEY_FILE":
      let question = KYCQuestion(subject: subject, address: "0x" + String(repeating: "0", count: 40), country: nil)
      for answer in try app.kycSource()?.provider.ask([question]) ?? [] { _ = try answer.get() }
    case "AM_SIGNER_TLS_KEY":
      // Key and certificate stand in the same file.
      guard try app.setting("AM_SIGNER_TLS_CERT", to: path).remoteSigner(try app.evmChain()) != nil else {
        throw CommandError(
          .missingSetting, "AM_SIGNER is not set: there is no signer to try the key with",
          hint: "rotate it where the engine runs")
      }
    default: throw CommandError(.notSupported, "\(name) is not tried by a command")
    }
  }

  private static func tryStore(_ path: String, _ app: App) throws {
    guard case .postgresql(let dsn) = try app.dsn else { return }
    _ = try PostgreSQLStore.exists(dsn.with(passwordFile: path), sha256: app.sha256)
  }
}
