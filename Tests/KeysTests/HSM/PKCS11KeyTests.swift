import Chains
import Codecs
import Keys
import Money
import PKCS11
import Secp256k1
import Signing
import Synchronization
import Testing

/// Keys on a real SoftHSM. One after the other: a login and a wrong PIN count for the whole process.
@Suite("Keys on a token", .serialized, .enabled(if: SoftHSM.isInstalled, "SoftHSM is not installed"))
struct PKCS11KeyTests {
  private func digests(_ count: Int, seed: UInt8) -> [Hash32] {
    (0..<count).map { Keccak.hash256([seed, UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]) }
  }

  private func raw(_ token: SoftHSM.Token) throws -> Token {
    let module = try Module.load(SoftHSM.modulePath)
    let info = try #require(try module.tokens().first { $0.label == token.rawValue })
    return module.token(info)
  }

  @Test func `a wrong PIN is refused once and not tried again, and no error repeats it`() throws {
    let uri = try SoftHSM.uri(.wrong, pinFile: "wrong-pin")
    let error = refusedError { try HSMToken(uri, pinFile: nil) }
    #expect(error?.code == .pinRefused)
    #expect(error?.message.contains("CKR_PIN_INCORRECT") == true)
    #expect("\(String(describing: error))".contains("1234") == false)
    // Nothing asks the device for a key with a PIN that it refused.
    let token = try raw(.wrong)
    #expect(throws: PKCS11Error.self) { try token.keys() }
    // A corrected file works without a restart.
    _ = try HSMToken(try SoftHSM.uri(.wrong), pinFile: nil)
  }

  @Test func `a token, a key or a PIN that is missing is named in the error`() throws {
    _ = try SoftHSM.uri(.shared)
    let missing = try HSMURI(parsing: "pkcs11:token=nobody?module-path=\(SoftHSM.modulePath)")
    #expect(refusal { try HSMToken(missing, pinFile: nil) } == .keyUnavailable)
    let noModule = try HSMURI(parsing: "pkcs11:token=x?module-path=/nowhere/module.so")
    #expect(refusal { try HSMToken(noModule, pinFile: nil) } == .keyUnavailable)
    let notModule = try HSMURI(parsing: "pkcs11:token=x?module-path=/usr/lib/x86_64-linux-gnu/libsqlite3.so.0")
    #expect(refusal { try HSMToken(notModule, pinFile: nil) } == .keyUnavailable)
    let token = try HSMToken(try SoftHSM.uri(.shared, object: "no-such-key"), pinFile: nil)
    #expect(refusal { try token.keys() } == .keyNotFound)
    // Two files for one PIN: neither is right by itself.
    let twice = try SoftHSM.uri(.shared)
    #expect(refusal { try HSMToken(twice, pinFile: "/elsewhere") } == .badHSMAddress)
    let lost = try HSMURI(parsing: "pkcs11:token=almoner-lost?module-path=\(SoftHSM.modulePath)")
    #expect(refusal { try HSMToken(lost, pinFile: nil) } == .pinMissing)
    #expect(refusal { try HSMToken(lost, pinFile: "/nowhere/pin") } == .pinMissing)
  }

  @Test func `a generated key signs low-s signatures that lead back to its account`() throws {
    let token = try HSMToken(try SoftHSM.uri(.shared, object: "generated"), pinFile: nil)
    let made = try token.generateKey(label: "generated")
    let key = try #require(try token.keys().first)
    #expect(key.account == made.account && key.publicKey.count == 65 && key.id.count == 16)
    #expect(key.origin == "pkcs11:token=almoner shared;object=generated")
    let digests = digests(64, seed: 1)
    for (digest, signature) in zip(digests, try key.sign(digests)) {
      #expect(signature.s <= EVMSignature.halfOrder)
      #expect(try KeyAccount.recover(signature, signingHash: digest) == key.account)
    }
    #expect(refusal { try token.generateKey(label: "generated") } == .keyExists)
  }

