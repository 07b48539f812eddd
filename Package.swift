// swift-tools-version: 6.2
import PackageDescription

// The rings of the house (docs/internals/architecture.md). Every target names its ring by a type of its own, so an
// arrow that points outwards does not compile here, and explicit-import checking (Makefile) refuses one in the sources.

/// The money core: no I/O, no C, no clock, no randomness of its own.
enum Core: String { case Money, Codecs, Curves, Ledger, Chains, Signing, Policy, Payouts, Audit, Engine }
/// Product lines: use the core, never each other.
enum Product: String { case Airdrop, Lottery, Operations, Wallet }
/// Implementations of the ports: never use each other, but `Transport`.
enum Adapter: String {
  case Store, MemoryStore, EVMDriver, SupraDriver, SimulatedChain, Keys, Transport, Files, Broker, Screening, Randomness,
    CustodialDriver
}
/// One Swift wrapper per C library: the only `unsafe`.
enum Library: String {
  case SQLite, PostgreSQL, Secp256k1, Curl, PKCS11, OpenSSL, POSIX, Redis, NATS, Kafka, Expat, Argon2, OATH, MaxMind,
    Sodium
}
/// Module maps of the C libraries.
enum System: String {
  case CSQLite, CPostgreSQL, CSecp256k1, CCurl, CPKCS11, COpenSSL, CRedis, CNATS, CKafka, CExpat, CArgon2, COATH,
    CMaxMind,
    CSodium
}
/// What a person starts, and what only such a program needs.
enum App: String { case Terminal, Loads, Commands, Simulation }

/// `tools/fuzz.sh` sets this: only then is there a target that needs libFuzzer's driver to link.
let fuzz = Context.environment["ALMONER_FUZZ"] == "1"
let mutants = Context.environment["ALMONER_MUTANTS"] == "1"

let house: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
  ] + (mutants ? [.define("ALMONER_MUTANTS")] : [])

func names<Ring: RawRepresentable<String>>(_ ring: [Ring]) -> [Target.Dependency] {
  ring.map { .init(stringLiteral: $0.rawValue) }
}

func core(_ target: Core, _ uses: Core...) -> Target {
  .target(
    name: target.rawValue, dependencies: names(uses), path: "Sources/Core/\(target.rawValue)",
    swiftSettings: house)
}

func product(_ target: Product, _ uses: Core...) -> Target {
  .target(
    name: target.rawValue, dependencies: names(uses), path: "Sources/Products/\(target.rawValue)",
    swiftSettings: house)
}

func adapter(
  _ target: Adapter, _ uses: Core..., products: [Product] = [], libraries: [Library] = [],
  transport: Bool = false
) -> Target {
  .target(
    name: target.rawValue,
    dependencies: names(uses) + names(products) + names(libraries) + (transport ? names([Adapter.Transport]) : []),
    path: "Sources/Adapters/\(target.rawValue)", swiftSettings: house)
}

func library(_ target: Library, _ uses: System) -> Target {
  .target(
    name: target.rawValue, dependencies: names([uses]), path: "Sources/Libraries/\(target.rawValue)",
    swiftSettings: house)
}

/// A wrapper of the C library itself, which needs no module map.
func library(_ target: Library) -> Target {
  .target(name: target.rawValue, path: "Sources/Libraries/\(target.rawValue)", swiftSettings: house)
}

func system(_ target: System, pkgConfig: String?, apt: String) -> Target {
  .systemLibrary(
    name: target.rawValue, path: "Sources/System/\(target.rawValue)", pkgConfig: pkgConfig,
    providers: [.apt([apt])])
}

func app(
  _ target: App, core uses: [Core] = [], products: [Product] = [], adapters: [Adapter] = [],
  libraries: [Library] = [], apps: [App] = [], resources: [Resource]? = nil
) -> Target {
  .target(
    name: target.rawValue,
    dependencies: names(uses) + names(products) + names(adapters) + names(libraries) + names(apps),
    path: "Sources/Apps/\(target.rawValue)", resources: resources, swiftSettings: house)
}

