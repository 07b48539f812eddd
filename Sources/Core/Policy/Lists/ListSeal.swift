package import Codecs

/// The signature over one version of a list, by the key that seals the audit trail.
package struct ListSeal: Hashable, Sendable {
  package let list: String
  package let number: UInt64
  /// SHA-256 of the version's canonical bytes.
  package let hash: Hash32
  /// 32 bytes, Ed25519.
  package let publicKey: [UInt8]
  /// 64 bytes over `bytes(list:number:hash:)`.
  package let signature: [UInt8]

  package init(list: String, number: UInt64, hash: Hash32, publicKey: [UInt8], signature: [UInt8]) {
    self.list = list
    self.number = number
    self.hash = hash
    self.publicKey = publicKey
    self.signature = signature
  }

  /// What is signed. The tag keeps it apart from everything else that the key signs.
  package static func bytes(list: String, number: UInt64, hash: Hash32) -> [UInt8] {
    var out = CanonicalBytes.Writer(tag: "almoner/list-seal/1")
    out.append(list)
    out.append(number)
    out.append(hash)
    return out.bytes
  }
}

/// The key that signs versions of lists, and its own register of what it signed, which is not where the lists are: whoever
/// can write the lists' folder can neither make a version nor bring an old one back.
package protocol ListSealing: Sendable {
  /// Signs. The register does not know it yet. Throws `lists.unwritable`.
  func sign(list: String, number: UInt64, hash: Hash32) throws(ListError) -> ListSeal
  /// Notes a seal for good, once the version itself is on the disk. Throws `lists.unwritable`.
  func note(_ seal: ListSeal) throws(ListError)
  /// All that was noted of a list, in order. Throws `lists.unwritable`, `lists.changed` for a register with a foreign line.
  func noted(list: String) throws(ListError) -> [ListSeal]
  /// Names of all lists that were ever noted.
  func notedLists() throws(ListError) -> [String]
  /// Whether this key made it.
  func isOurs(_ seal: ListSeal) -> Bool
}
