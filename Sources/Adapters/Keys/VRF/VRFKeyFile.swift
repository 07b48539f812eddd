import Argon2
import Codecs
import Foundation
package import OpenSSL
import Signing
package import Sodium

/// A VRF key in a file of its keeper, encrypted under a password.
package struct VRFKeyFile: Sendable {
  /// 32 bytes: what plans of lotteries name.
  package let publicKey: [UInt8]
  private let salt: [UInt8]
  private let box: [UInt8]

  private static let kind = "almoner/vrf-key/1"

  /// Makes a key and writes its file (mode 0600). A file that exists is never replaced. Throws `signing.key_exists`,
  /// `signing.file_failed`, `crypto.*`, `vrf.*`.
  package static func create(_ path: String, password: SecretBytes) throws -> VRFKeyFile {
    let seed = try SecretBytes(random: VRFSecretKey.seedByteCount)
    let publicKey = try VRFKeyFile.key(of: seed).publicKey
    let salt = try RandomBytes.bytes(16)
    let box = try SecretBox.seal(seed, key: VRFKeyFile.stretched(password, salt), context: publicKey)
    let json: JSON = [
      "kind": .string(kind), "public_key": .string(Hex.text(publicKey)), "kdf": "argon2id",
      "salt": .string(Hex.text(salt)), "box": .string(Hex.text(box)),
    ]
    try NewFile.create(path, json.utf8, mode: 0o600, durable: true, existing: .keyExists)
    return try VRFKeyFile(path: path)
  }

  /// Reads a file. Throws `signing.file_failed`, `signing.key_not_found` for what is no such file.
  package init(path: String) throws {
    let bytes = Array(try BoundedFile.read(path, most: 4096))
    guard let json = try? JSON.parse(bytes), json["kind"]?.string == VRFKeyFile.kind,
      let publicKey = json["public_key"]?.string.flatMap({ Hex.bytes($0) }), publicKey.count == 32,
      let salt = json["salt"]?.string.flatMap({ Hex.bytes($0) }), salt.count == 16,
      let box = json["box"]?.string.flatMap({ Hex.bytes($0) })
    else { throw SigningError(.keyNotFound, "\(path) holds no VRF key", hint: "make one: almoner vrf new-key") }
    self.publicKey = publicKey
    self.salt = salt
    self.box = box
  }

  /// The key itself. Takes the time of one password hash. Throws `signing.key_not_found` for a wrong password.
  package func open(password: SecretBytes) throws -> VRFSecretKey {
    guard let seed = try SecretBox.open(box, key: VRFKeyFile.stretched(password, salt), context: publicKey) else {
      throw SigningError(.keyNotFound, "the password does not open the VRF key")
    }
    let key = try VRFKeyFile.key(of: seed)
    guard key.publicKey == publicKey else {
      throw SigningError(.keyNotFound, "the file's key is not that of its public part")
    }
    return key
  }

  private static func key(of seed: SecretBytes) throws -> VRFSecretKey {
    try seed.withBytes { bytes throws(VRFError) in try VRFSecretKey(seed: bytes) }
  }

  private static func stretched(_ password: SecretBytes, _ salt: [UInt8]) throws -> SecretBytes {
    let parameters = try Argon2id.Parameters(
      memoryKibibytes: PasswordText.memoryKibibytes, passes: PasswordText.passes, lanes: PasswordText.lanes)
    var bytes = try password.withBytes { password throws(Argon2Error) in
      try Argon2id.hash(password, salt: salt, parameters, count: 32)
    }
    return try SecretBytes(wiping: &bytes)
  }
}
