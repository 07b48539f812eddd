import Foundation
import OpenSSL

/// The Ed25519 key of the checkpoint folder, and appending to the registers beside it.
enum SealKey {
  /// `seal.key` of the folder; folder and key are made when they do not exist.
  static func open(_ path: String) throws -> Ed25519.PrivateKey {
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let seedPath = path + "/seal.key"
    if !FileManager.default.fileExists(atPath: seedPath) {
      try Data(RandomBytes.bytes(32)).write(to: URL(fileURLWithPath: seedPath), options: .withoutOverwriting)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: seedPath)
    }
    var seed = Array(try Data(contentsOf: URL(fileURLWithPath: seedPath)))
    return try Ed25519.PrivateKey(seed: try SecretBytes(wiping: &seed))
  }

  /// Adds one line, which is on the disk when the call returns; what a crash left of a line goes first.
  static func append(_ line: [UInt8], to list: String) throws {
    if !FileManager.default.fileExists(atPath: list) {
      try Data().write(to: URL(fileURLWithPath: list), options: .withoutOverwriting)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: list)
    }
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: list))
    defer { try? handle.close() }
    let data = try handle.readToEnd() ?? Data()
    let whole = data.lastIndex(of: UInt8(ascii: "\n")).map { data.distance(from: data.startIndex, to: $0) + 1 } ?? 0
    try handle.truncate(atOffset: UInt64(whole))
    try handle.seek(toOffset: UInt64(whole))
    try handle.write(contentsOf: Data(line + [UInt8(ascii: "\n")]))
    try handle.synchronize()
  }
}
