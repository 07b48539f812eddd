package import Chains
package import Codecs
import Foundation
import Secp256k1
package import Signing
package import Transport

/// A key behind Web3Signer's Ethereum REST API (`/api/v1/eth1`).
///
/// The service hashes what it is given with Keccak-256, so it gets the unsigned bytes and not their digest. Whatever it
/// answers is accepted only when it leads back to the account. Source: docs.web3signer.consensys.io, REST API.
package struct Web3SignerKey: SigningKey {
  package let account: Address
  package let publicKey: [UInt8]
  package let origin: String
  private let identifier: String
  private let base: URLText
  private let http: HTTPClient
  private let limits: HTTPLimits

  /// Every key of the service. Throws `signing.key_unavailable` when it cannot be asked, `signing.device_refused` when
  /// it answers otherwise than its API says.
  package static func all(
    _ base: URLText, http: HTTPClient, limits: HTTPLimits = Web3SignerKey.limits
  ) throws(SigningError) -> [Web3SignerKey] {
    let answer = try send(.get, base, "/api/v1/eth1/publicKeys", http, limits)
    guard let list = try? JSON.parse(answer), let texts = list.array, texts.count <= 10_000 else {
      throw SigningError(.deviceRefused, "Web3Signer at \(base) gave no list of public keys")
    }
    var keys: [Web3SignerKey] = []
    for text in texts { keys.append(try Web3SignerKey(text.string ?? "", base, http, limits)) }
    return keys.sorted { $0.account < $1.account }
  }

  package static let limits = HTTPLimits(totalTimeoutMilliseconds: 10_000, responseBytes: 1 << 20)

  private init(_ identifier: String, _ base: URLText, _ http: HTTPClient, _ limits: HTTPLimits) throws(SigningError) {
    // 64 bytes, or 65 with the mark of an uncompressed point.
    guard identifier.hasPrefix("0x"), let bytes = Hex.bytes(String(identifier.dropFirst(2))),
      bytes.count == 64 || bytes.count == 65,
      let point = try? Curve.shared.publicKey(parsing: bytes.count == 64 ? [4] + bytes : bytes)
    else { throw SigningError(.deviceRefused, "Web3Signer at \(base) names a key that is no point of the curve") }
    self.identifier = identifier
    publicKey = point
    account = KeyAccount.address(publicKey: point)
    origin = "web3signer:\(base)"
    self.base = base
    self.http = http
    self.limits = limits
  }

  /// It signs messages only: a digest would be hashed again.
  package func sign(_ digests: [Hash32]) throws(SigningError) -> [RecoverableSignature] {
    throw SigningError(.deviceRefused, "Web3Signer signs bytes, not digests")
  }

  package func sign(_ messages: [SigningMessage]) throws(SigningError) -> [RecoverableSignature] {
    var signatures: [RecoverableSignature] = []
    for message in messages {
      guard Keccak.hash256(message.bytes) == message.digest else {
        throw SigningError(.deviceRefused, "Web3Signer signs Keccak-256 only, and this chain wants another digest")
      }
      let body: JSON = ["data": .string(Hex.prefixed(message.bytes))]
      let answer = try Web3SignerKey.send(
        .post(body.utf8), base, "/api/v1/eth1/sign/\(identifier)", http, limits)
      let text = String(decoding: answer, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
      guard text.hasPrefix("0x"), let bytes = Hex.bytes(String(text.dropFirst(2))), bytes.count == 65 else {
        throw SigningError(.badSignature, "Web3Signer at \(base) answered with no signature")
      }
      // The recovery id at the end is its word; ours is found by recovering.
      signatures.append(
        try PKCS11Key.completed(Array(bytes.prefix(64)), digest: message.digest, publicKey: publicKey))
    }
    return signatures
  }

  private static func send(
    _ method: HTTPRequest.Method, _ base: URLText, _ path: String, _ http: HTTPClient, _ limits: HTTPLimits
  ) throws(SigningError) -> [UInt8] {
    let response: HTTPResponse
    do {
      var full = base.full
      while full.hasSuffix("/") { full.removeLast() }
      let url = try URLText(parsing: full + path)
      let headers = [try HTTPHeader("Content-Type", "application/json"), try HTTPHeader("Accept", "*/*")]
      response = try http.perform(HTTPRequest(method, url, headers: headers, limits: limits))
    } catch {
      throw SigningError(
        .keyUnavailable, "Web3Signer at \(base) cannot be asked: \(error.message)",
        hint: "nothing was signed; is it up?")
    }
    switch response.status {
    case 200: return response.body
    case 404: throw SigningError(.keyNotFound, "Web3Signer at \(base) does not have the key, or not this API")
    case 400..<500:
      throw SigningError(.deviceRefused, "Web3Signer at \(base) refused with status \(response.status)")
    default:
      throw SigningError(.keyUnavailable, "Web3Signer at \(base) failed with status \(response.status)")
    }
  }
}
