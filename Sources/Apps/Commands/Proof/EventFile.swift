import Codecs
import Engine
import Foundation
import Money

/// The outbox as a file: one JSON line per event, at least once, in order. Consumers drop ids they have seen.
final class EventFile {
  private static let relayName = "jsonl"
  private let path: String
  private let handle: FileHandle

  /// Opens for appending; makes the file when needed. Throws `command.cannot_write`.
  init(path: String) throws(CommandError) {
    self.path = path
    if !FileManager.default.fileExists(atPath: path) { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    guard let handle = FileHandle(forWritingAtPath: path), (try? handle.seekToEnd()) != nil else {
      throw CommandError(
        .cannotWrite, "events cannot be written to \(path)", hint: "set AM_JSONL_PATH to a file you can write")
    }
    self.handle = handle
  }

  deinit { try? handle.close() }

  /// Appends everything new, makes it durable, then moves the cursor: a crash in between repeats events, never skips.
  func relay(_ store: any PayoutStore) throws {
    var cursor = try store.outboxCursor(EventFile.relayName)
    while true {
      let page = try store.outbox(after: cursor, limit: 1_000)
      guard let last = page.last else { return }
      var lines: [UInt8] = []
      for event in page {
        let payload = (try? JSON.parse(event.payload)) ?? .null
        let line: JSON = [
          "id": .integer(event.id), "type": .string(event.type), "key": .string(event.key),
          "at": .integer(event.at.milliseconds), "data": payload,
        ]
        lines += line.utf8
        lines.append(UInt8(ascii: "\n"))
      }
      do {
        try handle.write(contentsOf: Data(lines))
        try handle.synchronize()
      } catch {
        throw CommandError(.cannotWrite, "events cannot be written to \(path)", hint: "is the disk full?")
      }
      try store.moveOutboxCursor(EventFile.relayName, to: last.id)
      cursor = last.id
      if page.count < 1_000 { return }
    }
  }
}
