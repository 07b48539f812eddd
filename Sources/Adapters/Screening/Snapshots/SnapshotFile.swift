import Codecs
import OpenSSL
import POSIX
import Policy

/// The file of one version: the canonical bytes of the list, then its seal.
enum SnapshotFile {
  private static let tag: StaticString = "almoner/sealed-list/1"
  static let mostBytes = 1 << 30

  static func hash(_ bytes: [UInt8]) throws(ListError) -> Hash32 {
    do throws(CryptoError) { return Hash32(words: try SHA256.hash(bytes).words) } catch {
      throw ListError(.unwritable, "a list cannot be hashed: \(error.message)")
    }
  }

  static func bytes(_ content: [UInt8], _ seal: ListSeal) -> [UInt8] {
    var out = CanonicalBytes.Writer(tag: tag)
    out.append(content)
    out.append(seal.publicKey)
    out.append(seal.signature)
    return out.bytes
  }

  /// Reads one and checks hash and signature. Throws `lists.changed`, `lists.unsigned`, `lists.unwritable`.
  static func read(
    _ path: String, list: String, number: UInt64, sealing: any ListSealing
  ) throws(ListError) -> (snapshot: ListSnapshot, seal: ListSeal) {
    let file = try bytes(of: path)
    let parts: (content: [UInt8], key: [UInt8], signature: [UInt8])
    do throws(CanonicalBytesError) {
      var reader = try CanonicalBytes.Reader(file, tag: tag)
      parts = (try reader.bytes(), try reader.bytes(), try reader.bytes())
      try reader.finish()
    } catch {
      throw ListError(.changed, "\(path) is no sealed list: \(error.message)", hint: changedHint)
    }
    let seal = ListSeal(
      list: list, number: number, hash: try hash(parts.content), publicKey: parts.key, signature: parts.signature)
    guard parts.signature.count == 64 else {
      throw ListError(.unsigned, "\(path) is not signed", hint: changedHint)
    }
    guard sealing.isOurs(seal) else {
      throw ListError(
        .unsigned, "\(path) is not signed by this desk's key, or its bytes were changed since", hint: changedHint)
    }
    let snapshot = try ListSnapshot(bytes: parts.content)
    // The seal is over name and number as well: a version under another's name does not verify.
    guard snapshot.name == list, snapshot.number == number else {
      throw ListError(.changed, "\(path) holds version \(snapshot.number) of \(snapshot.name)", hint: changedHint)
    }
    return (snapshot, seal)
  }

  private static let changedHint = "find out who changed it, then import the list again"

  static func bytes(of path: String, most: Int = mostBytes) throws(ListError) -> [UInt8] {
    do throws(FileError) {
      let file = try Descriptor.reading(path)
      let status = try file.status()
      // A pipe has no end that could be known beforehand: it is not a regular file.
      if status.isRegular, status.size <= Int64(most) { return try whole(file, Int(status.size)) }
    } catch {
      throw ListError(.unwritable, "\(path) cannot be read: \(error.message)", hint: "check its owner and mode")
    }
    throw ListError(.tooLarge, "\(path) is no regular file, or has more than \(most) bytes")
  }

  private static func whole(_ file: Descriptor, _ size: Int) throws(FileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: size)
    var read = 0
    while read < bytes.count {
      let count = try file.read(into: &bytes, read..<bytes.count)
      if count == 0 { break }
      read += count
    }
    bytes.removeLast(bytes.count - read)
    return bytes
  }
}
