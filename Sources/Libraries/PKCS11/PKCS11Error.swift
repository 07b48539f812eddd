import CPKCS11

/// Why a PKCS#11 module refused or failed. Source: OASIS PKCS#11 v3.1, section 5.1 (return values).
package struct PKCS11Error: Error, Hashable, Sendable {
  /// Stable across releases. Add cases freely; never rename or reuse one.
  package enum Code: String, CaseIterable, Sendable {
    /// The shared object cannot be loaded, or is no PKCS#11 module, or cannot be initialised.
    case moduleUnavailable = "pkcs11.module_unavailable"
    /// No token fits, or its slot went away.
    case tokenNotFound = "pkcs11.token_not_found"
    /// More than one token, or more than one public key, fits.
    case ambiguous = "pkcs11.ambiguous"
    /// The token needs a PIN and none was given.
    case pinMissing = "pkcs11.pin_missing"
    /// Wrong, expired or locked. Never tried again by itself: a token locks after a few wrong tries.
    case pinRefused = "pkcs11.pin_refused"
    /// The key is not on the token, or no longer.
    case keyNotFound = "pkcs11.key_not_found"
    /// A key on the token has this label or id.
    case keyExists = "pkcs11.key_exists"
    /// The module lacks the curve or the mechanism.
    case unsupported = "pkcs11.unsupported"
    /// Every session is in use, or the token has no more of them. The same call may succeed later.
    case busy = "pkcs11.busy"
    /// A session or a login went away, twice in a row. The same call may succeed later.
    case sessionLost = "pkcs11.session_lost"
    /// The device does not answer or was removed. The same call may succeed later.
    case deviceFailed = "pkcs11.device_failed"
    /// The module returned something that the standard does not allow.
    case badAnswer = "pkcs11.bad_answer"
    /// The module refused for another reason; the message names its return value.
    case refused = "pkcs11.refused"
  }
  package let code: Code
  /// One sentence with the name of the return value; never a PIN or key bytes.
  package let message: String
  /// The module's return value; 0 when it was not the module that refused.
  package let returnValue: UInt

  package init(_ code: Code, _ message: String, returnValue: UInt = 0) {
    self.code = code
    self.message = message
    self.returnValue = returnValue
  }

  /// Whether the same call may succeed later without a person's help.
  package var isPassing: Bool {
    switch code {
    case .busy, .sessionLost, .deviceFailed: true
    case .moduleUnavailable, .tokenNotFound, .ambiguous, .pinMissing, .pinRefused, .keyNotFound, .keyExists,
      .unsupported, .badAnswer, .refused:
      false
    }
  }
}

extension PKCS11Error {
  /// The one place where a return value becomes an error.
  static func check(_ returnValue: CK_RV, _ call: StaticString) throws(PKCS11Error) {
    guard returnValue != CKR_OK else { return }
    throw PKCS11Error(
      code(for: returnValue), "\(call) answered \(ReturnValue.name(returnValue))", returnValue: returnValue)
  }

  private static func code(for returnValue: CK_RV) -> Code {
    switch returnValue {
    case CKR_PIN_INCORRECT, CKR_PIN_INVALID, CKR_PIN_LEN_RANGE, CKR_PIN_EXPIRED, CKR_PIN_LOCKED: .pinRefused
    case CKR_SLOT_ID_INVALID: .tokenNotFound
    case CKR_SESSION_COUNT: .busy
    case CKR_USER_NOT_LOGGED_IN, CKR_SESSION_CLOSED, CKR_SESSION_HANDLE_INVALID, CKR_KEY_HANDLE_INVALID,
      CKR_OBJECT_HANDLE_INVALID:
      .sessionLost
    case CKR_DEVICE_ERROR, CKR_DEVICE_REMOVED, CKR_DEVICE_MEMORY, CKR_TOKEN_NOT_PRESENT, CKR_TOKEN_NOT_RECOGNIZED,
      CKR_GENERAL_ERROR, CKR_HOST_MEMORY, CKR_FUNCTION_FAILED:
      .deviceFailed
    case CKR_MECHANISM_INVALID, CKR_MECHANISM_PARAM_INVALID, CKR_CURVE_NOT_SUPPORTED, CKR_DOMAIN_PARAMS_INVALID,
      CKR_FUNCTION_NOT_SUPPORTED, CKR_KEY_TYPE_INCONSISTENT, CKR_KEY_FUNCTION_NOT_PERMITTED:
      .unsupported
    default: .refused
    }
  }
}
