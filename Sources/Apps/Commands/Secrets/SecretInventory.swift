import Broker
import Foundation
import Keys
import Policy
import Store
import Transport

/// Every secret that the settings name. No value is read here.
struct SecretInventory {
  struct Entry: Hashable {
    enum Place: Hashable {
      case file(String)
      /// In the text of the setting itself.
      case setting(Settings.Source)
    }
    enum Change: Hashable {
      case command
      case byHand(String)
    }
    /// The setting.
    let name: String
    let what: String
    let place: Place
    let change: Change
    /// Whether its age alone makes it due. Keys of ours are due only where AM_SECRETS_MAX_AGE names them.
    var hasTerm = true
  }

  let entries: [Entry]

  init(_ app: App) {
    entries = SecretInventory.files(app) + SecretInventory.ours(app) + SecretInventory.texts(app)
  }

  /// Names that AM_SECRETS_MAX_AGE may give a term of their own.
  static let names = Set(
    named.map(\.name) + kept.map(\.name) + App.urlSettings
      + ["AM_KEYSTORE", "AM_DB_DSN", "AM_QUEUE_URL", "AM_PEOPLE_KEY", "AM_CHECKPOINT_KEY"])

  private static let named: [(name: String, what: String)] = [
    ("AM_KEYSTORE_PASSWORD_FILE", "password of the development keystore"), ("AM_HSM_PIN_FILE", "PIN of the token"),
    ("AM_KMS_CREDENTIALS_FILE", "access key of KMS"), ("AM_QUEUE_PASSWORD_FILE", "password of the broker"),
    ("AM_YENTE_KEY_FILE", "API key of yente"), ("AM_KYC_KEY_FILE", "key of the KYC provider"),
    ("AM_SIGNER_TLS_KEY", "key of the certificate between engine and signer"),
  ]

  /// Files whose secret is bound to what was done with it: a new one is another account, or is for other lotteries.
  private static let kept: [(name: String, what: String, change: String, hasTerm: Bool)] = [
    (
      "AM_SUPRA_KEY_FILE", "key of the account on Supra", "a new key is a new account: see docs/operate/lottery.md",
      true
    ),
    ("AM_VRF_KEY", "VRF key, encrypted", "a new key is for new lotteries: see docs/operate/vrf.md", false),
    ("AM_VRF_PASSWORD_FILE", "password of the VRF key", "it is the key's for good: see docs/operate/vrf.md", false),
  ]

  /// Files that settings name.
  private static func files(_ app: App) -> [Entry] {
    var found = named.compactMap { name, what in
      app.settings[name].map { Entry(name: name, what: what, place: .file($0), change: change(name, app)) }
    }
    for (name, what, change, hasTerm) in kept {
      guard let path = app.settings[name] else { continue }
      found.append(Entry(name: name, what: what, place: .file(path), change: .byHand(change), hasTerm: hasTerm))
    }
    if app.settings["AM_HSM_PIN_FILE"] == nil, let uri = app.settings["AM_HSM_URI"],
      let path = (try? HSMURI(parsing: uri))?.pinFile
    {
      found.append(
        Entry(
          name: "AM_HSM_PIN_FILE", what: "PIN of the token, pin-source of AM_HSM_URI", place: .file(path),
          change: .byHand("name the file with AM_HSM_PIN_FILE, and not with pin-source")))
    }
    for path in app.settings["AM_KEYSTORE"].map(keystores) ?? [] {
      found.append(
        Entry(
          name: "AM_KEYSTORE", what: "development key, encrypted", place: .file(path),
          change: .byHand("a new key is a new account: see docs/operate, Rotate a key")))
    }
    if let path = (try? app.dsn)?.passwordFile {
      found.append(
        Entry(
          name: "AM_DB_DSN", what: "password of the store, passfile", place: .file(path), change: .command))
    }
    return found
  }

  /// A certificate is only as new as its key: both change at once, in one file, or by hand.
  private static func change(_ name: String, _ app: App) -> Entry.Change {
    guard name == "AM_SIGNER_TLS_KEY", app.settings["AM_SIGNER_TLS_CERT"] != app.settings[name] else { return .command }
    return .byHand("put key and certificate in one file, which AM_SIGNER_TLS_KEY and AM_SIGNER_TLS_CERT both name")
  }

  private static func keystores(_ path: String) -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else { return [path] }
    return names.filter { !$0.hasPrefix(".") && !$0.contains(".sqlite") }.sorted().map { "\(path)/\($0)" }
  }

  /// Keys that the desk makes itself, where they are.
  private static func ours(_ app: App) -> [Entry] {
    let people = try? app.beside("AM_PEOPLE_KEY", ".people.key")
    let seal = (try? app.beside("AM_CHECKPOINT_KEY", ".seal")).map { $0 + "/seal.key" }
    let places = [
      ("AM_PEOPLE_KEY", "key that seals the secrets of one-time codes", people),
      ("AM_CHECKPOINT_KEY", "key that seals the audit trail", seal),
    ]
    return places.compactMap { name, what, path in
      guard let path, FileManager.default.fileExists(atPath: path) else { return nil }
      return Entry(
        name: name, what: what, place: .file(path), change: .byHand("it stays as long as what it sealed is used"),
        hasTerm: false)
    }
  }

  /// Settings whose text holds a secret. Only that it does is told.
  private static func texts(_ app: App) -> [Entry] {
    func entry(_ name: String, _ what: String) -> [Entry] {
      guard let source = app.settings.value(name)?.source else { return [] }
      return [
        Entry(name: name, what: what, place: .setting(source), change: .byHand("write the new one into the setting"))
      ]
    }
    var found: [Entry] = []
    if (try? app.dsn)?.hasPassword == true { found += entry("AM_DB_DSN", "password of the store") }
    if let text = app.settings["AM_QUEUE_URL"], let url = try? BrokerURL(text), url.password?.isEmpty == false {
      found += entry("AM_QUEUE_URL", "password of the broker")
    }
    for name in App.urlSettings where hidesSomething(app.settings[name] ?? "") {
      found += entry(name, "URL with more than a host, which may be a key")
    }
    return found
  }

  /// User, path or query: where services want their keys.
  private static func hidesSomething(_ list: String) -> Bool {
    list.split(separator: ",").contains { text in
      guard let url = try? URLText(parsing: text.trimmingCharacters(in: .whitespaces)) else { return false }
      return url.full != url.description && url.full != url.description + "/"
    }
  }
}