  @Test func `two threads sign two hundred digests each, one by one, and every signature is right`() throws {
    let token = try HSMToken(try SoftHSM.uri(.shared, object: "threads"), pinFile: nil)
    let key = try token.generateKey(label: "threads")
    let failures = Mutex<[String]>([])
    let verified = Mutex(0)
    let threads = [UInt8(2), 3].map { seed in
      SigningThread {
        for digest in digests(200, seed: seed) {
          do {
            let signature = try #require(try key.sign([digest]).first)
            #expect(try KeyAccount.recover(signature, signingHash: digest) == key.account)
            verified.withLock { $0 += 1 }
          } catch { failures.withLock { $0.append("\(error)") } }
        }
      }
    }
    for thread in threads { thread.join() }
    #expect(failures.withLock { $0 } == [])
    #expect(verified.withLock { $0 } == 400)
  }

  @Test func `an imported key has the account it had before, and cannot be read back`() throws {
    _ = try HSMToken(try SoftHSM.uri(.shared), pinFile: nil)
    let secret = [UInt8](repeating: 0x2b, count: 32)
    let expected = try TestChain.key(0x2b)
    let imported = try raw(.shared).importKey(
      secret: secret, publicPoint: expected.publicKey, label: "imported", id: [0x01, 0xff])
    #expect(imported.publicPoint == expected.publicKey)
    let uri = try SoftHSM.uri(.shared)
    let byID = try HSMURI(
      parsing: "pkcs11:token=almoner%20shared;id=%01%FF?module-path=\(SoftHSM.modulePath)&pin-source=file:"
        + (try #require(uri.pinFile)))
    let key = try #require(try HSMToken(byID, pinFile: nil).keys().first)
    #expect(key.account == expected.account)
    let digest = digests(1, seed: 9)
    #expect(
      try KeyAccount.recover(try #require(try key.sign(digest).first), signingHash: digest[0]) == expected.account)
  }

  @Test func `without a key in the URI all keys of the token are lanes, in order of account`() throws {
    let token = try HSMToken(try SoftHSM.uri(.lost), pinFile: nil)
    for number in 1...3 { _ = try token.generateKey(label: "lane-\(number)") }
    let keys = try token.keys()
    #expect(keys.count == 3)
    #expect(keys.map(\.account) == keys.map(\.account).sorted())
  }

  @Test func `a lost session or login is renewed once, unseen by the caller, by any number of threads`() throws {
    let token = try HSMToken(try SoftHSM.uri(.lost), pinFile: nil)
    let key = try token.generateKey(label: "renewed")
    let digest = digests(1, seed: 4)
    for _ in 0..<5 {
      _ = try key.sign(digest)
      try raw(.lost).closeSessions()
      #expect(
        try KeyAccount.recover(try #require(try key.sign(digest).first), signingHash: digest[0]) == key.account)
    }
    try raw(.lost).closeSessions()
    let failures = Mutex<[String]>([])
    let threads = (0..<4).map { _ in
      SigningThread {
        do { _ = try key.sign(digests(20, seed: 5)) } catch { failures.withLock { $0.append("\(error)") } }
      }
    }
    for thread in threads { thread.join() }
    #expect(failures.withLock { $0 } == [])
  }

  @Test func `the guard signs through a token, and a repeated request may have other bytes but one digest`() throws {
    let token = try HSMToken(try SoftHSM.uri(.shared, object: "guarded"), pinFile: nil)
    let key = try token.generateKey(label: "guarded")
    let log = MemorySigningLog()
    let signer = TestChain.signer(log, keys: [key])
    let request = try TestChain.request(key.account, slot: 1, TestChain.pay(9, 5))
    let first = try #require(try signer.sign([request]).first)
    let second = try #require(try signer.sign([request]).first)
    #expect(first.hash != second.hash)
    #expect(try log.records(TestChain.id, key.account, slots: [1]).count == 1)
    for signed in [first, second] {
      #expect(try SignedRequest(signed.bytes, account: key.account, codec: TestChain.codec).slot == 1)
    }
  }
}
