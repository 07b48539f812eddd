package import Airdrop
import POSIX

/// A file or standard input as the source of an ingest.
package final class SourceFile: ByteSource {
  private let descriptor: Descriptor
  /// Bytes of a regular file; nil for a pipe. For progress bars only: the file may grow while it is read.
  package let size: Int64?

  private init(_ descriptor: Descriptor) throws(FileError) {
    self.descriptor = descriptor
    let status = try descriptor.status()
    size = status.isRegular ? status.size : nil
  }

  /// Opens a file. Throws `ingest.unreadable`.
  package static func open(_ path: String) throws(IngestError) -> SourceFile {
    do throws(FileError) { return try SourceFile(try Descriptor.reading(path)) } catch {
      throw IngestError(
        .unreadable, "the source cannot be opened: \(error.message)", hint: "check the path and the permissions")
    }
  }

  /// Standard input. Throws `ingest.unreadable`.
  package static func standardInput() throws(IngestError) -> SourceFile {
    do throws(FileError) { return try SourceFile(Descriptor.standardInput) } catch {
      throw IngestError(.unreadable, "standard input cannot be read: \(error.message)")
    }
  }

  package func read(into buffer: inout [UInt8], _ range: Range<Int>) throws(IngestError) -> Int {
    do throws(FileError) { return try descriptor.read(into: &buffer, range) } catch {
      throw IngestError(.unreadable, "the source cannot be read: \(error.message)")
    }
  }
}
