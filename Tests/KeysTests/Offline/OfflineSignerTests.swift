import Chains
import Codecs
import EVMDriver
import Foundation
import Keys
import Money
import OpenSSL
import Signing
import TestSupport
import Testing

/// Requests go out as files, signatures come back as files, and nobody on the way can change either unseen.
@Suite("Offline signing")
struct OfflineSignerTests {
  let directory: TestFolder
  let key: KeystoreKey
  let signer: SigningGuard

  init() throws {
    directory = try TestFolder("keys")
    key = try TestChain.key(7)
    signer = TestChain.signer(MemorySigningLog(), keys: [key])
  }

  private var out: String { directory.file("out") }
  private var back: String { directory.file("back") }

  private func requests() throws -> [SigningRequest] {
    let account = key.account
    let batch = Purpose.pay(
      asset: TestChain.token,
      payees: (1...20).map {
        Payee(payout: PayoutID(0), address: TestChain.account($0), units: UInt256(UInt64($0) * 10))
      })
    return [
      try TestChain.request(account, slot: 9, TestChain.pay(9, 500)),
      try TestChain.request(account, slot: 10, batch),
      try TestChain.request(
        account, slot: 11,
        .allowance(asset: TestChain.token, spender: TestChain.batchContract, units: UInt256(1000))),
      try TestChain.request(account, slot: 12, .void),
    ]
  }

  private func export() throws -> OfflineSigner.Summary {
    try OfflineSigner.export(try requests(), codec: TestChain.codec, to: out)
  }

  /// Changes one file, and sums and manifest with it, as somebody with write access would.
  private func tamper(_ name: String, _ old: String, _ new: String) throws {
    let text = try directory.read("out/\(name)")
    #expect(text.contains(old))
    try directory.write(text.replacingOccurrences(of: old, with: new), to: "out/\(name)")
    let files = try names().filter { $0.hasPrefix("unsigned-") }
    try seal(try files.map { "\(try sha256(try directory.read("out/\($0)")))  \($0)\n" }.joined())
  }

