import Chains
import Codecs
import Foundation
import Keys
import OpenSSL
import Secp256k1
import Signing
import TestSupport
import Testing

/// Keystore files: made, read, refused. Published vectors: `SigningVectorTests`.
@Suite("Keystore")
struct KeystoreTests {
  let directory: TestFolder

  init() throws { directory = try TestFolder("keys") }

  private func secret(_ text: String) throws -> SecretBytes { try SecretBytes(copying: Array(text.utf8)) }

  /// A keystore that opens in a millisecond, as text to be spoiled.
  private func text(_ number: UInt8 = 7, password: String = "pass") throws -> String {
    let secretKey = try SecretKey([UInt8](repeating: number, count: 32).span)
    let file = try KeystoreFile.encrypting(secretKey, password: try secret(password), cost: .light)
    return String(decoding: file.json, as: UTF8.self)
  }

  @Test func `a made keystore opens with its password, and says wrong_password for any other`() throws {
    let file = try KeystoreFile(parsing: Array(try text().utf8))
    let key = try file.open(password: try secret("pass"))
    #expect(try KeystoreKey(key, chain: TestChain.id).account == TestChain.key(7).account)
    #expect(file.address == (try TestChain.key(7)).account.bytes)
    let error = refusedError { try file.open(password: try secret("Pass")) }
    #expect(error?.code == .wrongPassword)
    #expect("\(String(describing: error))".contains("Pass\"") == false)
    // Fresh salt, counter and id each time.
    #expect(try text() != text())
  }

