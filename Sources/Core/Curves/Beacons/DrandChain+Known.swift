import Codecs

/// The two public chains of the League of Entropy, as beacon servers print them under `/{chain-hash}/info` (api.drand.sh,
/// drand.cloudflare.com) and https://docs.drand.love/dev-guide/ lists them. Tests compute each hash from the rest.
extension DrandChain {
  package static let known = [quicknet, defaultChain]

  /// Every three seconds, each round alone.
  package static let quicknet = DrandChain(
    name: "quicknet", scheme: .unchainedG1,
    publicKey: bytes(
      """
      83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451\
      0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a
      """),
    genesisSeconds: 1_692_803_367, periodSeconds: 3,
    groupHash: bytes("f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e"),
    hash: hash("52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"))

  /// Every thirty seconds, each round over the one before.
  package static let defaultChain = DrandChain(
    name: "default", scheme: .chainedG2,
    publicKey: bytes(
      "868f005eb8e6e4ca0a47c8a77ceaa5309a47978a7c71bc5cce96366b5d7a569937c529eeda66c7293784a9402801af31"),
    genesisSeconds: 1_595_431_050, periodSeconds: 30,
    groupHash: bytes("176f93498eac9ca337150b46d21dd58673ea4e3581185f869672e59fa4cb390a"),
    hash: hash("8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce"))

  private static func bytes(_ hex: StaticString) -> [UInt8] { Hex.bytes(hex.description) ?? [] }
  private static func hash(_ hex: StaticString) -> Hash32 { Hash32(bytes(hex)) ?? .zero }
}
