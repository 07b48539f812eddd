import Engine
package import OpenSSL
package import Policy
import Signing

/// Replaces one secret: the new one beside the old, a test call with it, then in force, more test calls, then the old
/// one ends. Whatever it was interrupted at, the same again goes on or goes back; at no moment is there no secret.
package struct SecretRotation {
  /// What has just become durable. `record` is told, and a store that cannot take the record stops the rotation there.
  package enum Step: String, CaseIterable, Sendable {
    case staged, tested, switching, switched, confirmed, revoked
    /// The service did not take the new one, or somebody took it back: the old one is in force.
    case wentBack = "went_back"
  }

  /// How a rotation ends that throws nothing.
  package enum End: Hashable, Sendable { case revoked, resumedAndRevoked }

  /// Room for a key with its chain of certificates.
  private static let mostBytes = 64 << 10

  private let files: SecretFiles
  private let calls: Int
  private let test: (String) throws -> Void
  private let record: (Step) throws -> Void

  /// `test`: a call of the real service with the secret in the file of this path; it throws when the secret is refused.
  /// `calls`: how many calls must succeed, one after the other, before the old secret ends.
  package init(
    _ files: SecretFiles, calls: Int, test: @escaping (String) throws -> Void,
    record: @escaping (Step) throws -> Void
  ) {
    self.files = files
    self.calls = max(1, calls)
    self.test = test
    self.record = record
  }

  /// Reads the file with the new secret. Throws `secrets.unsafe_file`, also for one that others may read.
  package static func new(from path: String) throws(SecretError) -> SecretBytes {
    let warnings = SecretLook(path: path).warnings
    guard warnings.isEmpty || warnings == [.rotationLeftOpen] else {
      throw SecretError(
        .unsafeFile, "\(path) is missing, or others can read or replace it", hint: "chmod 600 \(path)")
    }
    do throws(SigningError) { return try SecretFile.read(path, most: mostBytes) } catch {
      throw SecretError(.unsafeFile, error.message, hint: error.hint)
    }
  }

  /// Throws `secrets.*`, and what `record` throws.
  package func run(_ new: SecretBytes) throws -> End {
    try files.check()
    switch files.stage {
    case .switched:
      guard try SecretRotation.read(files.path) == new else { throw SecretRotation.another(files) }
      try confirm()
      return .resumedAndRevoked
    case .none:
      guard try SecretRotation.read(files.path) != new else {
        throw SecretError(.unchanged, "the new secret is the one in force: nothing was done")
      }
      try files.stage(new)
    case .staged, .switching:
      guard try SecretRotation.read(files.next) == new else { throw SecretRotation.another(files) }
    }
    try record(.staged)
    try tryOut(files.next) { try files.unstage() }
    try record(.tested)
    if files.stage == .staged { try files.keepOld() }
    try record(.switching)
    try files.putInForce()
    try record(.switched)
    try confirm()
    return .revoked
  }

  /// Takes an unfinished rotation back. Throws `secrets.no_rotation` for none.
  package func back() throws {
    switch files.stage {
    case .none: throw SecretError(.noRotation, "no rotation of this secret is open")
    case .staged, .switching: try files.unstage()
    case .switched: try files.goBack()
    }
    try record(.wentBack)
  }

  private func confirm() throws {
    for _ in 0..<calls { try tryOut(files.path) { try files.goBack() } }
    try record(.confirmed)
    try files.forgetOld()
    try record(.revoked)
  }

  /// A call that fails puts things back before it is told.
  private func tryOut(_ path: String, orElse putBack: () throws -> Void) throws {
    do { try test(path) } catch {
      try putBack()
      try record(.wentBack)
      throw SecretError(
        .testFailed,
        "the service did not take the new secret, and the old one is in force: "
          + EngineError(any: error).message,
        hint: "check the new secret at the service; nothing else is to be mended")
    }
  }

  static func read(_ path: String) throws(SecretError) -> SecretBytes {
    do throws(SigningError) { return try SecretFile.read(path, most: mostBytes) } catch {
      throw SecretError(.unsafeFile, error.message, hint: error.hint)
    }
  }

  private static func another(_ files: SecretFiles) -> SecretError {
    SecretError(
      .rotationOpen, "another rotation of \(files.path) is open",
      hint: "run it again with its own file, or take it back with --back")
  }
}
