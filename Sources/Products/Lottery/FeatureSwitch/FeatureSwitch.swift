/// Which features are on. Absent: everything is. Source: spec 2.11.
package struct FeatureSwitchRegistry: Equatable, Sendable {
  /// Switches everything on, whatever is stored: for development chains.
  package let forceEnableDevnet: Bool
  /// Any id may be stored; the engine asks for those of `Feature`.
  package internal(set) var entries: [UInt64: FeatureMode] = [:]

  package init(forceEnableDevnet: Bool) { self.forceEnableDevnet = forceEnableDevnet }

  /// Whether the feature is on for this caller. Throws `featureUnknown` when nothing is stored.
  package func isEnabled(_ feature: UInt64, premium: Bool) throws(LotteryError) -> Bool {
    if forceEnableDevnet { return true }
    guard let mode = entries[feature] else {
      throw LotteryError(.featureUnknown, "feature \(feature) has no mode", hint: "The admin sets one.")
    }
    switch mode {
    case .disabled: return false
    case .enabledAll: return true
    case .premiumOnly: return premium
    }
  }
}

extension LotteryEngine {
  /// Throws `notAuthorized`, `alreadyInitialized`.
  package mutating func initFeatureSwitch(forceEnableDevnet: Bool, _ context: Context) throws(LotteryError) {
    try requireAdmin(context)
    guard featureSwitch == nil else { throw LotteryError(.alreadyInitialized) }
    featureSwitch = FeatureSwitchRegistry(forceEnableDevnet: forceEnableDevnet)
  }

  /// Stores a mode for any feature id. Throws `notAuthorized`, `featureModeInvalid`, `registryMissing`.
  package mutating func setFeatureMode(feature: UInt64, mode: UInt8, _ context: Context) throws(LotteryError) {
    try requireAdmin(context)
    guard let mode = FeatureMode(rawValue: mode) else {
      throw LotteryError(.featureModeInvalid, "\(mode) is no mode", hint: "0 off, 1 on, 2 for premium buyers.")
    }
    guard featureSwitch != nil else { throw LotteryError(.registryMissing) }
    featureSwitch?.entries[feature] = mode
  }

  /// Throws `featureUnknown` or `featureDisabled`; passes when the switch was never initialised.
  package func requireFeature(_ feature: Feature, premium: Bool) throws(LotteryError) {
    guard let featureSwitch else { return }
    guard try featureSwitch.isEnabled(feature.rawValue, premium: premium) else {
      throw LotteryError(.featureDisabled, "\(feature) is off for this caller")
    }
  }
}
