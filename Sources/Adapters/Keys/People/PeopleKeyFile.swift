package import Codecs
import Engine
import Foundation
import OATH
package import OpenSSL
package import Policy
import Signing

/// Secrets of people: sealed with a key that lies in a file (32 bytes, mode 0600) and never in the database.
package struct PeopleKeyFile: PeopleSecrets {
  private let path: String

  /// The file is made when the first secret is sealed.
  package init(path: String) { self.path = path }

  package func newFactor(for person: PersonName) throws(PeopleError) -> (sealed: [UInt8], base32: String) {
    do {
      let secret = try SecretBytes(random: 20)
      let sealed = try SecretBox.seal(secret, key: try key(makingIt: true), context: context(person))
      let text = try secret.withBytes { bytes throws(OATHError) in try OneTimePassword.base32(bytes) }
      return (sealed, text)
    } catch let error as PeopleError { throw error } catch {
      throw PeopleError(.noSecondFactor, "no secret for one-time codes can be made", hint: "check \(path)")
    }
  }

  package func isCode(
    _ code: String, sealed: [UInt8], of person: PersonName, step: Int64
  ) throws(PeopleError) -> Bool {
    let digits = Array(code.utf8)
    guard digits.count == 6, digits.allSatisfy({ (0x30...0x39).contains($0) }), step >= 0 else { return false }
    do {
      guard let secret = try SecretBox.open(sealed, key: try key(makingIt: false), context: context(person)) else {
        throw PeopleError(
          .noSecondFactor, "the secret of \(person) cannot be opened with the key in \(path)",
          hint: "AM_PEOPLE_KEY must name the file that it was sealed with")
      }
      let right = try secret.withBytes { bytes throws(OATHError) in
        try OneTimePassword.text(bytes, counter: UInt64(step))
      }
      return constantTimeEqual(Array(right.utf8), digits)
    } catch let error as PeopleError { throw error } catch {
      throw PeopleError(.noSecondFactor, "one-time codes cannot be checked", hint: "check \(path)")
    }
  }

  package func newRecoveryCodes(_ count: Int) throws(PeopleError) -> [String] {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8)
    var codes: [String] = []
    while codes.count < count {
      // 252 is the last multiple of 36 within a byte: beyond it some letters would come more often.
      let bytes = try random(64).filter { $0 < 252 }.prefix(10)
      guard bytes.count == 10 else { continue }
      codes.append(String(decoding: bytes.map { letters[Int($0) % 36] }, as: UTF8.self))
    }
    return codes
  }

  package func newToken() throws(PeopleError) -> String {
    Data(try random(32)).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
      .replacing("=", with: "")
  }

  package func newNonce() throws(PeopleError) -> Hash32 { Hash32(try random(32)) ?? .zero }

  package func digest(_ text: String) -> Hash32 { OpenSSLHashing().sha256(Array(text.utf8)) }

  /// What names one secret to whoever holds the key, and tells nobody else anything of it: HMAC-SHA-256.
  package func mark(_ secret: SecretBytes, of name: String) throws -> Hash32 {
    let key = try key(makingIt: true)
    var bytes = Array("secret/\(name)/".utf8)
    secret.withBytes { span in for place in span.indices { bytes.append(span[place]) } }
    defer { for place in bytes.indices { bytes[place] = 0 } }
    return Hash32(try HMACSHA256.code(for: bytes, key: key)) ?? .zero
  }

  // MARK: -

  private func context(_ person: PersonName) -> [UInt8] { Array("otp/\(person)".utf8) }

  private func random(_ count: Int) throws(PeopleError) -> [UInt8] {
    do { return try RandomBytes.bytes(count) } catch {
      throw PeopleError(.noSecondFactor, "the system's random source failed")
    }
  }

  private func key(makingIt: Bool) throws -> SecretBytes {
    if makingIt, !FileManager.default.fileExists(atPath: path) {
      try NewFile.create(path, try RandomBytes.bytes(32), mode: 0o600, durable: true, existing: .keyExists)
    }
    var bytes = Array(try BoundedFile.read(path, most: 32))
    guard bytes.count == 32, !BoundedFile.isExposed(path) else {
      throw PeopleError(
        .noSecondFactor, "\(path) is no file of 32 bytes that its owner alone may read", hint: "check AM_PEOPLE_KEY")
    }
    return try SecretBytes(wiping: &bytes)
  }
}
