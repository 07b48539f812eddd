/// Which features are on. Absent: everything is.
package struct FeatureSwitchRegistry: Equatable, Sendable {
  package internal(set) var forceEnableDevnet: Bool
  package internal(set) var entries: [UInt64: FeatureMode] = [:]

  package init(forceEnableDevnet: Bool) { self.forceEnableDevnet = forceEnableDevnet }
}

extension LotteryEngine {
  /// Throws `featureUnknown` or `featureDisabled`; passes when the switch was never initialised.
  package func requireFeature(_ feature: Feature, premium: Bool) throws(LotteryError) {
    guard let featureSwitch, !featureSwitch.forceEnableDevnet else { return }
    guard let mode = featureSwitch.entries[feature.rawValue] else { throw LotteryError(.featureUnknown) }
    switch mode {
    case .enabledAll: return
    case .premiumOnly where premium: return
    case .disabled, .premiumOnly: throw LotteryError(.featureDisabled)
    }
  }
}