func executable(_ name: String, path: String, _ uses: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: uses, path: path, swiftSettings: house)
}

func tests(_ name: String, _ uses: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(
    name: name, dependencies: uses + ["TestSupport"], path: "Tests/\(name)", exclude: exclude, swiftSettings: house)
}

let package = Package(
  name: "almoner",
  products: [
    .executable(name: "almoner", targets: ["almoner"]),
    .executable(name: "almoner-sim", targets: ["almoner-sim"]),
    .executable(name: "almoner-bench", targets: ["almoner-bench"]),
  ],
  targets: [
    core(.Money),
    core(.Codecs, .Money),
    core(.Curves, .Codecs),
    core(.Ledger, .Money),
    core(.Chains, .Money, .Codecs),
    core(.Signing, .Money, .Codecs, .Chains, .Policy, .Payouts),
    core(.Audit, .Codecs),
    core(.Policy, .Money, .Codecs, .Chains),
    core(.Payouts, .Money, .Codecs, .Ledger, .Chains),
    core(.Engine, .Money, .Codecs, .Ledger, .Chains, .Signing, .Policy, .Payouts, .Audit),

    product(.Airdrop, .Money, .Codecs, .Ledger, .Chains, .Signing, .Policy, .Payouts, .Audit, .Engine),
    product(.Lottery, .Money, .Codecs, .Curves, .Ledger, .Chains, .Payouts, .Audit, .Engine),
    product(.Operations, .Money, .Codecs, .Chains),
    product(.Wallet, .Money, .Codecs, .Policy),

    system(.CSQLite, pkgConfig: "sqlite3", apt: "libsqlite3-dev"),
    system(.CPostgreSQL, pkgConfig: "libpq", apt: "libpq-dev"),
    system(.CSecp256k1, pkgConfig: "libsecp256k1", apt: "libsecp256k1-dev"),
    system(.CCurl, pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
    system(.CPKCS11, pkgConfig: "p11-kit-1", apt: "libp11-kit-dev"),
    system(.COpenSSL, pkgConfig: "openssl", apt: "libssl-dev"),
    // Its pkg-config file has a flag that SwiftPM refuses with a warning, and nothing that is needed.
    system(.CRedis, pkgConfig: nil, apt: "libhiredis-dev"),
    system(.CNATS, pkgConfig: "libnats", apt: "libnats-dev"),
    system(.CKafka, pkgConfig: "rdkafka", apt: "librdkafka-dev"),
    system(.CExpat, pkgConfig: "expat", apt: "libexpat1-dev"),
    system(.CArgon2, pkgConfig: "libargon2", apt: "libargon2-dev"),
    system(.COATH, pkgConfig: "liboath", apt: "liboath-dev"),
    system(.CMaxMind, pkgConfig: "libmaxminddb", apt: "libmaxminddb-dev"),
    system(.CSodium, pkgConfig: "libsodium", apt: "libsodium-dev"),

    library(.SQLite, .CSQLite),
    library(.PostgreSQL, .CPostgreSQL),
    library(.Secp256k1, .CSecp256k1),
    library(.Curl, .CCurl),
    library(.PKCS11, .CPKCS11),
    library(.OpenSSL, .COpenSSL),
    library(.POSIX),
    library(.Redis, .CRedis),
    library(.NATS, .CNATS),
    library(.Kafka, .CKafka),
    library(.Expat, .CExpat),
    library(.Argon2, .CArgon2),
    library(.OATH, .COATH),
    library(.MaxMind, .CMaxMind),
    library(.Sodium, .CSodium),

    adapter(.Transport, .Codecs, libraries: [.Curl]),
    adapter(
      .Store, .Money, .Codecs, .Ledger, .Chains, .Signing, .Policy, .Payouts, .Audit, .Engine, products: [.Airdrop],
      libraries: [.SQLite, .PostgreSQL]),
    adapter(
      .MemoryStore, .Money, .Codecs, .Ledger, .Chains, .Signing, .Policy, .Payouts, .Audit, .Engine,
      products: [.Airdrop]),
    adapter(.EVMDriver, .Money, .Codecs, .Chains, .Signing, .Payouts, .Engine, transport: true),
    adapter(
      .SupraDriver, .Money, .Codecs, .Chains, products: [.Operations], libraries: [.OpenSSL], transport: true),
    adapter(.SimulatedChain, .Money, .Codecs, .Chains, .Signing, .Payouts, .Engine),
    adapter(
      .Keys, .Money, .Codecs, .Curves, .Chains, .Signing, .Policy, .Payouts, .Audit, .Engine,
      libraries: [.Secp256k1, .PKCS11, .OpenSSL, .SQLite, .Argon2, .OATH, .POSIX, .Sodium], transport: true),

    adapter(
      .Screening, .Money, .Codecs, .Chains, .Policy, libraries: [.Expat, .OpenSSL, .POSIX, .MaxMind], transport: true),
    adapter(.Randomness, .Codecs, .Curves, libraries: [.Sodium], transport: true),
    adapter(.CustodialDriver, .Money, .Codecs, .Payouts, transport: true),
    adapter(.Broker, .Codecs, .Engine, libraries: [.Redis, .NATS, .Kafka]),
    adapter(.Files, .Money, .Codecs, .Engine, products: [.Airdrop], libraries: [.OpenSSL, .POSIX]),

    app(.Terminal),
    app(.Loads, core: [.Money, .Codecs, .Chains, .Payouts, .Engine], products: [.Airdrop, .Lottery]),
    app(
      .Commands,
      core: [.Money, .Codecs, .Curves, .Ledger, .Chains, .Signing, .Policy, .Payouts, .Audit, .Engine],
      products: [.Airdrop, .Lottery, .Operations],
      adapters: [
        .Store, .MemoryStore, .EVMDriver, .SupraDriver, .SimulatedChain, .Keys, .Transport, .Files, .Broker, .Screening,
        .Randomness,
      ],
      libraries: [.OpenSSL, .POSIX, .Sodium],
      apps: [.Terminal, .Loads],
      resources: [
        .embedInCode("Ops/Runbooks"),
        .embedInCode("Lottery/Page/draw-verifier.js"), .embedInCode("Lottery/Page/beacon-verifier.js"),
        .embedInCode("Lottery/Page/page.js"), .embedInCode("Lottery/Page/page.css"),
      ]),
    app(
      .Simulation,
      core: [.Money, .Codecs, .Curves, .Ledger, .Chains, .Signing, .Policy, .Payouts, .Audit, .Engine],
      products: [.Airdrop, .Lottery], adapters: [.Store, .MemoryStore, .SimulatedChain, .Keys, .Randomness],
      libraries: [.SQLite, .OpenSSL, .Sodium], apps: [.Loads]),
    executable("almoner", path: "Sources/Apps/almoner", ["Commands"]),
    executable("almoner-sim", path: "Sources/Apps/almoner-sim", ["Simulation"]),
    executable(
      "almoner-bench", path: "Benchmarks/almoner-bench",
      [
        "Money", "Codecs", "Curves", "Ledger", "Chains", "Signing", "Policy", "Payouts", "Audit", "Engine", "Airdrop",
        "Lottery", "Store", "MemoryStore", "SimulatedChain", "EVMDriver", "Keys", "OpenSSL", "SQLite", "Secp256k1",
        "Files", "Broker", "Screening", "Wallet",
      ]),

    .target(
      name: "TestSupport", dependencies: ["Money", "Codecs"], path: "Tests/TestSupport", swiftSettings: house),
    tests("CodecsTests", ["Money", "Codecs", "Curves", "OpenSSL"]),
    tests(
      "CoreTests",
      ["Money", "Codecs", "Curves", "Ledger", "Chains", "Signing", "Policy", "Payouts", "Audit", "Engine", "OpenSSL"]),
    tests(
      "LibrariesTests",
      ["SQLite", "PostgreSQL", "Secp256k1", "Curl", "PKCS11", "OpenSSL", "Argon2", "OATH", "MaxMind", "Sodium"]),
    tests(
      "EdgesTests",
      [
        "Transport", "Money", "Codecs", "Chains", "Policy", "Screening", "Expat", "Keys", "Secp256k1", "OpenSSL",
        "Curves", "Randomness", "Sodium", "SupraDriver", "Operations",
      ]),
    tests(
      "KeysTests",
      [
        "Keys", "Curves", "Sodium", "Transport", "OATH", "Audit", "Money", "Codecs", "Chains", "Signing", "Policy", "Payouts", "POSIX",
        "MemoryStore", "Engine", "Secp256k1", "OpenSSL", "PKCS11", "SQLite", "EVMDriver",
      ]),
    tests(
      "StoreTests",
      [
        "Store", "MemoryStore", "Money", "Codecs", "Ledger", "Chains", "Signing", "Policy", "Payouts", "Audit",
        "Engine", "Airdrop", "SQLite", "OpenSSL",
      ]),
    tests(
      "EVMDriverTests",
      [
        "EVMDriver", "Policy", "Screening", "Transport", "Keys", "Secp256k1", "Money", "Codecs", "Chains", "Signing",
        "Payouts", "Engine",
      ]),
    tests(
      "AirdropTests",
      [
        "Airdrop", "MemoryStore", "SimulatedChain", "Money", "Codecs", "Ledger", "Chains", "Signing", "Policy",
        "Payouts",
        "Audit", "Engine", "OpenSSL", "Files", "POSIX",
      ]),
    tests(
      "LotteryTests",
      [
        "Lottery", "Operations", "Money", "Codecs", "Curves", "Ledger", "Chains", "Payouts", "Audit", "Engine",
        "MemoryStore", "Store", "SQLite", "OpenSSL",
      ]),
    tests("WalletTests", ["Wallet", "CustodialDriver", "Transport", "Payouts", "Policy", "Money", "Codecs", "OpenSSL"]),
    tests(
      "CommandsTests",
      [
        "Commands", "Terminal", "Money", "Codecs", "Chains", "Policy", "Payouts", "Engine", "Airdrop", "Transport",
        "Keys",
        "Secp256k1", "SQLite", "PostgreSQL", "OpenSSL", "OATH", "Signing", "EVMDriver", "Screening", "POSIX",
        "Operations", "Files",
      ]),
    tests(
      "SimulationTests",
      [
        "Simulation", "SimulatedChain", "Store", "MemoryStore", "Keys", "Airdrop", "Lottery", "SQLite", "Money", "Codecs",
        "Chains",
        "Signing", "Policy", "OpenSSL", "Payouts", "Audit", "Engine",
      ], exclude: ["Boundaries/boundaries.txt"]),
    tests(
      "BrokerTests",
      [
        "Broker", "Redis", "NATS", "Kafka", "Engine", "Payouts", "Chains", "Money", "Codecs", "Audit", "MemoryStore",
        "Store",
        "OpenSSL",
      ]),
    tests("RepositoryTests", ["Payouts", "Engine", "Commands"]),
  ]
    + (fuzz
      ? [
        .executableTarget(
          name: "almoner-fuzz",
          dependencies: [
            "Money", "Codecs", "Curves", "Chains", "Signing", "Payouts", "Engine", "Airdrop", "Lottery", "Transport",
            "EVMDriver", "Keys", "Commands", "Files", "Broker", "Redis", "Policy", "Screening", "Expat", "Sodium",
            "OpenSSL",
          ], path: "Tests/Fuzz", exclude: ["corpus"], swiftSettings: house)
      ] : [])
)

// A build with switches has only the tests that look at them; all the others hold in any build.
if mutants { package.targets.removeAll { $0.type == .test && $0.name != "LotteryTests" } }
