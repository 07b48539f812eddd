import Codecs
import Engine

/// What an operation made known, as it is kept beside it: whoever asks again is told the same.
package struct LotteryAnswer: Hashable, Sendable {
  package struct Event: Hashable, Sendable {
    /// `ticket_purchase`.
    package let word: String
    /// The event's bytes on the wire.
    package let bytes: [UInt8]

    package init(word: String, bytes: [UInt8]) {
      self.word = word
      self.bytes = bytes
    }
  }
  package let events: [Event]

  package init(events: [Event]) { self.events = events }

  init(_ events: [LotteryEvent]) { self.events = events.map { Event(word: $0.word, bytes: $0.wireBytes) } }
}

/// An entry of the journal: a command, and what came of it. A replay that comes to something else stops.
package struct LotteryEntry: Hashable, Sendable {
  package static let journal = "lottery"

  package let command: LotteryCommand
  package let answer: LotteryAnswer

  package init(command: LotteryCommand, answer: LotteryAnswer) {
    self.command = command
    self.answer = answer
  }

  /// The command, then the answer's events: word and bytes of each.
  package var body: [UInt8] {
    var bytes = BCS.Writer()
    command.encode(to: &bytes)
    bytes.append(length: answer.events.count)
    for event in answer.events {
      bytes.append(event.word)
      bytes.append(bytes: event.bytes)
    }
    return bytes.bytes
  }

  /// Reads exactly one entry. Throws `lottery_desk.bad_bytes`, `lottery_desk.unknown_operation`.
  package init(body: [UInt8]) throws(LotteryDeskError) {
    var fields = LotteryFieldBytes(body)
    command = try fields.command()
    answer = LotteryAnswer(events: try fields.events())
    try fields.finish()
  }

  func journalEntry(key: String) -> JournalEntry {
    JournalEntry(key: key, kind: command.operation.name, body: body)
  }
}
