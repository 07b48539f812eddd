import CPKCS11
import Synchronization

/// Which keys of a token are meant; nil fields fit every key.
package struct KeySelector: Hashable, Sendable {
  /// `CKA_LABEL`.
  package let label: String?
  /// `CKA_ID`.
  package let id: [UInt8]?

  package init(label: String? = nil, id: [UInt8]? = nil) {
    self.label = label
    self.id = id
  }
}

/// A secp256k1 key pair on a token. The private part never leaves it.
///
/// Threads: any may sign; each call borrows a session of its own.
package final class TokenKey: Sendable {
  package let token: Token
  package let label: String
  package let id: [UInt8]
  /// The point as the token stores it, 33 or 65 bytes.
  package let publicPoint: [UInt8]
  /// The private object's handle, and the login it belongs to.
  private let handle: Mutex<(generation: Int, object: CK_OBJECT_HANDLE)>

  init(
    token: Token, label: String, id: [UInt8], publicPoint: [UInt8], generation: Int, object: CK_OBJECT_HANDLE
  ) {
    self.token = token
    self.label = label
    self.id = id
    self.publicPoint = publicPoint
    handle = Mutex((generation, object))
  }

  /// Signs digests with `CKM_ECDSA`; each result is `r || s` as the module made it: often with high s.
  /// Throws `pkcs11.key_not_found` when the key was deleted, `pkcs11.session_lost`, `pkcs11.device_failed` and others.
  package func sign(_ digests: [[UInt8]]) throws(PKCS11Error) -> [[UInt8]] {
    try token.withSession { (session, generation) throws(PKCS11Error) in
      let object = try object(session, generation)
      var signatures: [[UInt8]] = []
      signatures.reserveCapacity(digests.count)
      for digest in digests { signatures.append(try sign(digest, session, object)) }
      return signatures
    }
  }

  private func sign(
    _ digest: [UInt8], _ session: CK_SESSION_HANDLE, _ object: CK_OBJECT_HANDLE
  ) throws(PKCS11Error) -> [UInt8] {
    var mechanism = unsafe CK_MECHANISM(mechanism: CK_MECHANISM_TYPE(CKM_ECDSA), pParameter: nil, ulParameterLen: 0)
    try PKCS11Error.check(unsafe token.functions.pointee.C_SignInit(session, &mechanism, object), "C_SignInit")
    var digest = digest
    var signature = [UInt8](repeating: 0, count: 64)
    var length: CK_ULONG = 64
    let result = unsafe token.functions.pointee.C_Sign(
      session, &digest, CK_ULONG(digest.count), &signature, &length)
    try PKCS11Error.check(result, "C_Sign")
    guard length == 64 else { throw PKCS11Error(.badAnswer, "the module made a signature of \(length) bytes") }
    return signature
  }

  /// Handles die with a login: after a new one the key is looked up again.
  private func object(_ session: CK_SESSION_HANDLE, _ generation: Int) throws(PKCS11Error) -> CK_OBJECT_HANDLE {
    let known = handle.withLock { $0 }
    if known.generation == generation { return known.object }
    var template = AttributeTemplate(class: CKO_PRIVATE_KEY)
    template.add(CKA_LABEL, Array(label.utf8))
    template.add(CKA_ID, id)
    guard let object = try Objects(token, session).matching(template).first else {
      throw PKCS11Error(.keyNotFound, "the key \(label) is no longer on the token \(token.info.label)")
    }
    handle.withLock { $0 = (generation, object) }
    return object
  }
}

extension Token {
  /// The secp256k1 keys that fit, after a login; empty when there are none.
  ///
  /// Throws `pkcs11.ambiguous` when it cannot be told which public key belongs to a private one.
  package func keys(_ selector: KeySelector = KeySelector()) throws(PKCS11Error) -> [TokenKey] {
    try withSession { (session, generation) throws(PKCS11Error) in
      var template = AttributeTemplate(class: CKO_PRIVATE_KEY)
      if let label = selector.label { template.add(CKA_LABEL, Array(label.utf8)) }
      if let id = selector.id { template.add(CKA_ID, id) }
      let objects = Objects(self, session)
      var keys: [TokenKey] = []
      for object in try objects.matching(template) {
        // A private object need not name its curve; its public twin always does.
        if let curve = try objects.value(CKA_EC_PARAMS, of: object), !curve.isEmpty, curve != ECPoint.secp256k1 {
          continue
        }
        let label = try objects.value(CKA_LABEL, of: object) ?? []
        let id = try objects.value(CKA_ID, of: object) ?? []
        guard let point = try publicPoint(label: label, id: id, object, objects) else { continue }
        keys.append(
          TokenKey(
            token: self, label: String(decoding: label, as: UTF8.self), id: id, publicPoint: point,
            generation: generation, object: object))
      }
      return keys
    }
  }

  private func publicPoint(
    label: [UInt8], id: [UInt8], _ privateObject: CK_OBJECT_HANDLE, _ objects: Objects
  ) throws(PKCS11Error) -> [UInt8]? {
    var template = AttributeTemplate(class: CKO_PUBLIC_KEY)
    template.add(CKA_EC_PARAMS, ECPoint.secp256k1)
    // The id joins the halves of a pair (PKCS#11 v3.1, 4.8); without one the label has to.
    if id.isEmpty { template.add(CKA_LABEL, label) } else { template.add(CKA_ID, id) }
    var points: Set<[UInt8]> = []
    for object in try objects.matching(template) {
      guard let attribute = try objects.value(CKA_EC_POINT, of: object),
        let point = ECPoint.unwrapped(attribute)
      else { throw PKCS11Error(.badAnswer, "a public key on the token \(info.label) has no readable CKA_EC_POINT") }
      points.insert(point)
    }
    if points.isEmpty, let own = try objects.value(CKA_EC_POINT, of: privateObject) {
      return ECPoint.unwrapped(own)
    }
    guard points.count <= 1 else {
      throw PKCS11Error(
        .ambiguous, "several public keys on the token \(info.label) share the label or id of one private key")
    }
    return points.first
  }
}