  @Test func `a keystore is written once, readable by its owner only, and never replaced`() throws {
    let file = try KeystoreFile(parsing: Array(try text().utf8))
    let path = directory.file("key.json")
    try file.write(to: path)
    try file.write(to: path)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
    #expect(mode?.intValue == 0o600)
    let other = try KeystoreFile(parsing: Array(try text(8).utf8))
    #expect(refusal { try other.write(to: path) } == .keyExists)
    #expect(try KeystoreFile(parsing: Array(try directory.read("key.json").utf8)) == file)
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["key.json"])
  }

  @Test func `a file is one lane and a directory is one lane for each of its files`() throws {
    try directory.write("pass\r\n", to: "pw")
    try FileManager.default.createDirectory(atPath: directory.file("keys"), withIntermediateDirectories: true)
    try directory.write(try text(8), to: "keys/b.json")
    try directory.write(try text(7), to: "keys/a.json")
    try directory.write(try text(7), to: "keys/twin.json")
    try directory.write("no keystore", to: "keys/.hidden")
    // The signing log may lie among the keys.
    try directory.write("", to: "keys/signing-log.sqlite")
    let pw = directory.file("pw")
    let one = try KeystoreKey.open(directory.file("keys/a.json"), passwordFile: pw, chain: TestChain.id)
    #expect(try one.map(\.account) == [TestChain.key(7).account])
    let many = try KeystoreKey.open(directory.file("keys"), passwordFile: pw, chain: TestChain.id)
    #expect(try many.map(\.account) == [TestChain.key(7), TestChain.key(8)].map(\.account).sorted())
  }

  @Test(
    arguments: [1, 10, 56, 100, 137, 250, 324, 5000, 8453, 42161, 42220, 43114, 59144, 81457, 534352, 0] as [UInt64])
  func `a main network is refused before any password is read`(number: UInt64) throws {
    let chain = ChainID(.evm, number)
    let error = refusedError {
      try KeystoreKey.open("/nowhere/key.json", passwordFile: "/nowhere/password", chain: chain)
    }
    #expect(error?.code == .mainnetRefused)
    #expect(
      refusal { try KeystoreKey(try SecretKey([UInt8](repeating: 7, count: 32).span), chain: chain) }
        == .mainnetRefused)
  }

  @Test func `exposed files and unknown chains are told, guarded files on test chains are not`() throws {
    let file = try directory.write("{}", to: "key.json", mode: 0o644)
    let pw = try directory.write("x", to: "pw", mode: 0o640)
    let unknown = KeystoreKey.warnings(file, passwordFile: pw, chain: ChainID(.evm, 424_242))
    #expect(unknown.map(\.code) == [.fileExposed, .fileExposed, .chainUnknown])
    try directory.write("{}", to: "key.json")
    try directory.write("x", to: "pw")
    #expect(KeystoreKey.warnings(file, passwordFile: pw, chain: TestChain.id).isEmpty)
    #expect(KeystoreKey.warnings(file, passwordFile: pw, chain: ChainID(.simulated, 1)).isEmpty)
  }

  @Test func `password files that are empty, endless or no files are refused`() throws {
    let file = try directory.write(try text(), to: "key.json")
    for (path, code) in [
      (try directory.write("\n", to: "empty"), SigningError.Code.pinMissing),
      (try directory.write(String(repeating: "x", count: 5000), to: "long"), .fileFailed), ("/dev/zero", .fileFailed),
      (directory.path, .fileFailed), (directory.file("missing"), .fileFailed),
    ] {
      #expect(refusal { try KeystoreKey.open(file, passwordFile: path, chain: TestChain.id) } == code, "\(path)")
    }
  }

  /// A replacement in a good file, and what it is about.
  static let hostile: [(String, String)] = [
    ("\"n\":4096", "\"n\":1073741824"), ("\"n\":4096", "\"n\":4095"), ("\"n\":4096", "\"n\":0"),
    ("\"n\":4096", "\"n\":-4096"), ("\"n\":4096", "\"n\":4096.0"), ("\"n\":4096", "\"n\":\"4096\""),
    // 256 MiB and six times the standard work: bounded in memory, and still too slow.
    ("\"n\":4096", "\"n\":262144"), ("\"n\":4096", "\"n\":18446744073709551616"), ("\"n\":4096", "\"n\":4194304"),
    ("\"n\":4096", "\"x\":1"),
    ("\"r\":8", "\"r\":0"), ("\"r\":8", "\"r\":18446744073709551615"), ("\"p\":6", "\"p\":18446744073709551615"),
    ("\"p\":6", "\"p\":0"), ("\"dklen\":32", "\"dklen\":1000000000000"), ("\"dklen\":32", "\"dklen\":16"),
    ("\"dklen\":32", "\"dklen\":null"), ("\"version\":3", "\"version\":4"), ("\"version\":3", "\"version\":\"3\""),
    ("aes-128-ctr", "aes-128-cbc"), ("\"kdf\":\"scrypt\"", "\"kdf\":\"none\""),
    ("\"kdf\":\"scrypt\"", "\"kdf\":\"pbkdf2\""), ("\"kdf\":\"scrypt\"", "\"kdf\":[]"),
    ("\"ciphertext\":\"", "\"ciphertext\":\"zz"), ("\"ciphertext\":\"", "\"ciphertext\":\"00"),
    ("\"mac\":\"", "\"mac\":\"00"), ("\"iv\":\"", "\"iv\":\"00"), ("\"address\":\"", "\"address\":\"00"),
    ("\"crypto\":{", "\"crypto\":[{"), ("\"salt\":\"", "\"salt\":\"" + String(repeating: "ab", count: 300)),
    ("\"version\":3", "\"version\":3,\"version\":3"), ("{\"address\"", "{{\"address\""),
  ]

  @Test(arguments: hostile)
  func `a hostile keystore is refused with a typed error, at once`(part: String, replacement: String) throws {
    let good = try text()
    let place = try #require(good.range(of: part))
    let bad = good.replacingCharacters(in: place, with: replacement)
    let clock = ContinuousClock()
    let started = clock.now
    #expect(refusal { try KeystoreFile(parsing: Array(bad.utf8)) } == .badKeystore)
    #expect(clock.now - started < .seconds(2))
  }

  @Test(arguments: 0..<64)
  func `a keystore cut short or with a byte changed never opens and never traps`(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    var bytes = Array(try text().utf8)
    if seed.isMultiple(of: 2) {
      bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random))
    } else {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      bytes[place] ^= UInt8(1) << UInt8.random(in: 0..<8, using: &random)
    }
    guard let file = try? KeystoreFile(parsing: bytes) else { return }
    // What is left readable differs in a note (the id) or fails its MAC or address.
    if let key = try? file.open(password: try secret("pass")) {
      #expect(try KeystoreKey(key, chain: TestChain.id).account == TestChain.key(7).account)
    }
  }

  @Test func `a giant file is refused unread, and a key that is no key is refused`() throws {
    let pw = try directory.write("pass", to: "pw")
    let giant = try directory.write(String(repeating: " ", count: 1 << 20), to: "giant")
    #expect(refusal { try KeystoreKey.open(giant, passwordFile: pw, chain: TestChain.id) } == .fileFailed)
    let foreign = try text(8).replacingOccurrences(
      of: Hex.text(try TestChain.key(8).account.bytes), with: Hex.text(try TestChain.key(7).account.bytes))
    let path = try directory.write(foreign, to: "foreign.json")
    let error = refusedError { try KeystoreKey.open(path, passwordFile: pw, chain: TestChain.id) }
    #expect(error?.code == .badKeystore && error?.message.contains("foreign.json") == true)
    try FileManager.default.createDirectory(atPath: directory.file("none"), withIntermediateDirectories: true)
    #expect(
      refusal { try KeystoreKey.open(directory.file("none"), passwordFile: pw, chain: TestChain.id) } == .keyNotFound)
  }

  @Test func `no secret shows in any description of a key, a file or a password`() throws {
    let key = try TestChain.key(0x5a)
    let password = try secret("hunter2hunter2")
    var dumped = ""
    dump(key, to: &dumped)
    dump(password, to: &dumped)
    dumped += "\(key) \(password) \(String(reflecting: key)) \(String(reflecting: password))"
    #expect(!dumped.contains("hunter2") && !dumped.contains("5a5a5a5a") && !dumped.contains("90, 90, 90"))
  }
}

/// A small generator whose seed replays a failure. Source: Steele, Lea, Flood, "Fast splittable generators" (2014).
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}
