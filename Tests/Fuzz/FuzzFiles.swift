import Chains
import Codecs
import Commands
import EVMDriver
import Keys
import Signing

/// Files and settings that are handed to a signer or a desk.
enum FuzzFiles {
  static func keystore(_ input: [UInt8]) {
    guard let file = try? KeystoreFile(parsing: input) else { return }
    switch file.derivation {
    case .scrypt(let n, let r, let p, _):
      // 128 bytes for each of n and p blocks of r.
      promise(128 * r * (n + p) <= 512 << 20, "a keystore that takes more memory than it may")
    case .pbkdf2(let rounds, _): promise((1...5_000_000).contains(rounds), "more rounds than there may be")
    }
    promise(file.ciphertext.count == 32 && file.counter.count == 16, "a length that was never checked")
    let json = file.json
    // Our own layout may be longer than the input by some names, and so past the limit.
    guard input.count < 60_000 else { return }
    let again = try? KeystoreFile(parsing: json)
    promise(again == file && again?.json == json, "a keystore changed on the way")
  }

  private static let codec = EVMCodec(chainID: 31337, batchContract: FuzzTransactions.batchContract)

  static func offline(_ input: [UInt8]) {
    if let request = try? UnsignedRequest(parsing: input, codec: codec) {
      let bytes = request.json(codec).utf8
      promise((try? UnsignedRequest(parsing: bytes, codec: codec)) == request, "a request changed on the way")
      promise(isPlain(request.fileName), "a file name that leaves the directory")
      promise((try? codec.prepare(request.content))?.bytes == request.request.unsigned, "other bytes than shown")
    }
    if let request = try? SignedRequest(parsing: input, codec: codec) {
      let bytes = request.json(codec).utf8
      promise((try? SignedRequest(parsing: bytes, codec: codec)) == request, "a signature changed on the way")
      promise(isPlain(request.fileName), "a file name that leaves the directory")
    }
  }

  private static func isPlain(_ name: String) -> Bool {
    name.hasSuffix(".json")
      && name.utf8.allSatisfy { $0 >= 0x61 && $0 <= 0x7a || $0 >= 0x30 && $0 <= 0x39 || $0 == 0x2d || $0 == 0x2e }
  }

  static func hsm(_ input: [UInt8]) {
    guard let uri = try? HSMURI(parsing: String(decoding: input, as: UTF8.self)) else { return }
    let label = uri.label
    // Encoding may triple a text, and a name may be the very word that is refused.
    guard label.utf8.count <= 4096, !label.lowercased().contains("pin-value") else { return }
    guard let again = try? HSMURI(parsing: label) else { broken("a label is no URI") }
    promise(again.label == label && again.object == uri.object && again.id == uri.id, "a key changed on the way")
    promise(again.pinFile == nil && again.modulePath == nil, "a label tells more than the keys")
  }

  static func settings(_ input: [UInt8]) {
    guard let text = String(validating: input, as: UTF8.self), let file = try? Settings.parse(file: text) else {
      return
    }
    for (name, value) in file {
      let holdsLines = (name + value).utf8.contains(UInt8(ascii: "\n"))
      promise(!holdsLines, "one setting took the next line with it")
    }
    let written = file.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    promise((try? Settings.parse(file: written.joined(separator: "\n"))) == file, "a setting changed on the way")
    promise((try? Settings.parse(file: written.joined(separator: "\r\n"))) == file, "line ends make a difference")
    _ = try? Settings(flags: [:], environment: [:], file: file)
  }
}
