import Codecs

/// The challenge that tells people from programs at sign-up and login: Cloudflare Turnstile.
package enum Challenge {
  package static let url = "https://challenges.cloudflare.com/turnstile/v0/siteverify"
  package static let timeoutMilliseconds = 5000

  /// Fields of the form to send. Throws `wallet.challenge_missing` for an empty token.
  package static func form(
    secret: String, token: String, address: String?
  ) throws(WalletError) -> [(name: String, value: String)] {
    guard !token.isEmpty else { throw WalletError(.challengeMissing, "Turnstile token cannot be empty.") }
    return [("secret", secret), ("response", token)] + (address.map { [("remoteip", $0)] } ?? [])
  }

  /// Only `success` that is exactly true passes. A service that does not answer is a challenge that was not passed.
  /// Throws `wallet.challenge_failed`.
  package static func check(status: Int, body: [UInt8]) throws(WalletError) {
    guard (200..<300).contains(status) else { throw failed("Turnstile answered with status \(status).") }
    let json: JSON
    do { json = try JSON.parse(body) } catch { throw failed("Turnstile response is not valid JSON.") }
    guard let object = json.object else {
      throw failed(json.isNull ? "Turnstile response is not valid JSON." : "Invalid Turnstile response payload.")
    }
    guard object["success"] != .bool(true) else { return }
    let codes = (object["error-codes"]?.array ?? []).compactMap(\.string)
    throw failed(
      codes.isEmpty
        ? "Turnstile verification failed without specific error codes."
        : "Turnstile verification failed: \(codes.joined(separator: ", "))")
  }

  private static func failed(_ message: String) -> WalletError { WalletError(.challengeFailed, message) }
}
