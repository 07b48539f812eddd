import Codecs
import Curves

/// A round of a public chain, as the drand network gave it out: Tests/Vectors/drand/public_rounds.json.
struct KnownRound: Sendable {
  let chain: DrandChain
  let beacon: Beacon
  /// SHA-256 of the signature.
  let value: [UInt8]

  /// When it came, in seconds since 1970.
  var seconds: UInt64 { chain.genesisSeconds + (beacon.round - 1) * UInt64(chain.periodSeconds) }

  private init(
    _ chain: DrandChain, _ round: UInt64, _ signature: String, _ value: String, after previous: String = "0x"
  ) {
    self.chain = chain
    beacon = Beacon(
      round: round, signature: Hex.bytes(signature) ?? [], previousSignature: Hex.bytes(previous) ?? [])
    self.value = Hex.bytes(value) ?? []
  }

  static let all = [
    KnownRound(
      .quicknet, 1000,
      "0xb44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39",
      "0xfe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd"),
    KnownRound(
      .defaultChain, 162_810,
      "0x8aee2fb6c79704f54c164ee9fcab89a16e83f843e8d483ba7002c3aee222812263a2e9225ad2e32b80acefe1f066d3db"
        + "17ebc4cd2a25e5f7975575c94316851113e674056b0eecb515a01ca62f7a370a5d6d26828dd02243041cab8d33ad4796",
      "0x646c742faded02ebeb15fcb1c34314ed566381df59b90b28ba5af8b12b959c2d",
      after: "0xac27db9e31f65fed65130667dcb323ad2745fa5901f6f8b82f39e3707cd13150d9c25c412f02f32cc9561466d7abbec8"
        + "08a31899d4768d2429c3a83d21d41928399b9a6e1e74873069990210ee57c0bc049af5dc1ef0b1b394caade1d77f4c0d"),
  ]
}
