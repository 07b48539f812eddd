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
    /// AM_HSM_URI cannot be used: not RFC 7512, a PIN in it, or more than one token fits; see the hint
    case badHSMAddress = "signing.bad_hsm_uri"
    /// The password or PIN file is missing or empty; set pin-source=file: in AM_HSM_URI, or AM_HSM_PIN_FILE.
    case pinMissing = "signing.pin_missing"
    /// The token refused the PIN. It is not tried again, since a token locks after a few wrong tries: correct the file first.
    case pinRefused = "signing.pin_refused"
    /// A key with this label, id or file name exists; it is not replaced.
    case keyExists = "signing.key_exists"
    /// The token lacks the curve or the mechanism, or answered against the standard; the message holds its return value.
    case deviceRefused = "signing.device_refused"
    /// A file or directory of keys, PINs or requests cannot be read or written, or is too long.
    case fileFailed = "signing.file_failed"
    /// A bundle for offline signing is incomplete, was changed, or is for another chain; make it again.
    case badBundle = "signing.bad_bundle"
    /// The signer did not get enough valid approvals of other people than the initiators, or their time is over by its clock.
    case notApproved = "signing.not_approved"
    /// A payee, amount, asset, lane or fee of the bytes is not what the approvers signed.
    case notInApproval = "signing.not_in_approval"
    /// A payout of the bytes was permitted in another slot, and the signer has no proof of its own that it is dead.
    case payoutTaken = "signing.payout_taken"
    /// The signer's process cannot be reached, or does not answer in time; nothing is lost, the same is asked again.
    case signerUnreachable = "signing.unreachable"
    /// What came is not the signer's protocol: a frame too long or unreadable, another version, or an answer to something else.
    case badFrame = "signing.bad_frame"
    /// The other side is not one that may ask this signer, or not the signer that was expected.
    case wrongPeer = "signing.wrong_peer"
    /// The program that holds the keys is in safe mode (AM_SAFE_MODE): it signs nothing.
    case safeMode = "signing.safe_mode"
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
  package var isPassing: Bool { code == .keyUnavailable || code == .logFailed || code == .signerUnreachable }
}
