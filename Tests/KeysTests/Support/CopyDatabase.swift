import Foundation

/// Copies a SQLite file and its WAL as they stand on the disk: what a killed process leaves behind.
func copyDatabase(_ path: String, to copy: String) throws {
  for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: path + suffix) {
    try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
  }
}
