extension SettingSpec {
  /// Settings of `almoner ops`. Names without AM_ are those of the scripts that these commands replace.
  static let operations: [SettingSpec] = [
    SettingSpec("AM_SUPRA_RPC", "Supra nodes, as a comma list of URLs; a majority must agree", flag: "supra-rpc"),
    SettingSpec("AM_SUPRA_CHAIN_ID", "chain id of the Supra nodes: 6 is the test network, 8 the main one"),
    SettingSpec("AM_SUPRA_QUORUM", "how many Supra nodes must agree; at least a majority"),
    SettingSpec("AM_SUPRA_API", "version of the nodes' calls: v1, v2 or v3", standard: "v3"),
    SettingSpec("AM_SUPRA_TIMEOUT_MS", "longest wait for one answer of a Supra node", standard: "10000"),
    SettingSpec("AM_SUPRA_KEY_FILE", "file with the 32-byte seed of the operator's Ed25519 key, in hex, mode 0600"),
    SettingSpec("AM_SUPRA_MAX_GAS", "most gas that one transaction may use", standard: "500000"),
    SettingSpec("AM_SUPRA_MAX_GAS_PRICE", "most quants that are paid for a unit of gas", standard: "100000"),
    SettingSpec(
      "AM_SUPRA_PATIENCE_S", "seconds to wait for a transaction's end before it is called unknown", standard: "20"),
    SettingSpec(
      "AM_DEPOSIT_ABI", "functions of the deposit module: legacy-camel, or l1-v3 for dVRF 3.0 on Supra L1",
      standard: "legacy-camel", flag: "deposit-abi"),
    SettingSpec(
      "AM_MODULE_NAMES", "names of the lottery's modules: v1, renamed, or old=new,...", standard: "v1",
      flag: "module-names"),
    SettingSpec(
      "AM_MIN_BALANCE_SEMANTICS", "what the deposit's flag means: chain (true is bad) or legacy (true is good)",
      standard: "chain", flag: "min-balance-semantics"),
    SettingSpec("AM_PROFILE", "name of the key and network profile, shown in reports", flag: "profile"),
    SettingSpec("PROFILE", "older name of AM_PROFILE, read by almoner ops alone"),
    SettingSpec("LOTTERY_ADDR", "package of the lottery", flag: "lottery-addr"),
    SettingSpec("HUB_ADDR", "package of the VRF hub; the lottery's unless set", flag: "hub-addr"),
    SettingSpec("FACTORY_ADDR", "package of the registry; the lottery's unless set", flag: "factory-addr"),
    SettingSpec("DEPOSIT_ADDR", "package of the dVRF deposit", flag: "deposit-addr"),
    SettingSpec("CLIENT_ADDR", "the client that the deposit knows; the lottery unless set", flag: "client-addr"),
    SettingSpec("MAX_GAS_PRICE", "highest gas price of a request", flag: "max-gas-price"),
    SettingSpec("MAX_GAS_LIMIT", "gas limit of a request", flag: "max-gas-limit"),
    SettingSpec("VERIFICATION_GAS_VALUE", "gas for verifying a request", flag: "verification-gas"),
    SettingSpec("MIN_BALANCE_MARGIN", "share kept above the minimum", standard: "0.15", flag: "margin"),
    SettingSpec("MIN_BALANCE_WINDOW", "requests that the minimum must cover", standard: "30", flag: "window"),
    SettingSpec("LOTTERY_IDS", "lotteries to report, such as 4,2; all of the hub unless set", flag: "lottery-ids"),
    SettingSpec("MIN_BALANCE_LIMIT", "minimum that monitor-check expects instead of the calculated one"),
    SettingSpec("MONITOR_MARGIN", "older name of MIN_BALANCE_MARGIN, read by monitor-check"),
    SettingSpec("REQUEST_WINDOW", "older name of MIN_BALANCE_WINDOW, read by monitor-check"),
    SettingSpec("MONITOR_WEBHOOK_URL", "where monitor-slack posts", flag: "webhook-url", isSecret: true),
    SettingSpec(
      "MONITOR_WEBHOOK_TYPE", "form of the post: slack, generic or teams", standard: "slack", flag: "webhook-type"),
    SettingSpec("MONITOR_TITLE", "first line of the post", standard: "Supra dVRF status", flag: "title"),
    SettingSpec("METRIC_PREFIX", "prefix of every metric", standard: "supra_dvrf", flag: "metric-prefix"),
    SettingSpec("MONITOR_PUSH_URL", "push gateway for the metrics", flag: "push-url", isSecret: true),
    SettingSpec("MONITOR_PUSH_METHOD", "POST or PUT", standard: "POST", flag: "push-method"),
    SettingSpec("MONITOR_PUSH_TIMEOUT", "seconds to wait for the push gateway", standard: "10", flag: "push-timeout"),
  ]
}
