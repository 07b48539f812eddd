package import Policy

/// What a role of the wallet product may do. Raw values are the names in its API.
package enum WalletPermission: String, CaseIterable, Sendable {
  case dashboardView = "dashboard:view"
  case usersManage = "users:manage"
  case usersView = "users:view"
  case twoFactorView = "users:two_factor:view"
  case twoFactorDisable = "users:two_factor:disable"
  case walletsView = "wallets:view"
  case walletsViewTransactions = "wallets:view_transactions"
  case walletsViewSensitive = "wallets:view_sensitive"
  case approveWithdrawal = "wallets:approve_withdrawal"
  case auditsView = "audits:view"
  case auditsViewFull = "audits:view_full"
  case rolesAssign = "roles:assign"
  case organizationsView = "organizations:view"
  case organizationsViewAll = "organizations:view_all"
  case kpiRead = "kpi:read"
  case kpiReadAll = "kpi:read_all"
  case personalDataViewFull = "personal_data:view_full"

  /// The one table: who may.
  package var roles: Set<WalletRole> {
    switch self {
    case .dashboardView: [.admin, .finance, .support, .member]
    case .usersManage, .twoFactorDisable, .auditsViewFull, .rolesAssign, .organizationsViewAll, .kpiReadAll: [.admin]
    case .usersView: [.support]
    case .twoFactorView: [.admin, .support]
    case .walletsView: [.member]
    case .walletsViewTransactions: [.finance]
    case .walletsViewSensitive, .approveWithdrawal, .personalDataViewFull: [.admin, .finance]
    case .auditsView, .organizationsView, .kpiRead: [.admin, .finance, .support]
    }
  }
}

/// Roles and scopes of one caller, out of one list: `support`, `scope:kpi:node:binary:node-3`.
package struct WalletAccess: Hashable, Sendable {
  /// Roles of the table; unknown ones give nothing and are kept in `roleTexts` only.
  package let roles: Set<WalletRole>
  package let roleTexts: [String]
  /// Values by domain, in their order.
  package let scopes: [String: [String]]

  package init(_ list: [String]) {
    var texts: [String] = []
    var scopes: [String: [String]] = [:]
    for entry in list {
      guard entry.hasPrefix("scope:") else {
        texts.append(entry)
        continue
      }
      let parts = entry.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      scopes[String(parts[1]), default: []].append(String(parts[2]))
    }
    roleTexts = texts
    roles = Set(texts.compactMap { WalletRole(rawValue: $0) })
    self.scopes = scopes
  }

  package var permissions: Set<WalletPermission> {
    Set(WalletPermission.allCases.filter { !$0.roles.isDisjoint(with: roles) })
  }

  package func may(_ permission: WalletPermission) -> Bool { !permission.roles.isDisjoint(with: roles) }

  package var seesFullPersonalData: Bool { may(.personalDataViewFull) || may(.walletsViewSensitive) }
  package var seesFullAuditSubjects: Bool { may(.auditsViewFull) || seesFullPersonalData }
  package var readsEveryKPI: Bool { may(.kpiReadAll) || may(.organizationsViewAll) }

  /// A node that a KPI scope names; a tree of nil means any.
  package struct ScopedNode: Hashable, Sendable {
    package let tree: String?
    package let node: String
    package init(tree: String?, node: String) {
      self.tree = tree
      self.node = node
    }
  }

  /// `node:<id>` and `node:<tree>:<id...>`; anything else is ignored.
  package var kpiNodes: Set<ScopedNode> {
    Set(
      (scopes["kpi"] ?? []).compactMap { value in
        let parts = value.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.first == "node" else { return nil }
        switch parts.count {
        case 2: return ScopedNode(tree: nil, node: parts[1])
        case 3: return ScopedNode(tree: parts[1].isEmpty ? nil : parts[1], node: parts[2])
        default: return nil
        }
      })
  }
}
