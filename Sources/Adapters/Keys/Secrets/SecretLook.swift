import Foundation
package import Money
package import Policy

/// What can be told of a file with a secret without reading it.
package struct SecretLook: Hashable, Sendable {
  /// When it was written last; nil where it is not there. A command puts a new file in its place, so this is when the
  /// secret came into force; whoever may write the file may also set it.
  package let writtenAt: Timestamp?
  package let warnings: [SecretWarning.Code]

  package init(path: String) {
    let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    guard let found = try? FileManager.default.attributesOfItem(atPath: real) else {
      writtenAt = nil
      warnings = [.missing]
      return
    }
    var warnings: [SecretWarning.Code] = []
    let mode = (found[.posixPermissions] as? NSNumber)?.intValue ?? 0
    if mode & 0o044 != 0 { warnings.append(.exposed) }
    if mode & 0o022 != 0 || SecretFiles.isWritableByOthers(SecretFiles.folder(of: real)) {
      warnings.append(.replaceable)
    }
    if SecretFiles(path: path).stage != .none { warnings.append(.rotationLeftOpen) }
    self.warnings = warnings
    writtenAt = (found[.modificationDate] as? Date).map {
      Timestamp(milliseconds: Int64($0.timeIntervalSince1970 * 1000))
    }
  }
}
