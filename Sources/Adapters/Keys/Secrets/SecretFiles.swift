import Foundation
package import OpenSSL
import POSIX
package import Policy
import Signing

/// One secret in a file, and what lies beside it while it is replaced: `FILE` is in force, `FILE.next` waits for its
/// test, `FILE.old` was in force before.
///
/// Every change is one name in one folder, and is on the disk when the call returns, so that after a crash the names
/// tell how far it came. `FILE` exists at every moment.
package struct SecretFiles: Sendable {
  package let path: String
  package var next: String { path + ".next" }
  package var old: String { path + ".old" }

  package init(path: String) { self.path = path }

  /// How far a replacement came.
  package enum Stage: Hashable, Sendable {
    /// Nothing lies beside the secret.
    case none
    /// The new one waits for its test; the old one is in force.
    case staged
    /// The old one has its second name, and is in force still.
    case switching
    /// The new one is in force; the old one is kept.
    case switched
  }

  package var stage: Stage {
    switch (SecretFiles.exists(next), SecretFiles.exists(old)) {
    case (false, false): .none
    case (true, false): .staged
    case (true, true): .switching
    case (false, true): .switched
    }
  }

  /// The secret that is replaced, or was by a rotation that has not ended. Throws `secrets.unsafe_file`.
  package func replaced() throws(SecretError) -> SecretBytes {
    try SecretRotation.read(stage == .switched ? old : path)
  }

  /// Throws `secrets.unsafe_file` unless the secret is a regular file of this user, in a folder that nobody else writes.
  package func check() throws(SecretError) {
    guard let found = SecretFiles.attributes(path) else {
      throw SecretError(.unsafeFile, "\(path) is not there", hint: "check the setting that names it")
    }
    guard found[.type] as? FileAttributeType == .typeRegular else {
      throw SecretError(
        .unsafeFile, "\(path) is a link or no regular file", hint: "replace it where it is mounted from")
    }
    guard (found[.ownerAccountID] as? NSNumber)?.uint32Value == geteuid() else {
      throw SecretError(
        .unsafeFile, "\(path) is another user's, who could not read what is put there", hint: "run this as its owner")
    }
    guard !SecretFiles.isWritableByOthers(SecretFiles.folder(of: path)) else {
      throw SecretError(
        .unsafeFile, "others can write to the folder of \(path)", hint: "chmod go-w \(SecretFiles.folder(of: path))")
    }
  }

  /// Puts the new secret beside the old one. Throws `secrets.file_failed`.
  package func stage(_ secret: SecretBytes) throws(SecretError) {
    var bytes = secret.withBytes { span in span.indices.map { span[$0] } }
    bytes.append(UInt8(ascii: "\n"))
    defer { for place in bytes.indices { bytes[place] = 0 } }
    try work("writing \(next)") {
      let draft = path + ".draft"
      try FileName.remove(draft)
      let file = try Descriptor.creating(draft)
      try file.write(bytes)
      try file.synchronize()
      try FileName.rename(draft, to: next)
      try FileName.synchronize(folder: SecretFiles.folder(of: path))
    }
  }

  /// Takes the staged secret away; the one in force is not touched.
  package func unstage() throws(SecretError) {
    try work("removing \(next)") {
      if stage == .switching { try FileName.remove(old) }
      try FileName.remove(next)
      try FileName.remove(path + ".draft")
      try FileName.synchronize(folder: SecretFiles.folder(of: path))
    }
  }

  /// Gives the old secret its second name.
  package func keepOld() throws(SecretError) {
    try work("keeping \(old)") {
      try FileName.link(path, to: old)
      try FileName.synchronize(folder: SecretFiles.folder(of: path))
    }
  }

  /// Puts the new secret in force, at once for whoever reads the file from here on.
  package func putInForce() throws(SecretError) {
    try work("putting \(path) in force") {
      try FileName.rename(next, to: path)
      try FileName.synchronize(folder: SecretFiles.folder(of: path))
    }
  }

  /// Puts the old secret in force again.
  package func goBack() throws(SecretError) {
    try work("going back to \(old)") {
      try FileName.rename(old, to: path)
      try FileName.synchronize(folder: SecretFiles.folder(of: path))
    }
  }

  /// Ends the old secret on this machine.
  package func forgetOld() throws(SecretError) {
    try work("removing \(old)") {
      try FileName.remove(old)
      try FileName.synchronize(folder: SecretFiles.folder(of: path))
    }
  }

  private func work(_ what: String, _ body: () throws -> Void) throws(SecretError) {
    do { try body() } catch {
      throw SecretError(
        .fileFailed, "\(what) failed: \((error as? FileError)?.message ?? "unknown")",
        hint: "check owner, mode and space, and run the same command again")
    }
  }
}

// MARK: What the system knows of files

extension SecretFiles {
  private static func exists(_ path: String) -> Bool { attributes(path) != nil }

  static func folder(of path: String) -> String {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    return folder.isEmpty ? "." : folder
  }

  /// Of the name itself, not of what a link leads to.
  private static func attributes(_ path: String) -> [FileAttributeKey: Any]? {
    try? FileManager.default.attributesOfItem(atPath: path)
  }

  static func mode(_ path: String) -> Int? {
    let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    return (attributes(real)?[.posixPermissions] as? NSNumber)?.intValue
  }

  /// Of a folder with the sticky bit each name is its owner's (`/tmp`).
  static func isWritableByOthers(_ folder: String) -> Bool {
    guard let mode = mode(folder) else { return false }
    return mode & 0o022 != 0 && mode & 0o1000 == 0
  }
}
