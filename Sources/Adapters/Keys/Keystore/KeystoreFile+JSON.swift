import Codecs
import OpenSSL
package import Signing

extension KeystoreFile {
  /// Reads the JSON of a keystore. Throws `signing.bad_keystore` for anything that is not a version 3 file within bounds.
  package init(parsing bytes: [UInt8]) throws(SigningError) {
    let json: JSON
    do { json = try JSON.parse(bytes, limits: JSON.Limits(bytes: KeystoreFile.mostBytes, depth: 8)) } catch {
      throw KeystoreFile.bad("it is no JSON (\(error.message))")
    }
    guard json["version"]?.uint64 == 3 else { throw KeystoreFile.bad("only version 3 is read") }
    // The first writers spelled it with a capital.
    guard let crypto = json["crypto"] ?? json["Crypto"], crypto.object != nil else {
      throw KeystoreFile.bad("it has no crypto section")
    }
    guard crypto["cipher"]?.string == "aes-128-ctr" else { throw KeystoreFile.bad("the cipher is not aes-128-ctr") }
    counter = try KeystoreFile.hex(crypto["cipherparams"]?["iv"], "cipherparams.iv", 16...16)
    ciphertext = try KeystoreFile.hex(crypto["ciphertext"], "ciphertext", 32...32)
    guard let mac = Hash32(try KeystoreFile.hex(crypto["mac"], "mac", 32...32)) else {
      throw KeystoreFile.bad("the mac is not 32 bytes")
    }
    self.mac = mac
    derivation = try KeystoreFile.derivation(crypto["kdf"]?.string, crypto["kdfparams"])
    id = json["id"]?.string ?? ""
    if let stated = json["address"], !stated.isNull, stated.string != "" {
      address = try KeystoreFile.hex(stated, "address", 20...20)
    } else {
      address = nil
    }
  }

  /// The file's bytes, as geth writes them.
  package var json: [UInt8] {
    let parameters: JSON
    let name: JSON
    switch derivation {
    case .scrypt(let n, let r, let p, let salt):
      name = "scrypt"
      parameters = [
        "dklen": .integer(32), "n": .integer(n), "p": .integer(p), "r": .integer(r), "salt": .string(Hex.text(salt)),
      ]
    case .pbkdf2(let rounds, let salt):
      name = "pbkdf2"
      parameters = [
        "c": .integer(rounds), "dklen": .integer(32), "prf": "hmac-sha256", "salt": .string(Hex.text(salt)),
      ]
    }
    let crypto: JSON = [
      "cipher": "aes-128-ctr", "ciphertext": .string(Hex.text(ciphertext)),
      "cipherparams": ["iv": .string(Hex.text(counter))], "kdf": name, "kdfparams": parameters,
      "mac": .string(Hex.text(mac.bytes)),
    ]
    let file: JSON = [
      "address": .string(Hex.text(address ?? [])), "crypto": crypto, "id": .string(id), "version": .integer(3),
    ]
    return file.utf8
  }

  // MARK: -

  private static func derivation(_ name: String?, _ parameters: JSON?) throws(SigningError) -> Derivation {
    guard let parameters, parameters.object != nil else { throw bad("it has no kdfparams") }
    guard parameters["dklen"]?.uint64 == 32 else { throw bad("dklen is not 32") }
    let salt = try hex(parameters["salt"], "salt", 1...256)
    switch name {
    case "scrypt":
      guard let n = parameters["n"]?.uint64, let r = parameters["r"]?.uint64, let p = parameters["p"]?.uint64 else {
        throw bad("n, r or p is missing or no whole number")
      }
      try checkScrypt(n: n, r: r, p: p)
      return .scrypt(n: n, r: r, p: p, salt: salt)
    case "pbkdf2":
      guard parameters["prf"]?.string == "hmac-sha256" else { throw bad("the prf is not hmac-sha256") }
      guard let rounds = parameters["c"]?.uint64, (1...5_000_000).contains(rounds) else {
        throw bad("c is not between 1 and 5,000,000")
      }
      return .pbkdf2(rounds: Int(clamping: rounds), salt: salt)
    default: throw bad("the kdf is neither scrypt nor pbkdf2")
    }
  }

  /// Each factor first, so that the product cannot overflow.
  private static func checkScrypt(n: UInt64, r: UInt64, p: UInt64) throws(SigningError) {
    guard n > 1, n <= 1 << 22, n & (n - 1) == 0, (1...64).contains(r), (1...64).contains(p),
      n * r * p <= mostScryptWork, 128 * r * (n + p + 2) <= 512 << 20
    else { throw bad("the scrypt parameters ask for more work or memory than a keystore may") }
  }

  private static func hex(_ json: JSON?, _ name: String, _ lengths: ClosedRange<Int>) throws(SigningError) -> [UInt8] {
    guard let text = json?.string, text.utf8.count <= 2 * lengths.upperBound + 2, let bytes = Hex.bytes(text),
      lengths.contains(bytes.count)
    else { throw bad("\(name) is missing, no hex text or of the wrong length") }
    return bytes
  }

  private static func bad(_ why: String) -> SigningError {
    SigningError(
      .badKeystore, "the keystore cannot be used: \(why)", hint: "it must be an Ethereum keystore, version 3")
  }
}
