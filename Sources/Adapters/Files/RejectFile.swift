package import Airdrop
import POSIX

/// The rejects file: written beside its place under another name, and moved there when it is complete and on the disk.
package final class RejectFile: RejectSink {
  private let path: String
  private var partial: String { path + ".part" }
  private var descriptor: Descriptor?

  /// Nothing is created before the first bad row. An older file of this name is replaced by `finish` alone.
  package init(_ path: String) { self.path = path }

  /// What was not finished is removed.
  deinit { if descriptor != nil { try? FileName.remove(partial) } }

  package func append(_ bytes: [UInt8]) throws(IngestError) {
    do throws(FileError) { try opened().write(bytes) } catch { throw refusal(error) }
  }

  package func finish() throws(IngestError) {
    do throws(FileError) {
      try opened().synchronize()
      try FileName.rename(partial, to: path)
      descriptor = nil
    } catch {
      throw refusal(error)
    }
  }

  private func opened() throws(FileError) -> Descriptor {
    if let descriptor { return descriptor }
    // Left by a process that was killed; another process at work on the same file would be a mistake of its user.
    try FileName.remove(partial)
    let made = try Descriptor.creating(partial)
    descriptor = made
    return made
  }

  private func refusal(_ error: FileError) -> IngestError {
    IngestError(
      .rejectsUnwritable, "the rejects file cannot be written: \(error.message)",
      hint: "name another place for it; nothing was loaded")
  }
}
