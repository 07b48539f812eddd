package import Codecs
package import Curves
package import Transport

/// Rounds of one drand chain from HTTP servers. None is believed: the first answer that verifies is the value.
///
/// `GET {server}/{chain hash}/public/{round}`; 404 and 425 mean that the round does not exist yet.
/// Source: https://docs.drand.love/dev-guide/API%20Documentation%20v1/.
package struct DrandServers<Hashing: SHA256Hashing>: RandomnessSource {
  private let chain: DrandChain
  private let servers: [String]
  private let http: HTTPClient
  private let verifier: ProofVerifier<Hashing>
  private let limits: HTTPLimits

  /// `servers`: base URLs such as `https://api.drand.sh`, asked all at once. Throws `randomness.wrong_source`.
  package init(
    _ chain: DrandChain, servers: [URLText], http: HTTPClient, sha256: Hashing, timeoutMilliseconds: Int = 5_000
  ) throws(RandomnessError) {
    guard !servers.isEmpty else { throw RandomnessError(.wrongSource, "no server is configured for \(chain.name)") }
    self.chain = chain
    self.servers = servers.map { $0.full.hasSuffix("/") ? String($0.full.dropLast()) : $0.full }
    self.http = http
    verifier = try ProofVerifier(chains: [chain], sha256: sha256)
    limits = HTTPLimits(
      connectTimeoutMilliseconds: min(5_000, timeoutMilliseconds), totalTimeoutMilliseconds: timeoutMilliseconds,
      responseBytes: 4096)
  }

  package func value(for question: RandomnessQuestion) throws(RandomnessError) -> ProvenRandomness {
    guard case .beacon(let hash, let round) = question, hash == chain.hash else {
      throw RandomnessError(.wrongSource, "these servers have rounds of \(chain.name) only")
    }
    guard round > 0 else { throw RandomnessError(.wrongSource, "rounds are counted from 1") }
    var refusals: [RandomnessError] = []
    for answer in http.perform(try requests(for: round)) {
      do throws(RandomnessError) { return try proven(question, answer) } catch { refusals.append(error) }
    }
    throw DrandServers.summary(refusals, round)
  }

  private func requests(for round: UInt64) throws(RandomnessError) -> [HTTPRequest] {
    var requests: [HTTPRequest] = []
    for server in servers {
      do throws(TransportError) {
        let path = "\(server)/\(Hex.text(chain.hash.bytes))/public/\(round)"
        requests.append(HTTPRequest(.get, try URLText(parsing: path), limits: limits))
      } catch { throw RandomnessError(.wrongSource, "a server's address is too long", hint: error.hint) }
    }
    return requests
  }

  private func proven(
    _ question: RandomnessQuestion, _ answer: Result<HTTPResponse, TransportError>
  ) throws(RandomnessError) -> ProvenRandomness {
    let response: HTTPResponse
    do throws(TransportError) { response = try answer.get() } catch {
      throw RandomnessError(.unreachable, error.message, hint: error.hint)
    }
    guard response.status == 200 else {
      let isEarly = response.status == 404 || response.status == 425
      throw RandomnessError(isEarly ? .notYet : .unreachable, "a server answered \(response.status)")
    }
    let beacon: Beacon
    do throws(BeaconError) { beacon = try Beacon(json: response.body) } catch {
      throw RandomnessError(.unproven, "\(error.code.rawValue): \(error.message)", hint: error.hint)
    }
    let proof = RandomnessProof.beacon(beacon)
    return ProvenRandomness(question, proof: proof, value: try verifier.value(of: proof, for: question))
  }

  /// What all servers together say: a lie is told even when others only were early or away.
  private static func summary(_ refusals: [RandomnessError], _ round: UInt64) -> RandomnessError {
    for code in [RandomnessError.Code.unproven, .notYet] {
      if let first = refusals.first(where: { $0.code == code }) { return first }
    }
    return RandomnessError(
      .unreachable, "no server gave round \(round): \(refusals.map(\.message).joined(separator: "; "))",
      hint: "check the servers' addresses and the egress list; the round stays available")
  }
}
