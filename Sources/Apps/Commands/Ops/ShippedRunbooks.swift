import Operations

/// The runbooks that lie in this program: the files of `Ops/Runbooks`.
enum ShippedRunbooks {
  static let files: [(name: String, bytes: [UInt8])] = [
    ("administrator", PackageResources.administrator_json),
    ("automation-bot", PackageResources.automation_bot_json),
    ("dual-write", PackageResources.dual_write_json),
    ("emergency-refund", PackageResources.emergency_refund_json),
    ("key-leak", PackageResources.key_leak_json),
    ("partner", PackageResources.partner_json),
    ("price-feed", PackageResources.price_feed_json),
    ("refund", PackageResources.refund_json),
    ("release", PackageResources.release_json),
    ("vrf-deposit", PackageResources.vrf_deposit_json),
  ]

  static var names: [String] { files.map(\.name) }

  static func all() throws(RunbookError) -> [Runbook] {
    try files.map { file throws(RunbookError) in try Runbook(parsing: file.bytes) }
  }

  /// Throws `runbook.not_found`.
  static func named(_ name: String) throws(RunbookError) -> Runbook {
    guard let file = files.first(where: { $0.name == name }) else {
      throw RunbookError(.notFound, "no runbook is called \(name)", hint: "one of: \(names.joined(separator: ", "))")
    }
    return try Runbook(parsing: file.bytes)
  }
}
