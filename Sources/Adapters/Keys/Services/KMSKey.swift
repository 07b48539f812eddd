package import Chains
package import Codecs
import Foundation
package import Money
import Secp256k1
package import Signing
package import Transport

/// A secp256k1 key (`ECC_SECG_P256K1`) behind the JSON API of AWS KMS.
///
/// The service signs digests and answers in DER, often with a high s: every signature is normalised, completed with its
/// recovery id, and accepted only when it leads back to the account.
/// Source: AWS KMS API Reference, Sign and GetPublicKey.
package struct KMSKey: SigningKey {
  package let account: Address
  package let publicKey: [UInt8]
  package let origin: String
  private let id: String
  private let service: KMSService

  /// Asks for the public key. Throws `signing.key_unavailable`, `signing.key_not_found`, `signing.device_refused`.
  package init(_ id: String, _ service: KMSService) throws(SigningError) {
    let answer = try service.call("GetPublicKey", ["KeyId": .string(id)])
    guard answer["KeySpec"]?.string == "ECC_SECG_P256K1", answer["KeyUsage"]?.string == "SIGN_VERIFY",
      let der = KMSKey.bytes(answer["PublicKey"]), let point = DERSignature.point(subjectPublicKeyInfo: der),
      let key = try? Curve.shared.publicKey(parsing: point)
    else { throw SigningError(.deviceRefused, "the key \(id) of KMS is no key of secp256k1 that signs") }
    publicKey = key
    account = KeyAccount.address(publicKey: key)
    origin = "kms:\(service.url);key=\(id)"
    self.id = id
    self.service = service
  }

  package func sign(_ digests: [Hash32]) throws(SigningError) -> [RecoverableSignature] {
    var signatures: [RecoverableSignature] = []
    for digest in digests {
      let answer = try service.call(
        "Sign",
        [
          "KeyId": .string(id), "Message": .string(Data(digest.bytes).base64EncodedString()),
          "MessageType": "DIGEST", "SigningAlgorithm": "ECDSA_SHA_256",
        ])
      guard let der = KMSKey.bytes(answer["Signature"]), let raw = DERSignature.raw(der) else {
        throw SigningError(.badSignature, "KMS answered with no signature")
      }
      signatures.append(try PKCS11Key.completed(raw, digest: digest, publicKey: publicKey))
    }
    return signatures
  }

  private static func bytes(_ value: JSON?) -> [UInt8]? {
    value?.string.flatMap { Data(base64Encoded: $0) }.map { Array($0) }
  }
}

/// Where KMS is, and in whose name it is asked.
package struct KMSService: Sendable {
  package let url: URLText
  private let signer: AWSRequestSigner
  private let http: HTTPClient
  private let limits: HTTPLimits
  private let now: @Sendable () -> Timestamp

  package init(
    _ url: URLText, _ signer: AWSRequestSigner, http: HTTPClient,
    limits: HTTPLimits = Web3SignerKey.limits, now: @escaping @Sendable () -> Timestamp
  ) {
    self.url = url
    self.signer = signer
    self.http = http
    self.limits = limits
    self.now = now
  }

  func call(_ action: String, _ body: JSON) throws(SigningError) -> JSON {
    let bytes = body.utf8
    let response: HTTPResponse
    do {
      let headers = try signer.headers(
        host: String(url.description.drop { $0 != ":" }.dropFirst(3)), target: "TrentService.\(action)", body: bytes,
        at: now())
      response = try http.perform(
        HTTPRequest(
          .post(bytes), url, headers: try headers.map { try HTTPHeader($0.name, $0.value) }, limits: limits))
    } catch {
      throw SigningError(
        .keyUnavailable, "KMS at \(url) cannot be asked: \((error as? TransportError)?.message ?? "")",
        hint: "nothing was signed")
    }
    let answer = try? JSON.parse(response.body)
    if response.status == 200, let answer, answer.object != nil { return answer }
    // `__type` may have a namespace before it; only names that we know are repeated.
    let kind = answer?["__type"]?.string?.split(separator: "#").last.map(String.init) ?? ""
    switch (kind, response.status) {
    case ("NotFoundException", _): throw SigningError(.keyNotFound, "KMS at \(url) does not have this key")
    case ("ThrottlingException", _), ("KMSInternalException", _), ("DependencyTimeoutException", _), (_, 500...):
      throw SigningError(.keyUnavailable, "KMS at \(url) is busy or failed, status \(response.status)")
    case ("AccessDeniedException", _), ("DisabledException", _), ("KMSInvalidStateException", _):
      throw SigningError(.deviceRefused, "KMS at \(url) refused: \(kind)", hint: "look at the key's state and policy")
    default:
      throw SigningError(.deviceRefused, "KMS at \(url) refused with status \(response.status)")
    }
  }
}
