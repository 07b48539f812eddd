package import Argon2
package import Engine
import Foundation
package import OpenSSL
package import Policy

/// A stored password: its scheme, parameters, salt and hash in one text. Two schemes are read, one is written.
///
/// `$argon2id$v=19$m=65536,t=3,p=1$SALT$HASH` is a PHC string (base64 without padding, RFC 9106);
/// `pbkdf2_sha256$ROUNDS$SALT$HASH` (base64 with padding) is what older desks stored.
package enum PasswordText: Hashable, Sendable {
  case argon2id(Argon2id.Parameters, salt: [UInt8], hash: [UInt8])
  case pbkdf2(rounds: Int, salt: [UInt8], hash: [UInt8])

  /// Of new hashes: 64 MiB, 3 passes, one lane (RFC 9106, section 4, the second recommended option but for the lanes).
  package static let memoryKibibytes: UInt32 = 65_536
  package static let passes: UInt32 = 3
  package static let lanes: UInt32 = 1
  static let saltBytes = 16
  static let hashBytes = 32
  static let mostRounds = 2_000_000

  /// Throws `people.bad_text` for any other text, and for parameters that ask this machine for too much.
  package init(parsing text: String) throws(PeopleError) {
    guard text.utf8.count <= 512 else { throw PasswordText.bad }
    let parts = text.split(separator: "$", omittingEmptySubsequences: false).map(String.init)
    if parts.count == 6, parts[0].isEmpty, parts[1] == "argon2id", parts[2] == "v=19" {
      let numbers = parts[3].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard numbers.count == 3, let memory = PasswordText.number(numbers[0], "m="),
        let passes = PasswordText.number(numbers[1], "t="), let lanes = PasswordText.number(numbers[2], "p="),
        memory <= 1 << 18, passes <= 16,
        let parameters = try? Argon2id.Parameters(memoryKibibytes: memory, passes: passes, lanes: lanes),
        let salt = PasswordText.base64(parts[4]), let hash = PasswordText.base64(parts[5]),
        (8...64).contains(salt.count), (16...64).contains(hash.count)
      else { throw PasswordText.bad }
      self = .argon2id(parameters, salt: salt, hash: hash)
    } else if parts.count == 4, parts[0] == "pbkdf2_sha256" {
      guard let rounds = PasswordText.number(parts[1], ""), (1...PasswordText.mostRounds).contains(Int(rounds)),
        let salt = Data(base64Encoded: parts[2]), let hash = Data(base64Encoded: parts[3]),
        (1...64).contains(salt.count), hash.count == 32
      else { throw PasswordText.bad }
      self = .pbkdf2(rounds: Int(rounds), salt: Array(salt), hash: Array(hash))
    } else {
      throw PasswordText.bad
    }
  }

  /// A new hash with a new salt.
  package static func make(_ password: SecretBytes) throws -> String {
    let salt = try RandomBytes.bytes(saltBytes)
    let parameters = try Argon2id.Parameters(memoryKibibytes: memoryKibibytes, passes: passes, lanes: lanes)
    let hash = try password.withBytes { bytes throws(Argon2Error) in
      try Argon2id.hash(bytes, salt: salt, parameters, count: hashBytes)
    }
    return "$argon2id$v=19$m=\(memoryKibibytes),t=\(passes),p=\(lanes)$\(base64(salt))$\(base64(hash))"
  }

  /// Whether it is what `make` writes today.
  package var isCurrent: Bool {
    guard case .argon2id(let parameters, let salt, let hash) = self else { return false }
    return parameters.memoryKibibytes == PasswordText.memoryKibibytes && parameters.passes == PasswordText.passes
      && parameters.lanes == PasswordText.lanes && salt.count >= PasswordText.saltBytes
      && hash.count == PasswordText.hashBytes
  }

  /// Compares in a time that does not depend on where they differ.
  package func matches(_ password: SecretBytes) throws -> Bool {
    switch self {
    case .argon2id(let parameters, let salt, let hash):
      let found = try password.withBytes { bytes throws(Argon2Error) in
        try Argon2id.hash(bytes, salt: salt, parameters, count: hash.count)
      }
      return constantTimeEqual(found, hash)
    case .pbkdf2(let rounds, let salt, let hash):
      let found = try KeyDerivation.pbkdf2(password: password, salt: salt, rounds: rounds, count: hash.count)
      return found.withBytes { constantTimeEqual($0, hash.span) }
    }
  }

  private static let bad = PeopleError(.badText, "the stored password is of no scheme that is known here")

  private static func number(_ text: String, _ prefix: String) -> UInt32? {
    guard text.hasPrefix(prefix), let number = UInt32(text.dropFirst(prefix.utf8.count)),
      "\(prefix)\(number)" == text
    else { return nil }
    return number
  }

  private static func base64(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().replacing("=", with: "")
  }

  private static func base64(_ text: String) -> [UInt8]? {
    guard !text.contains("=") else { return nil }
    return Data(base64Encoded: text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)).map { Array($0) }
  }
}

/// A password as it was typed or read from a file.
package struct TypedPassword: OfferedPassword {
  private let secret: SecretBytes

  package init(_ secret: SecretBytes) { self.secret = secret }

  /// The shortest that a new password may be, in bytes.
  package static let least = 10

  package func checkStrength() throws(PeopleError) {
    guard (TypedPassword.least...1024).contains(secret.count) else {
      throw PeopleError(.badText, "a password has \(TypedPassword.least) to 1024 bytes")
    }
  }

  package func matches(_ stored: String) -> PasswordVerdict {
    guard let text = try? PasswordText(parsing: stored), (try? text.matches(secret)) == true else { return .wrong }
    return text.isCurrent ? .right : .rightButOld
  }

  package func hashed() throws(PeopleError) -> String {
    do { return try PasswordText.make(secret) } catch {
      throw PeopleError(.badText, "the password cannot be hashed", hint: "is there memory left?")
    }
  }
}
