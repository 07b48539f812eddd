import CPKCS11

/// Reading objects within one session.
@safe struct Objects {
  private let functions: UnsafeMutablePointer<CK_FUNCTION_LIST>
  private let session: CK_SESSION_HANDLE
  private static let most = 4096

  init(_ token: Token, _ session: CK_SESSION_HANDLE) {
    unsafe functions = token.functions
    self.session = session
  }

  /// The handles of all objects that fit.
  func matching(_ template: AttributeTemplate) throws(PKCS11Error) -> [CK_OBJECT_HANDLE] {
    try PKCS11Error.check(
      unsafe template.withPointers { unsafe functions.pointee.C_FindObjectsInit(session, $0, $1) }, "C_FindObjectsInit")
    defer { _ = unsafe functions.pointee.C_FindObjectsFinal(session) }
    var found: [CK_OBJECT_HANDLE] = []
    while found.count < Objects.most {
      var page = [CK_OBJECT_HANDLE](repeating: 0, count: 64)
      var count: CK_ULONG = 0
      try PKCS11Error.check(unsafe functions.pointee.C_FindObjects(session, &page, 64, &count), "C_FindObjects")
      guard count > 0, count <= 64 else { break }
      found += page.prefix(Int(count))
    }
    return found
  }

  /// The bytes of an attribute; nil when the object has none or does not show it.
  func value(_ type: CK_ATTRIBUTE_TYPE, of object: CK_OBJECT_HANDLE) throws(PKCS11Error) -> [UInt8]? {
    var attribute = unsafe CK_ATTRIBUTE(type: type, pValue: nil, ulValueLen: 0)
    let asked = unsafe functions.pointee.C_GetAttributeValue(session, object, &attribute, 1)
    if asked == CKR_ATTRIBUTE_TYPE_INVALID || asked == CKR_ATTRIBUTE_SENSITIVE { return nil }
    try PKCS11Error.check(asked, "C_GetAttributeValue")
    let length = unsafe attribute.ulValueLen
    guard length > 0, length <= 65536 else { return length == 0 ? [] : nil }
    var bytes = [UInt8](repeating: 0, count: Int(length))
    let read = unsafe bytes.withUnsafeMutableBytes { buffer in
      unsafe attribute.pValue = buffer.baseAddress
      return unsafe functions.pointee.C_GetAttributeValue(session, object, &attribute, 1)
    }
    try PKCS11Error.check(read, "C_GetAttributeValue")
    guard unsafe attribute.ulValueLen <= length else {
      throw PKCS11Error(.badAnswer, "the module wrote more than it announced")
    }
    return unsafe Array(bytes.prefix(Int(attribute.ulValueLen)))
  }
}
