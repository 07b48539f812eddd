package import Codecs
package import Ledger
package import Money
package import Payouts

/// Something that a product's engine has accepted: which operation, and everything that its outcome depends on.
package struct JournalEntry: Hashable, Sendable {
  /// The caller's key: once per journal, for ever. The same request again is found by it instead of done again.
  package let key: String
  /// The operation's own name, `purchase_tickets_public`.
  package let kind: String
  /// Canonical bytes of arguments and context. Replaying them makes the same state on any machine.
  package let body: [UInt8]

  package init(key: String, kind: String, body: [UInt8]) {
    self.key = key
    self.kind = kind
    self.body = body
  }
}

/// Entries that are appended together, and the value that moves because of them.
///
/// A product's rules are pure, so its journal is its state: whoever replays all entries has it. The writer says how far
/// it has replayed; a journal that somebody else has appended to since refuses the commit (`store.stale_state`).
package struct JournalPart: Hashable, Sendable {
  /// Whose journal: `lottery`.
  package let journal: String
  /// Number of the last entry that the writer knows; 0 for none. The new ones follow it without a gap.
  package let after: Int64
  package let entries: [JournalEntry]
  /// Moves only. They may be summed over the entries, so that a thousand purchases move value once per account.
  package let transfers: [Transfer]

  package init(journal: String, after: Int64, entries: [JournalEntry], transfers: [Transfer] = []) {
    self.journal = journal
    self.after = after
    self.entries = entries
    self.transfers = transfers
  }

  /// Keccak-256 over number, key, kind and body of each entry: what the audit record says of them.
  package var digest: Hash32 {
    var writer = CanonicalBytes.Writer(tag: "almoner/journal/1")
    writer.append(journal)
    writer.append(after)
    writer.appendCount(entries.count)
    for entry in entries {
      writer.append(entry.key)
      writer.append(entry.kind)
      writer.append(entry.body)
    }
    return Keccak.hash256(writer.bytes)
  }
}

/// An entry as it was appended.
package struct JournalRow: Hashable, Sendable {
  /// From 1, without a gap.
  package let number: Int64
  package let entry: JournalEntry
  package let actor: String
  package let at: Timestamp

  package init(number: Int64, entry: JournalEntry, actor: String, at: Timestamp) {
    self.number = number
    self.entry = entry
    self.actor = actor
    self.at = at
  }
}

/// Journals of products, beside the money that they move. Written by `Write.journal` alone.
package protocol JournalStore: Sendable {
  /// Number of the last entry; 0 for none.
  func lastEntry(_ journal: String) throws(StoreError) -> Int64
  /// Entries above a number, ascending.
  func entries(_ journal: String, after: Int64, limit: Int) throws(StoreError) -> [JournalRow]
  /// The entry that a caller's key has made.
  func entry(_ journal: String, key: String) throws(StoreError) -> JournalRow?
}

extension JournalPart {
  package static let mostNameBytes = 40
  package static let mostKeyBytes = 200
  package static let mostBodyBytes = 1 << 20

  /// What can be said of the part alone. Throws `store.conflict` for a part that no journal takes.
  package func check(guardedBy: LaneGuard?) throws(StoreError) {
    guard guardedBy == nil else { throw StoreError(.conflict, "a journal belongs to no lane") }
    guard (1...JournalPart.mostNameBytes).contains(journal.utf8.count), !entries.isEmpty else {
      throw StoreError(.conflict, "a part of a journal has a name and entries")
    }
    for entry in entries {
      guard (1...JournalPart.mostKeyBytes).contains(entry.key.utf8.count),
        (1...JournalPart.mostNameBytes).contains(entry.kind.utf8.count), entry.body.count <= JournalPart.mostBodyBytes,
        !entry.key.utf8.contains(0), !entry.kind.utf8.contains(0)
      else { throw StoreError(.conflict, "an entry of \(journal) has a key, kind or body that is empty or too long") }
    }
    guard Set(entries.map(\.key)).count == entries.count else {
      throw StoreError(.conflict, "two entries of \(journal) have one key")
    }
    for transfer in transfers {
      guard case .move = transfer else { throw StoreError(.conflict, "a journal moves value and holds none") }
    }
  }

  /// Throws `store.stale_state` when somebody has appended since the writer has replayed.
  package func check(last: Int64) throws(StoreError) {
    guard after == last else {
      throw .stale("the journal \(journal) ends at \(last), not at \(after)")
    }
  }

  /// Throws `store.conflict` for the first key that stands in the journal already.
  package func refuse(taken key: String?) throws(StoreError) {
    guard let key else { return }
    throw StoreError(.conflict, "the key \(key) stands in the journal \(journal) already", hint: "read what it made")
  }
}
