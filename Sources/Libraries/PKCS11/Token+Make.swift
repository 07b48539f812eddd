import CPKCS11

extension Token {
  /// Makes a key pair on the token: sensitive, never extractable. Needs a login.
  ///
  /// Throws `pkcs11.key_exists` when the label or the id is taken by an EC key, `pkcs11.unsupported` without the curve.
  package func generateKey(label: String, id: [UInt8]) throws(PKCS11Error) -> TokenKey {
    try checkFree(label: label, id: id)
    try withWritableSession { session throws(PKCS11Error) in
      var publicPart = AttributeTemplate(class: CKO_PUBLIC_KEY)
      describe(&publicPart, label: label, id: id)
      publicPart.add(CKA_EC_PARAMS, ECPoint.secp256k1)
      publicPart.add(CKA_VERIFY, flag: true)
      let privatePart = privateTemplate(label: label, id: id)
      var mechanism = unsafe CK_MECHANISM(
        mechanism: CK_MECHANISM_TYPE(CKM_EC_KEY_PAIR_GEN), pParameter: nil, ulParameterLen: 0)
      var publicObject: CK_OBJECT_HANDLE = 0
      var privateObject: CK_OBJECT_HANDLE = 0
      let result = unsafe publicPart.withPointers { publicAttributes, publicCount in
        unsafe privatePart.withPointers { privateAttributes, privateCount in
          unsafe functions.pointee.C_GenerateKeyPair(
            session, &mechanism, publicAttributes, publicCount, privateAttributes, privateCount, &publicObject,
            &privateObject)
        }
      }
      try PKCS11Error.check(result, "C_GenerateKeyPair")
    }
    return try made(label: label, id: id)
  }

  /// Puts an existing key on the token: `secret` is the 32-byte scalar (the caller wipes it), `publicPoint` its
  /// uncompressed public key, 65 bytes. Throws as `generateKey`.
  package func importKey(
    secret: [UInt8], publicPoint: [UInt8], label: String, id: [UInt8]
  ) throws(PKCS11Error) -> TokenKey {
    try checkFree(label: label, id: id)
    try withWritableSession { session throws(PKCS11Error) in
      var privatePart = privateTemplate(label: label, id: id)
      privatePart.add(CKA_EC_PARAMS, ECPoint.secp256k1)
      privatePart.add(CKA_VALUE, secret)
      let privateObject = try create(privatePart, session)
      var publicPart = AttributeTemplate(class: CKO_PUBLIC_KEY)
      describe(&publicPart, label: label, id: id)
      publicPart.add(CKA_EC_PARAMS, ECPoint.secp256k1)
      publicPart.add(CKA_EC_POINT, ECPoint.wrapped(publicPoint))
      publicPart.add(CKA_VERIFY, flag: true)
      do throws(PKCS11Error) { _ = try create(publicPart, session) } catch {
        // Half a pair is of no use and would block the label.
        _ = unsafe functions.pointee.C_DestroyObject(session, privateObject)
        throw error
      }
    }
    return try made(label: label, id: id)
  }

  // MARK: -

  private func describe(_ template: inout AttributeTemplate, label: String, id: [UInt8]) {
    template.add(CKA_TOKEN, flag: true)
    template.add(CKA_LABEL, Array(label.utf8))
    template.add(CKA_ID, id)
  }

  private func privateTemplate(label: String, id: [UInt8]) -> AttributeTemplate {
    var template = AttributeTemplate(class: CKO_PRIVATE_KEY)
    describe(&template, label: label, id: id)
    template.add(CKA_PRIVATE, flag: true)
    template.add(CKA_SENSITIVE, flag: true)
    template.add(CKA_EXTRACTABLE, flag: false)
    template.add(CKA_SIGN, flag: true)
    return template
  }

  private func create(
    _ template: AttributeTemplate, _ session: CK_SESSION_HANDLE
  ) throws(PKCS11Error) -> CK_OBJECT_HANDLE {
    var object: CK_OBJECT_HANDLE = 0
    let result = unsafe template.withPointers {
      unsafe functions.pointee.C_CreateObject(session, $0, $1, &object)
    }
    try PKCS11Error.check(result, "C_CreateObject")
    return object
  }

  private func checkFree(label: String, id: [UInt8]) throws(PKCS11Error) {
    guard !label.isEmpty, !id.isEmpty else {
      throw PKCS11Error(.refused, "a key is made with a label and an id")
    }
    guard try keys(KeySelector(label: label)).isEmpty, try keys(KeySelector(id: id)).isEmpty else {
      throw PKCS11Error(.keyExists, "the token \(info.label) already has a key with this label or id")
    }
  }

  private func made(label: String, id: [UInt8]) throws(PKCS11Error) -> TokenKey {
    guard let key = try keys(KeySelector(label: label, id: id)).first else {
      throw PKCS11Error(.badAnswer, "the token \(info.label) does not show the key it just made")
    }
    return key
  }
}
