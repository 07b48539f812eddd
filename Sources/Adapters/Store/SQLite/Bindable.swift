import Chains
import Codecs
import Money
import SQLite

/// What may stand behind a `?`: each type has one form in the tables.
protocol Bindable {
  func bind(_ index: Int, to statement: inout SQLite.Statement) throws(SQLiteError)
}

extension Int64: Bindable {
  func bind(_ index: Int, to statement: inout SQLite.Statement) throws(SQLiteError) { try statement.bind(index, self) }
}

extension Int: Bindable {
  func bind(_ index: Int, to statement: inout SQLite.Statement) throws(SQLiteError) { try statement.bind(index, self) }
}

extension UInt32: Bindable {
  func bind(_ index: Int, to statement: inout SQLite.Statement) throws(SQLiteError) {
    try statement.bind(index, Int64(self))
  }
}

/// Block numbers, slots and limits: SQLite's integers end at 2^63.
extension UInt64: Bindable {
  func bind(_ index: Int, to statement: inout SQLite.Statement) throws(SQLiteError) {
    guard let value = Int64(exactly: self) else { throw SQLiteError(.tooBig, "a number is past 2^63") }
    try statement.bind(index, value)
  }
}

extension Bool: Bindable {
  func bind(_ index: Int, to statement: inout SQLite.Statement) throws(SQLiteError) { try statement.bind(index, self) }
}

extension String: Bindable {
  func bind(_ index: Int, to statement: inout SQLite.Statement) throws(SQLiteError) { try statement.bind(index, self) }
}

extension [UInt8]: Bindable {
  func bind(_ index: Int, to statement: inout SQLite.Statement) throws(SQLiteError) { try statement.bind(index, self) }
}

extension Hash32: Bindable {
  func bind(_ index: Int, to statement: inout SQLite.Statement) throws(SQLiteError) {
    try statement.bind256(index, limbs: (words.3, words.2, words.1, words.0))
  }
}

extension UInt256: Bindable {
  func bind(_ index: Int, to statement: inout SQLite.Statement) throws(SQLiteError) {
    try statement.bind256(index, limbs: limbs)
  }
}

extension ID: Bindable {
  func bind(_ index: Int, to statement: inout SQLite.Statement) throws(SQLiteError) { try statement.bind(index, raw) }
}

extension Timestamp: Bindable {
  func bind(_ index: Int, to statement: inout SQLite.Statement) throws(SQLiteError) {
    try statement.bind(index, milliseconds)
  }
}

extension Address: Bindable {
  func bind(_ index: Int, to statement: inout SQLite.Statement) throws(SQLiteError) { try statement.bind(index, bytes) }
}

extension AssetID: Bindable {
  func bind(_ index: Int, to statement: inout SQLite.Statement) throws(SQLiteError) {
    try statement.bind(index, description)
  }
}

extension Optional: Bindable where Wrapped: Bindable {
  func bind(_ index: Int, to statement: inout SQLite.Statement) throws(SQLiteError) {
    if let self { try self.bind(index, to: &statement) } else { try statement.bindNull(index) }
  }
}
