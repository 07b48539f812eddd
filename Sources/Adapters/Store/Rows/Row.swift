import Chains
import Codecs
import Engine
import Money

/// The current row of a query, by column from 0, in either engine. A database is data from outside: what does not fit
/// throws `store.bad_row` and never traps.
protocol Row {
  func int64(_ column: Int) throws(StoreError) -> Int64
  func bool(_ column: Int) throws(StoreError) -> Bool
  func text(_ column: Int) throws(StoreError) -> String
  func bytes(_ column: Int) throws(StoreError) -> [UInt8]
  func units(_ column: Int) throws(StoreError) -> UInt256
  func hash(_ column: Int) throws(StoreError) -> Hash32
  func isNull(_ column: Int) -> Bool
  /// A recipient's other columns: one canonical JSON object, empty for none.
  func metadata(_ column: Int) throws(StoreError) -> String
}

extension Row {
  func optionalInt64(_ column: Int) throws(StoreError) -> Int64? { isNull(column) ? nil : try int64(column) }

  func optionalText(_ column: Int) throws(StoreError) -> String? { isNull(column) ? nil : try text(column) }

  func optionalBytes(_ column: Int) throws(StoreError) -> [UInt8]? { isNull(column) ? nil : try bytes(column) }

  func optionalHash(_ column: Int) throws(StoreError) -> Hash32? { isNull(column) ? nil : try hash(column) }

  func optionalUnits(_ column: Int) throws(StoreError) -> UInt256? { isNull(column) ? nil : try units(column) }

  // MARK: Types of the core

  func id<Entity>(_ column: Int) throws(StoreError) -> ID<Entity> { ID(try int64(column)) }

  func optionalID<Entity>(_ column: Int) throws(StoreError) -> ID<Entity>? { try optionalInt64(column).map { ID($0) } }

  func time(_ column: Int) throws(StoreError) -> Timestamp { Timestamp(milliseconds: try int64(column)) }

  func optionalTime(_ column: Int) throws(StoreError) -> Timestamp? {
    try optionalInt64(column).map { Timestamp(milliseconds: $0) }
  }

  func int(_ column: Int) throws(StoreError) -> Int { Int(try int64(column)) }

  func uint32(_ column: Int) throws(StoreError) -> UInt32 {
    guard let value = UInt32(exactly: try int64(column)) else { throw bad("an ordinal") }
    return value
  }

  func uint64(_ column: Int) throws(StoreError) -> UInt64 {
    guard let value = UInt64(exactly: try int64(column)) else { throw bad("a number from 0") }
    return value
  }

  func address(_ column: Int) throws(StoreError) -> Address { Address(try bytes(column)) }

  /// A word of a closed set.
  func word<Word: RawRepresentable<String>>(_ column: Int) throws(StoreError) -> Word {
    guard let word = Word(rawValue: try text(column)) else { throw bad("one of the words of \(Word.self)") }
    return word
  }

  func optionalWord<Word: RawRepresentable<String>>(_ column: Int) throws(StoreError) -> Word? {
    isNull(column) ? nil : try word(column)
  }

  func chain(_ column: Int) throws(StoreError) -> ChainID {
    guard let chain = ChainID(try text(column)) else { throw bad("a chain") }
    return chain
  }

  /// `evm:1/native` or `evm:1/0x...`.
  func asset(_ column: Int) throws(StoreError) -> AssetID {
    let parts = try text(column).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { throw bad("an asset") }
    return AssetID(chain: String(parts[0]), token: parts[1] == "native" ? nil : String(parts[1]))
  }

  private func bad(_ wanted: String) -> StoreError { StoreError(.badRow, "a row does not hold \(wanted)") }
}
