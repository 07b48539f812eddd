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
    let uuid = try store.identity().uuid
    while true {
      let page = try store.outbox(after: cursor, limit: 1_000)
      guard let last = page.last else { return }
      var lines: [UInt8] = []
      for event in page {
        lines += EventFile.line(event, store: uuid)
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

  /// The envelope that brokers carry (docs/reference/events.md). A row that holds no JSON is not left out: its payload is null.
  private static func line(_ event: OutboxEvent, store: String) -> [UInt8] {
    if let envelope = try? EventEnvelope(event, store: store) { return envelope.body }
    let bare: JSON = [
      "at": .integer(event.at.milliseconds), "id": .string(EventEnvelope.id(event, store: store)),
      "key": .string(event.key), "payload": .null, "type": .string(event.type),
      "version": .integer(EventEnvelope.version),
    ]
    return bare.utf8
  }
}
