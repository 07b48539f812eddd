package import Codecs

/// One value inside a file of vectors, which remembers whether a check has looked at it.
///
/// A key that nobody reads is a claim that nobody tests, so reading is recorded, and what is left over is a failure.
package final class VectorNode {
  /// Keys from the root of the case, as `tx.accessList[0].address`.
  package let path: String
  private let value: JSON
  private var isRead = false
  private let members: [(key: String, node: VectorNode)]
  private let elements: [VectorNode]

  package init(_ value: JSON, path: String = "") {
    self.value = value
    self.path = path
    members = (value.object?.members ?? []).map { member in
      (member.key, VectorNode(member.value, path: path.isEmpty ? member.key : "\(path).\(member.key)"))
    }
    elements = (value.array ?? []).enumerated().map { VectorNode($1, path: "\(path)[\($0)]") }
  }

  // MARK: Reading

  /// The member under `key`. Throws when it is missing.
  package func callAsFunction(_ key: String) throws(VectorFailure) -> VectorNode {
    guard let node = optional(key) else {
      throw VectorFailure("\(key) is missing in \(path.isEmpty ? "the case" : path)")
    }
    return node
  }

  /// The member under `key`, or nil.
  package func optional(_ key: String) -> VectorNode? {
    isRead = true
    return members.first { $0.key == key }?.node
  }

  /// All members, for an object whose keys are data.
  package func entries() throws(VectorFailure) -> [(key: String, node: VectorNode)] {
    guard value.object != nil else { throw wrongKind("an object") }
    isRead = true
    return members
  }

  /// The elements of an array.
  package func list() throws(VectorFailure) -> [VectorNode] {
    guard value.array != nil else { throw wrongKind("an array") }
    isRead = true
    return elements
  }

  package func text() throws(VectorFailure) -> String {
    guard let text = value.string else { throw wrongKind("a string") }
    isRead = true
    return text
  }

  /// Whether the value is `null`.
  package func isNull() -> Bool {
    isRead = true
    return value.isNull
  }

  package func bool() throws(VectorFailure) -> Bool {
    guard let bool = value.bool else { throw wrongKind("a boolean") }
    isRead = true
    return bool
  }

  /// A JSON number that is a count or an index.
  package func count() throws(VectorFailure) -> Int {
    guard let number = value.uint64, let count = Int(exactly: number) else { throw wrongKind("a count") }
    isRead = true
    return count
  }

  /// Bytes from hex, with or without `0x`.
  package func bytes() throws(VectorFailure) -> [UInt8] {
    guard let bytes = Hex.bytes(try text()) else { throw wrongKind("hex") }
    return bytes
  }

  /// Whether the value is an array.
  package var isList: Bool { value.array != nil }

  /// Whether the value is an object.
  package var isObject: Bool { value.object != nil }

  /// The value as it stands, and everything below it counts as read: for a whole document that a check consumes,
  /// as EIP-712 typed data.
  package func whole() -> JSON {
    markAllRead()
    return value
  }

  /// Marks a note to people (a reason, an id) as read. It must be a text, and say something.
  package func note() throws(VectorFailure) -> String {
    let text = try text()
    guard !text.isEmpty else { throw VectorFailure("\(path) is an empty note") }
    return text
  }

  // MARK: What is left over

  /// Paths of all scalars and empty containers that nobody has read.
  package var unread: [String] {
    if members.isEmpty && elements.isEmpty { return isRead ? [] : [path] }
    return members.flatMap(\.node.unread) + elements.flatMap(\.unread)
  }

  private func markAllRead() {
    isRead = true
    for member in members { member.node.markAllRead() }
    for element in elements { element.markAllRead() }
  }

  private func wrongKind(_ expected: String) -> VectorFailure { VectorFailure("\(path) is not \(expected)") }
}

/// Why a vector failed: one sentence.
package struct VectorFailure: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}
