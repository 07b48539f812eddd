package import Codecs
import Foundation
import OpenSSL
package import Policy
import Synchronization

/// Seals of lists by the key of the checkpoint folder, and `lists.jsonl` in it: one line for each version ever sealed.
package final class ListSealFolder: ListSealing {
  private let key: Ed25519.PrivateKey
  private let register: String
  private let lock = Mutex(())

  /// Opens the folder, and makes it with a new key when it does not exist. Throws `lists.unwritable`.
  package init(path: String) throws(ListError) {
    do {
      key = try SealKey.open(path)
      register = path + "/lists.jsonl"
    } catch {
      throw ListError(
        .unwritable, "the key in \(path) that signs lists cannot be used",
        hint: "check AM_CHECKPOINT_KEY: a folder that this user can write, with a seal.key of 32 bytes")
    }
  }

  package func sign(list: String, number: UInt64, hash: Hash32) throws(ListError) -> ListSeal {
    do {
      let signature = try key.sign(ListSeal.bytes(list: list, number: number, hash: hash))
      return ListSeal(list: list, number: number, hash: hash, publicKey: key.publicKey, signature: signature)
    } catch {
      throw ListError(.unwritable, "version \(number) of \(list) cannot be signed")
    }
  }

  package func isOurs(_ seal: ListSeal) -> Bool {
    let bytes = ListSeal.bytes(list: seal.list, number: seal.number, hash: seal.hash)
    return seal.publicKey == key.publicKey
      && (try? Ed25519.isValid(signature: seal.signature, message: bytes, publicKey: seal.publicKey)) == true
  }

  package func note(_ seal: ListSeal) throws(ListError) {
    try lock.withLock { _ throws(ListError) in
      do { try SealKey.append(try CanonicalJSON.bytes(seal.json), to: register) } catch {
        throw ListError(
          .unwritable, "version \(seal.number) of \(seal.list) cannot be noted", hint: "is the disk full?")
      }
    }
  }

  package func noted(list: String) throws(ListError) -> [ListSeal] { try all().filter { $0.list == list } }

  package func notedLists() throws(ListError) -> [String] { Set(try all().map(\.list)).sorted() }

  private func all() throws(ListError) -> [ListSeal] {
    guard FileManager.default.fileExists(atPath: register) else { return [] }
    guard let data = FileManager.default.contents(atPath: register) else {
      throw ListError(.unwritable, "\(register) cannot be read", hint: "check its owner and mode")
    }
    var out: [ListSeal] = []
    var lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // A line without its end was cut off by a crash before anybody relied on it.
    if !lines.isEmpty { lines.removeLast() }
    for (index, line) in lines.enumerated() {
      guard let json = try? JSON.parse(Array(line)), let seal = ListSeal(json), isOurs(seal) else {
        throw ListError(.changed, "line \(index + 1) of \(register) is no seal of this key")
      }
      out.append(seal)
    }
    return out
  }
}

extension ListSeal {
  fileprivate var json: JSON {
    [
      "list": .string(list), "number": .integer(number), "hash": .string(hash.description),
      "public_key": .string(Hex.text(publicKey)), "signature": .string(Hex.text(signature)),
    ]
  }

  fileprivate init?(_ json: JSON) {
    guard let list = json["list"]?.string, let number = json["number"]?.uint64,
      let hash = json["hash"]?.string.flatMap({ Hex.bytes($0) }).flatMap({ Hash32($0) }),
      let key = json["public_key"]?.string.flatMap({ Hex.bytes($0) }),
      let signature = json["signature"]?.string.flatMap({ Hex.bytes($0) })
    else { return nil }
    self.init(list: list, number: number, hash: hash, publicKey: key, signature: signature)
  }
}
