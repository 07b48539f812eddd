import Argon2
import Codecs
import Foundation
package import OpenSSL
import Policy
import Signing

/// An approver's own signing key (Ed25519), in a file on the approver's side, encrypted under a password.
package struct ApprovalKeyFile: Sendable {
  /// 32 bytes: what an admin enrols.
  package let publicKey: [UInt8]
  private let salt: [UInt8]
  private let box: [UInt8]

  /// Makes a key and writes its file (mode 0600). A file that exists is never replaced. Throws `signing.key_exists`,
  /// `signing.file_failed`, `crypto.*`.
  package static func create(_ path: String, password: SecretBytes) throws -> ApprovalKeyFile {
    let seed = try SecretBytes(random: 32)
    let made = try ApprovalKeyFile(sealing: seed, password)
    let json: JSON = [
      "kind": "almoner/approval-key/1", "public_key": .string(Hex.text(made.publicKey)), "kdf": "argon2id",
      "salt": .string(Hex.text(made.salt)), "box": .string(Hex.text(made.box)),
    ]
    guard !FileManager.default.fileExists(atPath: path) else {
      throw SigningError(.keyExists, "\(path) exists already; it is not replaced")
    }
    try NewFile.create(path, json.utf8, mode: 0o600, durable: true, existing: .keyExists)
    return made
  }

  /// Reads a file. Throws `signing.file_failed`, and `people.wrong_key` for what is no such file.
  package init(path: String) throws {
    let bytes = Array(try BoundedFile.read(path, most: 4096))
    guard let json = try? JSON.parse(bytes), json["kind"]?.string == "almoner/approval-key/1",
      json["kdf"]?.string == "argon2id", let publicKey = json["public_key"]?.string.flatMap({ Hex.bytes($0) }),
      let salt = json["salt"]?.string.flatMap({ Hex.bytes($0) }), publicKey.count == 32, salt.count == 16,
      let box = json["box"]?.string.flatMap({ Hex.bytes($0) })
    else { throw PeopleError(.wrongKey, "\(path) holds no approval key", hint: "make one: almoner approvals new-key") }
    self.publicKey = publicKey
    self.salt = salt
    self.box = box
  }

  private init(sealing seed: SecretBytes, _ password: SecretBytes) throws {
    salt = try RandomBytes.bytes(16)
    publicKey = try Ed25519.PrivateKey(seed: seed).publicKey
    box = try SecretBox.seal(seed, key: ApprovalKeyFile.key(password, salt), context: publicKey)
  }

  /// 64 bytes. Takes the time of one password hash. Throws `people.bad_credentials` for a wrong password.
  package func sign(_ bytes: [UInt8], password: SecretBytes) throws -> [UInt8] {
    guard let seed = try SecretBox.open(box, key: ApprovalKeyFile.key(password, salt), context: publicKey) else {
      throw PeopleError(.badCredentials, "the password does not open the approval key")
    }
    let key = try Ed25519.PrivateKey(seed: seed)
    guard key.publicKey == publicKey else {
      throw PeopleError(.wrongKey, "the file's key is not that of its public part")
    }
    return try key.sign(bytes)
  }

  private static func key(_ password: SecretBytes, _ salt: [UInt8]) throws -> SecretBytes {
    let parameters = try Argon2id.Parameters(
      memoryKibibytes: PasswordText.memoryKibibytes, passes: PasswordText.passes, lanes: PasswordText.lanes)
    var bytes = try password.withBytes { password throws(Argon2Error) in
      try Argon2id.hash(password, salt: salt, parameters, count: 32)
    }
    return try SecretBytes(wiping: &bytes)
  }
}

/// Ed25519 of OpenSSL behind the core's port.
package struct Ed25519Approvals: ApprovalSignatures {
  package init() {}

  package func isValid(signature: [UInt8], over bytes: [UInt8], publicKey: [UInt8]) -> Bool {
    (try? Ed25519.isValid(signature: signature, message: bytes, publicKey: publicKey)) == true
  }
}
