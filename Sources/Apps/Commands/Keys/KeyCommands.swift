import Chains
import Codecs
import Engine
import Keys
import Money
import OpenSSL
import Signing
import Terminal

/// `keys ...`: development keys, what is configured, and offline signing.
enum KeyCommands {
  static let all: [CommandSpec] = [
    CommandSpec(
      .common, "keys create", "Make a development key in a keystore file; refused for mainnets",
      example: "almoner keys create --file dev-key.json --password-file dev-key.password",
      [.value("file", "FILE", "the keystore to make"), .value("password-file", "FILE", "a file with its password")],
      run: create),
    CommandSpec(
      .common, "keys generate", "Make a key inside the HSM of AM_HSM_URI; it never leaves it",
      example: "almoner keys generate --label payouts-1",
      [.value("label", "LABEL", "the key's label, object= in AM_HSM_URI")], run: generate),
    CommandSpec(
      .common, "keys show", "Show the accounts of the configured keys", example: "almoner keys show", run: show),
    CommandSpec(
      .common, "keys sign-offline", "Sign a folder of unsigned transactions, on a machine without a network",
      example: "almoner keys sign-offline --dir unsigned/ --out signed/",
      [
        .value("dir", "DIR", "unsigned transactions, from airdrop run --unsigned-out"),
        .value("out", "DIR", "where signed ones go"), .flag("yes", "do not ask"),
      ],
      run: signOffline),
  ]

  private static func create(_ app: App) throws -> ExitStatus {
    let path = try app.arguments.required("file")
    let password = try SecretFile.read(try app.arguments.required("password-file"))
    let account = try KeystoreFile.create(path, password: password)
    app.tell(
      ["event": "key", "file": .string(path), "account": .string(checksummed(account))],
      or: "Made \(path) for \(checksummed(account)). It is for development: mainnets refuse it.")
    return .success
  }

  private static func generate(_ app: App) throws -> ExitStatus {
    let label = try app.arguments.required("label")
    let uri = try HSMURI(parsing: try app.settings.required("AM_HSM_URI", for: "making a key in a token"))
    let key = try HSMToken(uri, pinFile: app.settings["AM_HSM_PIN_FILE"]).generateKey(label: label)
    app.tell(
      ["event": "key", "account": .string(checksummed(key.account)), "origin": .string(key.origin)],
      or: "Made \(checksummed(key.account)) in \(Printable.foreign(uri.label))")
    return .success
  }

  private static func show(_ app: App) throws -> ExitStatus {
    let chain = try app.evmChain()
    app.warnOfKeys(chain)
    for key in try app.keys(chain) {
      app.tell(
        ["event": "key", "account": .string(checksummed(key.account)), "origin": .string(key.origin)],
        or: "\(checksummed(key.account))  \(Printable.foreign(key.origin))")
    }
    return .success
  }

  private static func signOffline(_ app: App) throws -> ExitStatus {
    let chain = try app.evmChain()
    app.warnOfKeys(chain)
    let signer = try app.ownSigner(chain, mayDeploy: true)
    let dir = try app.arguments.required("dir")
    let out = try app.arguments.required("out")
    let (requests, summary) = try OfflineSigner.readUnsigned(dir, codec: signer.codec)
    app.terminal.note("\(requests.count) transactions for \(summary.payees) recipients, content \(summary.contentHash)")
    for total in summary.totals { app.terminal.note("  \(total.units) base units of \(total.asset)") }
    try app.confirm("Sign them?")
    let signed = try OfflineSigner.sign(dir, with: signer, into: out)
    app.tell(
      ["event": "signed", "transactions": .integer(signed.requests), "dir": .string(out)],
      or:
        "\(signed.requests) signed transactions in \(out). Next, on the first machine: airdrop import-signed --dir \(out)"
    )
    return .success
  }

  static func checksummed(_ account: Address) -> String {
    EVMAddress(account.bytes).map { EIP55.text($0) } ?? Hex.prefixed(account.bytes)
  }
}
