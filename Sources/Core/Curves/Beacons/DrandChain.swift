package import Codecs

/// What names a drand chain: its key, and when each of its rounds comes.
package struct DrandChain: Hashable, Sendable {
  /// drand's name of the beacon: `default` is left out of the chain's hash.
  package let name: String
  package let scheme: BeaconScheme
  /// The compressed point.
  package let publicKey: [UInt8]
  /// Seconds since 1970 at which round 1 came.
  package let genesisSeconds: UInt64
  package let periodSeconds: UInt32
  /// The hash of the group that made the key; on chained schemes also what round 1 follows.
  package let groupHash: [UInt8]
  /// How beacon servers and lotteries name the chain.
  package let hash: Hash32

  package init(
    name: String, scheme: BeaconScheme, publicKey: [UInt8], genesisSeconds: UInt64, periodSeconds: UInt32,
    groupHash: [UInt8], hash: Hash32
  ) {
    self.name = name
    self.scheme = scheme
    self.publicKey = publicKey
    self.genesisSeconds = genesisSeconds
    self.periodSeconds = periodSeconds
    self.groupHash = groupHash
    self.hash = hash
  }

  /// The key, ready to verify with. Throws `beacon.bad_public_key`.
  package func key() throws(BeaconError) -> BeaconKey { try BeaconKey(scheme, publicKey) }

  /// Whether the hash is the one of these very parameters.
  /// Source: https://docs.drand.love/docs/specification/, "chain hash"; drand `common/chain/info.go`.
  package func isSound(with sha256: some SHA256Hashing) -> Bool {
    var bytes: [UInt8] = []
    BigEndian.append(periodSeconds, to: &bytes)
    BigEndian.append(genesisSeconds, to: &bytes)
    bytes += publicKey + groupHash
    if name != "default" { bytes += Array(name.utf8) }
    return sha256.sha256(bytes) == hash
  }
}

// MARK: Time

extension DrandChain {
  /// When a round comes, in seconds since 1970. Throws `beacon.bad_round`, `beacon.time_out_of_range`.
  package func seconds(ofRound round: UInt64) throws(BeaconError) -> UInt64 {
    guard round > 0 else { throw BeaconError(.badRound, "rounds are counted from 1", hint: nil) }
    let (after, overflow) = (round - 1).multipliedReportingOverflow(by: UInt64(periodSeconds))
    let (time, overflows) = genesisSeconds.addingReportingOverflow(after)
    guard !overflow, !overflows else { throw BeaconError(.timeOutOfRange, "round \(round) is out of time", hint: nil) }
    return time
  }

  /// The first round that comes later than `seconds`: nobody knows it at that time.
  /// Throws `beacon.time_out_of_range` past the count of rounds.
  package func firstRound(after seconds: UInt64) throws(BeaconError) -> UInt64 {
    guard seconds >= genesisSeconds else { return 1 }
    guard periodSeconds > 0 else { throw BeaconError(.timeOutOfRange, "the chain has no period", hint: nil) }
    let passed = (seconds - genesisSeconds) / UInt64(periodSeconds)
    guard passed < UInt64.max - 1 else {
      throw BeaconError(.timeOutOfRange, "no round comes after \(seconds)", hint: nil)
    }
    return passed + 2
  }
}
