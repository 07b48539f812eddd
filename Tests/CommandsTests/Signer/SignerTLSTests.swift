import Chains
import Foundation
import Keys
import OpenSSL
import POSIX
import Signing
import Testing

/// The signer over mutual TLS: who may come in, and whom an engine believes.
@Suite("The signer over TLS")
struct SignerTLSTests {
  /// Certificates by the openssl program, as an operator makes them.
  struct Authority {
    let scratch: Scratch

    func run(_ words: String...) throws {
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/openssl")
      process.arguments = words
      process.currentDirectoryURL = URL(filePath: scratch.path)
      process.standardError = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      try #require(process.terminationStatus == 0, "openssl \(words)")
    }

    func authority(_ name: String) throws {
      try run(
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
        "\(name).key", "-out", "\(name).pem", "-days", "2", "-subj", "/CN=\(name)")
    }

    /// A certificate for the name, of the authority; `days` below 0: one that is over.
    func certificate(_ file: String, for name: String, by authority: String, isOver: Bool = false) throws {
      try run(
        "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "\(file).key",
        "-out", "\(file).csr", "-subj", "/CN=\(name)")
      try scratch.write("subjectAltName=DNS:\(name)\n", to: "\(file).ext")
      try run(
        "x509", "-req", "-in", "\(file).csr", "-CA", "\(authority).pem", "-CAkey", "\(authority).key",
        "-CAcreateserial", "-days", isOver ? "-1" : "2", "-extfile", "\(file).ext", "-out", "\(file).pem")
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: scratch("\(file).key"))
    }

