/// Options that several commands of `almoner ops` share.
enum OperationsOptions {
  static let calculation: [CommandSpec.Option] = [
    .value("max-gas-price", "N", "highest gas price of a request, instead of MAX_GAS_PRICE"),
    .value("max-gas-limit", "N", "gas limit of a request, instead of MAX_GAS_LIMIT"),
    .value("verification-gas", "N", "gas for verifying a request, instead of VERIFICATION_GAS_VALUE"),
    .value("margin", "SHARE", "share kept above the minimum (0.15)"),
    .value("window", "N", "requests that the minimum must cover (30)"),
  ]

  /// What every command takes that reads the report.
  static let report: [CommandSpec.Option] =
    [
      .value("profile", "NAME", "key and network profile, shown in reports, instead of AM_PROFILE"),
      .value("lottery-addr", "ADDRESS", "package of the lottery, instead of LOTTERY_ADDR"),
      .value("hub-addr", "ADDRESS", "package of the VRF hub, instead of HUB_ADDR"),
      .value("factory-addr", "ADDRESS", "package of the registry, instead of FACTORY_ADDR"),
      .value("deposit-addr", "ADDRESS", "package of the dVRF deposit, instead of DEPOSIT_ADDR"),
      .value("client-addr", "ADDRESS", "the client that the deposit knows, instead of CLIENT_ADDR"),
      .value("supra-rpc", "URL,...", "Supra nodes, instead of AM_SUPRA_RPC"),
      .value("deposit-abi", "ABI", "legacy-camel or l1-v3, instead of AM_DEPOSIT_ABI"),
      .value("module-names", "NAMES", "v1, renamed or old=new,..., instead of AM_MODULE_NAMES"),
      .value("min-balance-semantics", "MEANING", "chain or legacy, instead of AM_MIN_BALANCE_SEMANTICS"),
      .value("lottery-ids", "ID,...", "lotteries to report; all of the hub unless given"),
    ] + calculation

  static let failOnLow = CommandSpec.Option.flag("fail-on-low", "end with 1 when the deposit is below its minimum")
  static let pretty = CommandSpec.Option.flag("pretty", "JSON over several lines")

  static let readiness: [CommandSpec.Option] = [
    .value("min-tickets", "N", "tickets that a draw needs (5)"),
    .flag("skip-draw-scheduled", "do not ask whether a draw is scheduled"),
    .flag("allow-pending-request", "an open request is no obstacle"),
    .flag("skip-min-balance", "do not ask for the deposit's flag"),
    .flag("require-aggregator", "the whitelist of aggregators must not be empty"),
    .list("expect-aggregator", "ADDRESS", "must be in the whitelist"),
  ]
}
