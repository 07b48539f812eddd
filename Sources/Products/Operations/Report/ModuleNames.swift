/// What the modules of the lottery are called on a chain. Names changed over time; the tools know them by the old ones.
/// Source: specification of the operator tools, section 2.
package struct ModuleNames: Hashable, Sendable {
  private let renamed: [String: String]

  /// As the original tools call them.
  package static let v1 = ModuleNames(renamed: [:])

  /// As newer packages call them.
  package static let current = ModuleNames(renamed: [
    "main_v2": "core_main_v2", "instances": "core_instances", "rounds": "core_rounds", "operators": "core_operators",
    "treasury_v1": "core_treasury_v1", "treasury_multi": "core_treasury_multi", "history": "support_history",
    "metadata": "support_metadata", "migration": "support_migration", "autopurchase": "rewards_autopurchase",
    "jackpot": "rewards_jackpot", "nft": "rewards_nft", "referrals": "rewards_referrals", "vip": "rewards_vip",
    "store": "rewards_store", "rounds_sync": "rewards_rounds_sync",
  ])

  private init(renamed: [String: String]) { self.renamed = renamed }

  /// `v1`, `renamed`, or `old=new,...` on top of `v1`. Throws `operations.bad_setting`.
  package init(parsing text: String) throws(OperationsError) {
    switch text {
    case "v1": self = .v1
    case "renamed": self = .current
    default:
      var renamed: [String: String] = [:]
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        let names = part.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
        guard names.count == 2, names.allSatisfy({ !$0.isEmpty }),
          renamed.updateValue(names[1], forKey: names[0]) == nil
        else {
          throw OperationsError(
            .badSetting, "\(text) names no modules", hint: "v1, renamed, or a list such as main_v2=core_main_v2")
        }
      }
      self.init(renamed: renamed)
    }
  }

  package subscript(name: String) -> String { renamed[name] ?? name }
}
