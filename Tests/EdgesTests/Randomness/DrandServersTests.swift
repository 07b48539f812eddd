import Codecs
import Curves
import OpenSSL
import Randomness
import TestSupport
import Testing
import Transport

struct OpenSSLSHA256: SHA256Hashing {
  func sha256(_ bytes: [UInt8]) -> Hash32 { (try? SHA256.hash(bytes)).map { Hash32(words: $0.words) } ?? .zero }
}

/// Servers of a chain, as the stand-in of tools/partners speaks.
@Suite("Servers of beacons")
struct DrandServersTests {
  static let server = Result { try ScreeningPartner("drand") }

  private func servers(
    _ ways: [String], _ chain: DrandChain = .quicknet, http: HTTPClient = HTTPClient(), timeout: Int = 3_000
  ) throws -> DrandServers<OpenSSLSHA256> {
    let base = try Self.server.get().base
    return try DrandServers(
      chain, servers: try ways.map { try URLText(parsing: "\(base)/\($0)") }, http: http, sha256: OpenSSLSHA256(),
      timeoutMilliseconds: timeout)
  }

  private func refusal(
    _ servers: DrandServers<OpenSSLSHA256>, _ question: RandomnessQuestion
  ) -> RandomnessError.Code? {
    do throws(RandomnessError) {
      _ = try servers.value(for: question)
      return nil
    } catch {
      return error.code
    }
  }

  static let round = RandomnessQuestion.beacon(chain: DrandChain.quicknet.hash, round: 657_413)
  static let value = "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587"

  @Test func `the first answer that verifies is the value, whatever the others say`() throws {
    let ways = ["500", "other-signature", "early", "html", "good/"]
    let proven = try servers(ways).value(for: Self.round)
    #expect(Hex.text(proven.value) == Self.value)
    let verifier = try ProofVerifier(sha256: OpenSSLSHA256())
    #expect(try verifier.value(of: proven.proof, for: Self.round) == proven.value)
  }

  @Test func `rounds of the default chain come with the signature before them`() throws {
    for round in [UInt64(1), 162_810, 3_311_596] {
      let question = RandomnessQuestion.beacon(chain: DrandChain.defaultChain.hash, round: round)
      #expect(try servers(["good"], .defaultChain).value(for: question).value.count == 32)
    }
  }

  @Test(
    arguments: [
      ("early", .notYet), ("empty", .unproven), ("500", .unreachable), ("silent", .unreachable), ("html", .unproven),
      ("flood", .unreachable), ("other-round", .unproven), ("other-signature", .unproven),
      ("other-randomness", .unproven), ("redirect", .unreachable),
    ] as [(String, RandomnessError.Code)])
  func `an answer that goes wrong is no value, and says in which way`(way: String, code: RandomnessError.Code) throws {
    #expect(try refusal(servers([way], timeout: way == "silent" ? 300 : 3_000), Self.round) == code)
  }

  @Test func `a round that nobody has yet is asked for again`() throws {
    let later = RandomnessQuestion.beacon(chain: DrandChain.quicknet.hash, round: 999_999_999)
    #expect(try refusal(servers(["good", "500"]), later) == .notYet)
    // One lie weighs more than others being early.
    #expect(try refusal(servers(["early", "other-signature"]), Self.round) == .unproven)
  }

  @Test func `other chains, other sources, round 0 and no servers are refused before anybody is asked`() throws {
    let servers = try servers(["good"])
    #expect(refusal(servers, .beacon(chain: DrandChain.defaultChain.hash, round: 1)) == .wrongSource)
    #expect(refusal(servers, .beacon(chain: DrandChain.quicknet.hash, round: 0)) == .wrongSource)
    #expect(refusal(servers, .vrf(publicKey: [], alpha: [])) == .wrongSource)
    #expect { try self.servers([]) } throws: { ($0 as? RandomnessError)?.code == .wrongSource }
    let known = DrandChain.quicknet
    let other = DrandChain(
      name: known.name, scheme: known.scheme, publicKey: known.publicKey, genesisSeconds: known.genesisSeconds,
      periodSeconds: 30, groupHash: known.groupHash, hash: known.hash)
    #expect { try self.servers(["good"], other) } throws: { ($0 as? RandomnessError)?.code == .wrongSource }
  }

  @Test func `a server that is not on the list of egress hosts is not asked`() throws {
    let http = HTTPClient(egress: EgressHosts(of: [try URLText(parsing: "https://api.drand.sh")]))
    #expect(try refusal(servers(["good"], http: http), Self.round) == .unreachable)
  }
}
