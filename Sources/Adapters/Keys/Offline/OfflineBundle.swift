import Codecs
import Foundation
import OpenSSL
import Signing

/// A directory of request files: the files, `SHA256SUMS` over them (`sha256sum -c` checks it), and `manifest.json`,
/// written last, so that a bundle with a manifest is whole.
///
/// The content hash is the SHA-256 of `SHA256SUMS`. It tells an accident from a whole bundle, and two people on two
/// machines that they hold the same one; who made it, it does not tell - the signer believes the bytes alone.
enum OfflineBundle {
  static let mostFiles = 100_000
  private static let manifestName = "manifest.json"
  private static let sumsName = "SHA256SUMS"

  /// Writes the files, then the sums, then the manifest; the content hash as 64 digits. The same bundle again changes
  /// nothing. Throws `signing.bad_bundle` when the directory holds another one, `signing.file_failed`.
  static func write(
    _ files: [(name: String, bytes: [UInt8])], to directory: String, schema: String,
    notes: [(key: String, value: JSON)]
  ) throws(SigningError) -> String {
    guard files.count <= mostFiles else {
      throw SigningError(.badBundle, "\(files.count) requests are more than one bundle holds (\(mostFiles))")
    }
    try NewFile.makeDirectory(directory)
    var sums = ""
    for file in files.sorted(by: { $0.name < $1.name }) {
      try NewFile.create("\(directory)/\(file.name)", file.bytes, durable: false, existing: .badBundle)
      sums += "\(try digest(file.bytes))  \(file.name)\n"
    }
    let contentHash = try digest(Array(sums.utf8))
    let manifest = OfflineJSON.object(
      [("schema", .string(schema)), ("contentHash", .string(contentHash)), ("files", .string(String(files.count)))]
        + notes)
    try NewFile.create("\(directory)/\(sumsName)", Array(sums.utf8), durable: true, existing: .badBundle)
    try NewFile.create("\(directory)/\(manifestName)", manifest.utf8, durable: true, existing: .badBundle)
    return contentHash
  }

  /// Reads every file of a bundle and hands it to `body`, in order of name. Throws `signing.bad_bundle` unless exactly
  /// the files of the sums are there, each with its sum, and the manifest fits; and what `body` throws.
  static func read(
    _ directory: String, schema: String, _ body: (_ bytes: [UInt8]) throws(SigningError) -> Void
  ) throws(SigningError) -> (manifest: JSON, contentHash: String) {
    let manifest = try OfflineJSON.parse(
      Array(try BoundedFile.read("\(directory)/\(manifestName)", most: OfflineJSON.mostBytes)), schema: schema)
    let sums = Array(try BoundedFile.read("\(directory)/\(sumsName)", most: mostFiles * 256))
    let contentHash = try digest(sums)
    guard manifest["contentHash"]?.string == contentHash else {
      throw SigningError(.badBundle, "the sums of \(directory) are not those of its manifest")
    }
    let listed = try entries(sums)
    let present = Set(try BoundedFile.names(in: directory, most: mostFiles + 2)).subtracting([manifestName, sumsName])
    guard present == Set(listed.map(\.name)), manifest["files"]?.string == String(listed.count) else {
      throw SigningError(.badBundle, "\(directory) holds other files than its manifest says")
    }
    for entry in listed {
      let bytes = Array(try BoundedFile.read("\(directory)/\(entry.name)", most: OfflineJSON.mostBytes))
      guard try digest(bytes) == entry.sum else {
        throw SigningError(.badBundle, "\(entry.name) was changed after the bundle was made")
      }
      do throws(SigningError) { try body(bytes) } catch {
        throw SigningError(error.code, "\(entry.name): \(error.message)", hint: error.hint)
      }
    }
    return (manifest, contentHash)
  }

  /// Lines of `<64 hex digits>  <name>`; a name is a plain one in this directory.
  private static func entries(_ sums: [UInt8]) throws(SigningError) -> [(sum: String, name: String)] {
    var entries: [(sum: String, name: String)] = []
    var seen: Set<String> = []
    for line in String(decoding: sums, as: UTF8.self).split(separator: "\n") {
      let sum = String(line.prefix(64))
      let name = String(line.dropFirst(66))
      let isPlain = name.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x61...0x7a, 0x2d, 0x2e: true
        default: false
        }
      }
      guard sum.utf8.count == 64, line.dropFirst(64).prefix(2) == "  ", isPlain, name.hasSuffix(".json"),
        !name.hasPrefix("."), seen.insert(name).inserted, entries.count < mostFiles
      else { throw SigningError(.badBundle, "a line of SHA256SUMS cannot be read") }
      entries.append((sum, name))
    }
    return entries
  }

  private static func digest(_ bytes: [UInt8]) throws(SigningError) -> String {
    do { return Hex.text(try SHA256.hash(bytes).bytes) } catch {
      throw SigningError(.fileFailed, "SHA-256 failed: \(error.message)")
    }
  }
}
