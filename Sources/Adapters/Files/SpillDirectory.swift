package import Airdrop
import POSIX

/// Temporary files for the sorted runs, in one directory. They have no name and mode 0600: recipients are nobody
/// else's business, and a killed process leaves nothing behind.
package struct SpillDirectory: SpillSpace {
  private let path: String

  /// `path` is best on the disk of the database: what an ingest needs there it will soon need for the rows as well.
  package init(_ path: String) { self.path = path }

  package func makeFile() throws(IngestError) -> any SpillFile {
    do throws(FileError) { return File(try Descriptor.unnamed(in: path), path) } catch {
      throw SpillDirectory.refusal(error, path)
    }
  }

  private final class File: SpillFile {
    private let descriptor: Descriptor
    private let path: String

    init(_ descriptor: Descriptor, _ path: String) {
      self.descriptor = descriptor
      self.path = path
    }

    func append(_ bytes: [UInt8]) throws(IngestError) {
      do throws(FileError) { try descriptor.write(bytes) } catch { throw SpillDirectory.refusal(error, path) }
    }

    func read(at offset: Int64, into buffer: inout [UInt8], _ range: Range<Int>) throws(IngestError) {
      var place = range.lowerBound
      while place < range.upperBound {
        let count: Int
        do throws(FileError) {
          let from = offset + Int64(place - range.lowerBound)
          count = try descriptor.read(at: from, into: &buffer, place..<range.upperBound)
        } catch {
          throw SpillDirectory.refusal(error, path)
        }
        guard count > 0 else {
          throw IngestError(.spillFailed, "a temporary file is shorter than what was written", hint: "check the disk")
        }
        place += count
      }
    }
  }

  private static func refusal(_ error: FileError, _ path: String) -> IngestError {
    error.code == .full
      ? IngestError(
        .spillFull, "no room for sorting in \(path): \(error.message)",
        hint: "free about twice the size of the source there, or name another directory")
      : IngestError(
        .spillFailed, "a temporary file in \(path) failed: \(error.message)", hint: "check the directory and the disk")
  }
}