    func context(_ file: String, trusting authority: String = "ca") throws -> TLSContext {
      try TLSContext(
        .client,
        TLSFiles(
          authority: scratch("\(authority).pem"), certificate: scratch("\(file).pem"), key: scratch("\(file).key")))
    }
  }

  private func made() throws -> (authority: Authority, desk: SignerDesk, port: UInt16) {
    let scratch = try Scratch()
    let authority = Authority(scratch: scratch)
    try authority.authority("ca")
    try authority.authority("other")
    try authority.certificate("signer", for: "signer.test", by: "ca")
    try authority.certificate("engine", for: "engine.test", by: "ca")
    try authority.certificate("stranger", for: "stranger.test", by: "ca")
    try authority.certificate("wild", for: "*.test", by: "ca")
    try authority.certificate("forged", for: "engine.test", by: "other")
    try authority.certificate("over", for: "engine.test", by: "ca", isOver: true)
    let desk = try SignerDesk(
      [
        "AM_SIGNER_TLS_CA": scratch("ca.pem"), "AM_SIGNER_TLS_CERT": scratch("signer.pem"),
        "AM_SIGNER_TLS_KEY": scratch("signer.key"), "AM_SIGNER_TLS_PEER": "engine.test, second.test",
        "AM_SIGNER_TIMEOUT_MS": "3000",
      ], door: ["--listen", "127.0.0.1:0"], in: scratch)
    let text = try #require(desk.process.out.split(separator: "tls://127.0.0.1:").last?.prefix { $0.isNumber })
    return (authority, desk, try #require(UInt16(text)))
  }

  private func remote(
    _ desk: SignerDesk, _ port: UInt16, _ context: TLSContext, name: String = "signer.test"
  ) throws -> RemoteSigner {
    try RemoteSigner(codec: desk.codec, timeoutMilliseconds: 10_000) { deadline throws(SigningError) in
      try SignerConnection.tls(host: "127.0.0.1", port: port, context, name: name, deadline)
    }
  }

  @Test func `an engine with its certificate gets signatures, large frames too`() throws {
    let (authority, desk, port) = try made()
    let signer = try remote(desk, port, try authority.context("engine"))
    let campaign = try ApprovedCampaign(desk, count: 600)
    let requests = try (0..<10).map { number in
      try campaign.request(Array(number * 60..<number * 60 + 60), slot: UInt64(number))
    }
    #expect(try signer.sign(requests).count == 10)
    #expect(try signer.records(SignerDesk.chain, desk.account, from: 0, limit: 100).count == 10)
    #expect(try desk.refusal([campaign.request([0], slot: 11)], by: signer) == .payoutTaken)
    let listens = try Listeners.tcp(of: desk.process.process.processIdentifier)
    #expect(listens == [String(format: "0100007F:%04X", port)])
    #expect(try desk.stop().status == 0)
  }

  @Test func `another authority, another name, a wild name, none and one that is over are refused`() throws {
    let (authority, desk, port) = try made()
    for file in ["stranger", "wild", "forged", "over", "signer"] {
      let context = try authority.context(file)
      #expect(throws: SigningError.self, "\(file)") { _ = try remote(desk, port, context) }
    }
    // An engine does not talk to whoever has a certificate either.
    let context = try authority.context("engine")
    for name in ["other.test", "test", "127.0.0.1"] {
      #expect { _ = try remote(desk, port, context, name: name) } throws: {
        ($0 as? SigningError)?.code == .wrongPeer
      }
    }
    let trusting = try authority.context("engine", trusting: "other")
    #expect { _ = try remote(desk, port, trusting) } throws: { ($0 as? SigningError)?.code == .wrongPeer }
    // No TLS at all, and half a handshake: others are served meanwhile.
    let plain = try StreamSocket.connect(.tcp(host: "127.0.0.1", port: port), Deadline(inMilliseconds: 3_000))
    try plain.write(SignerFrame.framed([1, 2, 3]), Deadline(inMilliseconds: 3_000))
    let half = try StreamSocket.connect(.tcp(host: "127.0.0.1", port: port), Deadline(inMilliseconds: 3_000))
    try half.write([0x16, 0x03, 0x01], Deadline(inMilliseconds: 3_000))
    #expect(try remote(desk, port, context).accounts == [desk.account])
    #expect(desk.process.out.contains("signing.wrong_peer"))
    #expect(try desk.stop().status == 0)
  }

  @Test func `an engine's new key and certificate are tried at the signer before they are in force`() throws {
    let (authority, signer, port) = try made()
    try authority.certificate("renewed", for: "second.test", by: "ca")
    let desk = try Desk()
    try desk.run(["airdrop", "campaigns", "create", "--name", "Q4", "--chain", "evm"]).succeeded()
    for file in ["engine", "stranger", "renewed"] {
      let both = try authority.scratch.read("\(file).key") + authority.scratch.read("\(file).pem")
      try desk.secret(both, to: file)
    }
    let settings = [
      "AM_SIGNER": "tls://127.0.0.1:\(port)", "AM_SIGNER_TLS_CA": authority.scratch("ca.pem"),
      "AM_SIGNER_TLS_CERT": desk.scratch("engine"), "AM_SIGNER_TLS_KEY": desk.scratch("engine"),
      "AM_SIGNER_TLS_PEER": "signer.test", "AM_KEYSTORE": "",
    ]
    let renewed = try desk.scratch.read("renewed")
    #expect(try desk.rotate("AM_SIGNER_TLS_KEY", "stranger", settings).code == "secrets.test_failed")
    try desk.rotate("AM_SIGNER_TLS_KEY", "renewed", settings).succeeded()
    #expect(try desk.scratch.read("engine") == renewed)
    #expect(try signer.stop().status == 0)
  }

  @Test func `other machines are let in only when that is said, and files must belong together`() throws {
    let scratch = try Scratch()
    #expect { _ = try SignerDesk(door: ["--listen", "0.0.0.0:0"], in: scratch) } throws: {
      "\($0)".contains("beyond-this-machine")
    }
    #expect { _ = try SignerDesk(door: [], in: try Scratch()) } throws: { "\($0)".contains("command.usage") }
    #expect { _ = try SignerDesk(door: ["--listen", "127.0.0.1:0"], in: try Scratch()) } throws: {
      "\($0)".contains("config.missing")
    }
    let authority = Authority(scratch: scratch)
    try authority.authority("ca")
    try authority.certificate("a", for: "a.test", by: "ca")
    try authority.certificate("b", for: "b.test", by: "ca")
    try FileManager.default.removeItem(atPath: scratch("a.key"))
    try FileManager.default.copyItem(atPath: scratch("b.key"), toPath: scratch("a.key"))
    #expect(throws: CryptoError.self) { _ = try authority.context("a") }
    #expect(throws: CryptoError.self) { _ = try authority.context("nobody") }
  }
}
