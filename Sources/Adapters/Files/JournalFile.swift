package import Codecs
import OpenSSL
import POSIX

/// Why a journal could not be read or written. Codes are stable: docs/errors.md.
package struct JournalError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    /// A line is not what the line behind it says it was, or no record: somebody changed the file. Keep it as it is.
    case broken = "journal.broken"
    /// The file could not be opened, read or written.
    case fileFailed = "journal.file_failed"
  }
  package let code: Code
  package let message: String
  package let hint: String?
}

/// A file of JSON lines that only grows, each line naming the SHA-256 of the one before it.
///
/// One process at a time has it, by a kernel lock. A line counts once its line end is on the disk: what a crash left of
/// one is cut off by the next opening. One value is used by one thread.
package final class JournalFile {
  private let file: AppendedFile
  private let path: String
  private var last: String
  /// The lines, oldest first.
  package private(set) var lines: [JSON]
  /// Whether a torn line was cut off.
  package let wasTorn: Bool

  /// More would be another subject's file.
  private static let mostBytes = 256 << 20
  private static let first = String(repeating: "0", count: 64)

  /// Opens the journal, waits for whoever has it, and checks the whole chain. Throws `journal.broken`.
  package init(path: String) throws(JournalError) {
    self.path = path
    do throws(FileError) {
      file = try AppendedFile.open(path)
      try FileName.synchronize(folder: JournalFile.folder(path))
    } catch { throw JournalFile.refusal(error, path) }
    let bytes: [UInt8]
    do throws(FileError) { bytes = try file.contents(most: JournalFile.mostBytes) } catch {
      throw JournalFile.refusal(error, path)
    }
    let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    (lines, last) = try JournalFile.checked(bytes[..<end], path)
    wasTorn = end < bytes.count
    guard wasTorn else { return }
    do throws(FileError) { try file.cut(to: end) } catch { throw JournalFile.refusal(error, path) }
  }

  /// Adds a record, which must be an object without `previous`. It is on the disk when this returns.
  package func append(_ record: JSON) throws(JournalError) {
    let members = (record.object?.members ?? []).map { ($0.key, $0.value) }
    guard let object = try? JSONObject([("previous", .string(last))] + members) else {
      throw JournalError(code: .broken, message: "a record names `previous` itself", hint: nil)
    }
    let text = JSON.object(object).utf8
    do throws(FileError) { try file.append(text + [UInt8(ascii: "\n")]) } catch {
      throw JournalFile.refusal(error, path)
    }
    last = try JournalFile.digest(text)
    lines.append(.object(object))
  }

  private static func checked(_ bytes: ArraySlice<UInt8>, _ path: String) throws(JournalError) -> ([JSON], String) {
    var lines: [JSON] = []
    var last = first
    for (number, line) in zip(1..., bytes.split(separator: UInt8(ascii: "\n"))) {
      guard let parsed = try? JSON.parse(Array(line)), parsed["previous"]?.string == last else {
        throw JournalError(
          code: .broken, message: "line \(number) of \(path) does not follow the line before it",
          hint: "somebody changed the file: keep it, and begin a new one beside it")
      }
      lines.append(parsed)
      last = try digest(Array(line))
    }
    return (lines, last)
  }

  private static func digest(_ bytes: [UInt8]) throws(JournalError) -> String {
    do throws(CryptoError) { return Hex.text(Hash32(words: try SHA256.hash(bytes).words).bytes) } catch {
      throw JournalError(code: .fileFailed, message: error.message, hint: nil)
    }
  }

  private static func folder(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func refusal(_ error: FileError, _ path: String) -> JournalError {
    JournalError(
      code: .fileFailed, message: "\(path): \(error.message)", hint: "AM_OPS_JOURNAL names the journal's file")
  }
}
