/// A table that keeps its keys in the order they came. A removed key's place is taken by the last key.
///
/// The order is part of what the views list, so it is kept as the original kept it.
/// Source: spec 2.18, the VRF hub's insertion-ordered table.
package struct OrderedTable<Key: Hashable & Sendable, Value: Hashable & Sendable>: Hashable, Sendable {
  private struct Entry: Hashable, Sendable {
    var value: Value
    var place: Int
  }

  /// The keys in order.
  package private(set) var keys: [Key] = []
  private var entries: [Key: Entry] = [:]

  package init() {}

  package var count: Int { keys.count }

  /// Setting a value puts it, and setting nil takes it away.
  package subscript(key: Key) -> Value? {
    get { entries[key]?.value }
    set { if let newValue { put(key, newValue) } else { take(key) } }
  }

  /// The values in the order of their keys.
  package var values: [Value] { keys.compactMap { entries[$0]?.value } }

  /// Appends a new key. Throws `keyExists`.
  package mutating func add(_ key: Key, _ value: Value) throws(OrderedTableError) {
    guard entries[key] == nil else { throw .keyExists }
    entries[key] = Entry(value: value, place: keys.count)
    keys.append(key)
  }

  /// Stores a value: a known key keeps its place, a new one is appended.
  package mutating func put(_ key: Key, _ value: Value) {
    if let known = entries[key] {
      entries[key] = Entry(value: value, place: known.place)
    } else {
      entries[key] = Entry(value: value, place: keys.count)
      keys.append(key)
    }
  }

  /// Removes a key, if it is there; the last key moves into its place.
  @discardableResult
  package mutating func take(_ key: Key) -> Value? {
    guard let gone = entries.removeValue(forKey: key) else { return nil }
    guard let last = keys.popLast(), last != key else { return gone.value }
    keys[gone.place] = last
    entries[last]?.place = gone.place
    return gone.value
  }

  /// As `take`. Throws `keyNotFound`.
  @discardableResult
  package mutating func remove(_ key: Key) throws(OrderedTableError) -> Value {
    guard let value = take(key) else { throw .keyNotFound }
    return value
  }

  /// Removes every entry that `isGone` names and says which, in the order of looking.
  ///
  /// The key that moves into a freed place is looked at next, as in the original.
  package mutating func sweep(_ isGone: (Value) -> Bool) -> [Key] {
    var removed: [Key] = []
    var place = 0
    while place < keys.count {
      let key = keys[place]
      if let value = entries[key]?.value, isGone(value) {
        take(key)
        removed.append(key)
      } else {
        place += 1
      }
    }
    return removed
  }
}

/// Why an insertion-ordered table refused. The numbers are those of its own error space (spec 1.9).
package enum OrderedTableError: UInt64, Error, Hashable, Sendable, CaseIterable {
  /// KEY_EXISTS
  case keyExists = 1
  /// KEY_NOT_FOUND
  case keyNotFound = 2
}
