import Chains
import Codecs
import Money
package import PostgreSQL

// What may stand behind a `$1`: each type has one form in the tables.

extension Hash32: Value {
  package static var type: ValueType { .bytea }
}

extension UInt256: Value {
  package static var type: ValueType { .numeric }
  package func append(to bytes: inout [UInt8]) { Numeric256.append(limbs, to: &bytes) }
}

extension ID: Value {
  package static var type: ValueType { .int8 }
  package func append(to bytes: inout [UInt8]) { raw.append(to: &bytes) }
}

extension Timestamp: Value {
  package static var type: ValueType { .int8 }
  package func append(to bytes: inout [UInt8]) { milliseconds.append(to: &bytes) }
}

extension Address: Value {
  package static var type: ValueType { .bytea }
  package func append(to bytes: inout [UInt8]) { bytes += self.bytes }
}

extension AssetID: Value {
  package static var type: ValueType { .text }
  package func append(to bytes: inout [UInt8]) { bytes += description.utf8 }
}

extension UInt32: Value {
  package static var type: ValueType { .int8 }
  package func append(to bytes: inout [UInt8]) { Int64(self).append(to: &bytes) }
}

/// Block numbers, slots and limits: the columns end at 2^63. What is past it is stored as -1, which no column takes.
extension UInt64: Value {
  package static var type: ValueType { .int8 }
  package func append(to bytes: inout [UInt8]) { (Int64(exactly: self) ?? -1).append(to: &bytes) }
}
