import Foundation

extension Desk {
  /// Writes a secret's file as its owner would, `days` old. Returns its path.
  @discardableResult
  func secret(_ text: String, to name: String, mode: Int = 0o600, days: Double = 0) throws -> String {
    try scratch.write(text + "\n", to: name)
    try FileManager.default.setAttributes(
      [.posixPermissions: NSNumber(value: mode), .modificationDate: Date(timeIntervalSinceNow: -days * 86_400)],
      ofItemAtPath: scratch(name))
    return scratch(name)
  }

  /// `almoner secrets rotate NAME`, from a file that `secret` wrote.
  func rotate(
    _ name: String, _ from: String, _ settings: [String: String], _ more: [String] = []
  ) throws -> Program.Ended {
    try run(["secrets", "rotate", name, "--from", scratch(from), "--yes", "--json"] + more, environment: settings)
  }
}
