import CPKCS11

/// What a token says about itself, without login.
package struct TokenInfo: Hashable, Sendable {
  /// The module's number for the slot; some modules renumber slots when a token is made.
  package let slot: UInt
  package let label: String
  package let serial: String
  package let manufacturer: String
  package let model: String
  /// The PIN is typed on the device itself.
  package let hasOwnPINPad: Bool

  init(slot: UInt, _ info: CK_TOKEN_INFO) {
    self.slot = slot
    label = unsafe withUnsafeBytes(of: info.label) { unsafe TokenInfo.text($0) }
    serial = unsafe withUnsafeBytes(of: info.serialNumber) { unsafe TokenInfo.text($0) }
    manufacturer = unsafe withUnsafeBytes(of: info.manufacturerID) { unsafe TokenInfo.text($0) }
    model = unsafe withUnsafeBytes(of: info.model) { unsafe TokenInfo.text($0) }
    hasOwnPINPad = info.flags & CK_FLAGS(CKF_PROTECTED_AUTHENTICATION_PATH) != 0
  }

  /// Fields are UTF-8, padded with blanks and not terminated (PKCS#11 v3.1, 3.2); some modules pad with NUL.
  private static func text(_ field: UnsafeRawBufferPointer) -> String {
    var bytes = unsafe Array(field)
    while let last = bytes.last, last == 0x20 || last == 0 { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}
