import Policy
import Testing

@Suite("The table of permissions")
struct PermissionTableTests {
  /// Written a second time, cell by cell: i initiator, a approver, s signer, o operator, u auditor, m admin.
  static let table: [Permission: String] = [
    .view: "iasou-", .export: "---ou-", .campaignPrepare: "i-----", .campaignRun: "---o--", .campaignStop: "ia-o--",
    .approvalAsk: "i--o--", .approvalGive: "-a----", .payoutCompensate: "---o--", .keyUse: "--s---",
    .laneManage: "---o--", .storeManage: "---o--", .eventManage: "---o--", .auditView: "---oum", .peopleView: "----um",
    .peopleManage: "-----m", .policyManage: "-----m", .reviewDecide: "-a----",
    .payoutSettle: "-a-o--", .bookManage: "-a----", .secretManage: "-----m",
    .proposalView: "-a-oum",
  ]
  static let order: [Role] = [.initiator, .approver, .signer, .operator, .auditor, .admin]

  @Test(arguments: Permission.allCases, Role.allCases)
  func `each cell is as it was decided`(permission: Permission, role: Role) throws {
    let cells = Array(try #require(Self.table[permission]))
    let place = try #require(Self.order.firstIndex(of: role))
    #expect(permission.roles.contains(role) == (cells[place] != "-"), "\(permission.rawValue) \(role.rawValue)")
  }

  @Test func `an admin moves no money, and an auditor changes nothing`() {
    let money: [Permission] = [
      .campaignPrepare, .campaignRun, .campaignStop, .approvalAsk, .approvalGive, .payoutCompensate, .keyUse,
      .laneManage, .storeManage, .eventManage, .reviewDecide, .payoutSettle, .bookManage,
    ]
    for permission in money { #expect(permission.roles.isDisjoint(with: [.admin, .auditor])) }
    #expect(Permission.peopleManage.roles == [.admin])
  }

  @Test func `nobody holds two sides, and every other pair of roles goes together`() {
    let refused: [Set<Role>] = [
      [.admin, .initiator], [.admin, .approver], [.admin, .signer], [.admin, .operator], [.signer, .approver],
      [.signer, .initiator],
    ]
    for one in Role.allCases {
      for other in Role.allCases where one != other {
        if refused.contains([one, other]) {
          #expect(throws: PeopleError.self) { try Role.check([one, other, .auditor]) }
        } else {
          #expect(throws: Never.self) { try Role.check([one, other]) }
        }
      }
    }
    #expect(throws: PeopleError.self) { try Role.parse("approver,signer") }
    for text in ["", "approver,", "Approver", "approver operator", "root"] {
      #expect(throws: PeopleError.self, "\(text)") { try Role.parse(text) }
    }
  }

  @Test func `the wallet product's roles have their place at the desk`() {
    #expect(WalletRole.admin.deskRoles == [.approver, .operator] && WalletRole.finance.deskRoles == [.approver])
    #expect(WalletRole.support.deskRoles == [.auditor] && WalletRole.member.deskRoles.isEmpty)
    for role in WalletRole.allCases { #expect(throws: Never.self) { try Role.check(role.deskRoles) } }
  }
}