  /// Writes these sums, and a manifest that fits them.
  private func seal(_ sums: String) throws {
    let known = try JSON.parse(try directory.read("out/manifest.json"))
    try directory.write(sums, to: "out/SHA256SUMS")
    let members = try #require(known.object).members.map { member in
      (member.key, member.key == "contentHash" ? JSON.string(try sha256(sums)) : member.value)
    }
    try directory.write(JSON.object(try JSONObject(members)).text, to: "out/manifest.json")
  }

  private func sha256(_ text: String) throws -> String { Hex.text(try SHA256.hash(Array(text.utf8)).bytes) }

  private func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: out).sorted() }

  @Test func `requests travel out, are signed, and come back as transactions of the same bytes`() throws {
    let exported = try export()
    #expect(exported.requests == 4 && exported.payees == 21)
    #expect(exported.totals.map(\.units) == ["2100", "500"])
    let read = try OfflineSigner.readUnsigned(out, codec: TestChain.codec)
    #expect(read.summary == exported)
    #expect(try read.requests.map(\.request) == requests())
    #expect(try OfflineSigner.sign(out, with: signer, into: back) == exported)
    let signed = try OfflineSigner.readSigned(back, codec: TestChain.codec)
    #expect(try signed.map(\.unsigned.bytes) == requests().map(\.unsigned))
    #expect(signed.map(\.slot) == [9, 10, 11, 12])
    #expect(
      try signer.log.records(TestChain.id, key.account, slots: [9, 10, 11, 12]).map(\.signed) == signed.map(\.signed))
  }

  @Test func `a bundle is checked by sha256sum, and making or signing it again changes nothing`() throws {
    let first = try export()
    let check = Process()
    check.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
    check.arguments = ["-c", "--quiet", "SHA256SUMS"]
    check.currentDirectoryURL = URL(fileURLWithPath: out)
    try check.run()
    check.waitUntilExit()
    #expect(check.terminationStatus == 0)
    #expect(try export() == first)
    _ = try OfflineSigner.sign(out, with: signer, into: back)
    _ = try OfflineSigner.sign(out, with: signer, into: back)
    // Another bundle does not go into the same directory.
    let other = [try TestChain.request(key.account, slot: 13, .void)]
    #expect(refusal { try OfflineSigner.export(other, codec: TestChain.codec, to: out) } == .badBundle)
  }

  @Test func `a file shows what its bytes would do, and one that shows anything else is refused`() throws {
    _ = try export()
    let name = try #require(try names().first { $0.contains("00009-pay") })
    let honest = TestChain.codec.text(TestChain.account(9))
    #expect(try directory.read("out/\(name)").contains(honest))
    // The payee that a person would see, replaced; sums and manifest made to fit.
    try tamper(name, honest, TestChain.codec.text(TestChain.account(8)))
    #expect(refusal { try OfflineSigner.readUnsigned(out, codec: TestChain.codec) } == .wrongContent)
    #expect(refusal { try OfflineSigner.sign(out, with: signer, into: back) } == .wrongContent)
    #expect(try signer.log.records(TestChain.id, key.account, from: 0, limit: 10).isEmpty)
    #expect(!FileManager.default.fileExists(atPath: back))
  }

  @Test(arguments: [
    ("\"kind\":\"pay\"", "\"kind\":\"void\""), ("\"units\":\"500\"", "\"units\":\"5\""),
    ("\"total\":\"500\"", "\"total\":\"5\""), ("\"slot\":\"9\"", "\"slot\":\"10\""),
    ("\"limit\":\"21000\"", "\"limit\":\"2\""), ("\"schema\"", "\"note\":\"look away\",\"schema\""),
    ("\"fee\"", "\"fees\""),
  ])
  func `no shown field may differ from the bytes`(old: String, new: String) throws {
    _ = try export()
    try tamper(try #require(try names().first { $0.contains("00009-pay") }), old, new)
    #expect(refusal { try OfflineSigner.readUnsigned(out, codec: TestChain.codec) } == .wrongContent)
  }

  @Test func `changed, missing and added files, and changed totals, are found`() throws {
    _ = try export()
    let manifest = try directory.read("out/manifest.json")
    let name = try #require(try names().first { $0.contains("00009-pay") })
    let file = try directory.read("out/\(name)")
    try directory.write(manifest.replacingOccurrences(of: "\"2100\"", with: "\"2\""), to: "out/manifest.json")
    #expect(refusal { try OfflineSigner.readUnsigned(out, codec: TestChain.codec) } == .wrongContent)
    try directory.write(manifest, to: "out/manifest.json")
    try directory.write(file + " ", to: "out/\(name)")
    #expect(refusal { try OfflineSigner.readUnsigned(out, codec: TestChain.codec) } == .badBundle)
    try directory.write(file, to: "out/\(name)")
    try directory.write(file, to: "out/extra.json")
    #expect(refusal { try OfflineSigner.readUnsigned(out, codec: TestChain.codec) } == .badBundle)
    try FileManager.default.removeItem(atPath: directory.file("out/extra.json"))
    _ = try OfflineSigner.readUnsigned(out, codec: TestChain.codec)
    try FileManager.default.removeItem(atPath: directory.file("out/\(name)"))
    #expect(refusal { try OfflineSigner.readUnsigned(out, codec: TestChain.codec) } == .badBundle)
    try FileManager.default.removeItem(atPath: directory.file("out/manifest.json"))
    #expect(refusal { try OfflineSigner.readUnsigned(out, codec: TestChain.codec) } == .fileFailed)
  }

  @Test(arguments: ["../secret.json", "/etc/passwd.json", ".hidden.json", "a b.json", "x", "sub/x.json"])
  func `sums that name a file outside the bundle are refused`(name: String) throws {
    _ = try export()
    try seal(String(repeating: "0", count: 64) + "  \(name)\n")
    let error = refusedError { try OfflineSigner.readUnsigned(out, codec: TestChain.codec) }
    #expect(error?.code == .badBundle && error?.message.contains("SHA256SUMS") == true)
  }

  @Test func `the guard's refusal stops a bundle before anything is written`() throws {
    _ = try export()
    let strict = TestChain.signer(MemorySigningLog(), keys: [key], policy: TestChain.policy(most: 499))
    #expect(refusal { try OfflineSigner.sign(out, with: strict, into: back) } == .overCap)
    #expect(!FileManager.default.fileExists(atPath: back))
  }

  @Test func `a signature by another key, or under another account's name, is not imported`() throws {
    let request = try TestChain.request(key.account, slot: 9, TestChain.pay(9, 500))
    let unsigned = try UnsignedRequest(request, codec: TestChain.codec)
    let thief = try TestChain.key(8)
    let signature = try #require(try thief.sign([unsigned.signingHash]).first)
    let transaction = try TestChain.codec.assemble(request.unsigned, signature)
    #expect(
      refusal { try SignedRequest(transaction.bytes, account: key.account, codec: TestChain.codec) } == .badSignature)
    #expect(
      refusal { try SignedRequest(transaction.bytes + [0], account: key.account, codec: TestChain.codec) }
        == .wrongContent)
    let honest = try SignedRequest(transaction.bytes, account: thief.account, codec: TestChain.codec)
    let text = honest.json(TestChain.codec).text
    let changed = text.replacingOccurrences(of: "\"slot\":\"9\"", with: "\"slot\":\"8\"")
    #expect(refusal { try SignedRequest(parsing: Array(changed.utf8), codec: TestChain.codec) } == .wrongContent)
    #expect(try SignedRequest(parsing: Array(text.utf8), codec: TestChain.codec) == honest)
  }
}
