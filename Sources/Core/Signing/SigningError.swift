/// Why a signature was refused or could not be made. Codes are stable: docs/errors.md.
package struct SigningError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    case staleFence = "signing.stale_fence"
    case slotTaken = "signing.slot_taken"
    case wrongContent = "signing.wrong_content"
    case overCap = "signing.over_cap"
    case forbidden = "signing.forbidden"
    case logFailed = "signing.log_failed"
    case keyUnavailable = "signing.key_unavailable"
    case keyNotFound = "signing.key_not_found"
    case wrongPassword = "signing.wrong_password"
    case badKeystore = "signing.bad_keystore"
    case mainnetRefused = "signing.mainnet_refused"
    case badSignature = "signing.bad_signature"
    case badHSMAddress = "signing.bad_hsm_uri"
    case pinMissing = "signing.pin_missing"
    case pinRefused = "signing.pin_refused"
    case keyExists = "signing.key_exists"
    case deviceRefused = "signing.device_refused"
    case fileFailed = "signing.file_failed"
    case badBundle = "signing.bad_bundle"
  }
  package let code: Code
  package let message: String
  package let hint: String?

  package init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  /// Whether the same call may succeed later without a person's help.
  package var isPassing: Bool { code == .keyUnavailable || code == .logFailed }
}
