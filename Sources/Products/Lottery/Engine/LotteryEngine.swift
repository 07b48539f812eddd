/// Every lottery of one package account: the store of each module, and nothing else.
///
/// A store is nil until its `init…` operation was called. An operation of the specification is a mutating method in the
/// extension of its module: it checks everything, in the order of the specification, before it writes anything, and
/// returns the events that it emits; when it throws, nothing is changed. Large collections are changed where they lie.
/// An operation never copies a store.
package struct LotteryEngine: Equatable, Sendable {
  /// The package account. "Admin check" means that the caller is this one.
  package let admin: LotteryAddress

  package var registry: Registry?
  package var sales: SalesStore?
  package var draws: DrawStore?
  package var payouts: PayoutStore?
  package var roles: RoleStore?
  package var featureSwitch: FeatureSwitchRegistry?
  package var vrfDeposit: VrfDeposit?
  package var history: HistoryStore?
  package var legacyBridge: LegacyBridge
  package var automation: AutomationRegistry?
  package var priceFeed: PriceFeedRegistry?
  package var emergencyStop: EmergencyStop

  package init(admin: LotteryAddress) {
    self.admin = admin
    legacyBridge = LegacyBridge()
    emergencyStop = EmergencyStop()
  }

  /// Throws `notAuthorized` (or the `code` of modules that name it otherwise) unless the caller is the admin.
  package func requireAdmin(_ context: Context, _ code: LotteryError.Code = .notAuthorized) throws(LotteryError) {
    guard context.actor == admin else {
      throw LotteryError(code, "\(context.actor) is not the admin", hint: "Ask the admin to do it.")
    }
  }
}
