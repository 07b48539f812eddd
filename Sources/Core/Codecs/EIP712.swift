/// Why typed data was refused. Codes are stable: docs/errors.md.
package struct EIP712Error: Error, Hashable, Sendable {
  /// Stable across releases. Add cases freely; never rename or reuse one.
  package enum Code: String, CaseIterable, Sendable {
    case badDocument = "eip712.bad_document"
    case badType = "eip712.bad_type"
    case badValue = "eip712.bad_value"
  }
  package let code: Code
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

/// Typed data: a message whose meaning is signed with it, bound to one contract on one chain.
/// Source: EIP-712.
package enum EIP712 {
  /// The digest to sign: keccak256(0x1901 ‖ domain separator ‖ struct hash).
  package static func digest(domainSeparator: Hash32, structHash: Hash32) -> Hash32 {
    var sponge = Keccak()
    sponge.absorb([0x19, 0x01])
    sponge.absorb(domainSeparator)
    sponge.absorb(structHash)
    return sponge.finish()
  }

  /// A document as `eth_signTypedData_v4` takes it, hashed.
  ///
  /// Nothing is guessed: each member must be there, of its type, and a key the type does not name is refused, because
  /// a person would believe to have signed it.
  package struct TypedData: Hashable, Sendable {
    package let domainSeparator: Hash32
    package let structHash: Hash32

    package var digest: Hash32 { EIP712.digest(domainSeparator: domainSeparator, structHash: structHash) }

    /// Hashes a document with `types`, `primaryType`, `domain` and `message`. Throws any `eip712.*` code.
    package init(_ document: JSON) throws(EIP712Error) {
      guard let object = document.object, Set(object.keys) == ["types", "primaryType", "domain", "message"],
        let types = object["types"], let primary = object["primaryType"]?.string,
        let domain = object["domain"], let message = object["message"]
      else { throw EIP712Error(.badDocument, "the document needs types, primaryType, domain and message, no more") }
      var hasher = StructHasher(types: try StructTypes(types))
      domainSeparator = try hasher.hash(domain, as: "EIP712Domain")
      structHash = try hasher.hash(message, as: primary)
    }
  }
}
