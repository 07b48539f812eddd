/// Where a contract will live, known before it is deployed.
package enum ContractAddress {
  /// The address a deployment by transaction gets. Source: Yellow Paper, section 7: keccak256(rlp([sender, nonce])).
  package static func create(deployer: EVMAddress, nonce: UInt64) -> EVMAddress {
    EVMAddress(
      lastBytesOf: Keccak.hash256(RLP.encode(.list([.bytes(deployer.bytes), .integer(nonce)]))))
  }

  /// The address that a deploying contract chooses by its salt.
  /// Source: EIP-1014: keccak256(0xff, sender, salt, keccak256(init code)).
  package static func create2(deployer: EVMAddress, salt: Hash32, initCode: [UInt8]) -> EVMAddress {
    var sponge = Keccak()
    sponge.absorb([0xff])
    sponge.absorb(deployer.bytes)
    sponge.absorb(salt)
    sponge.absorb(Keccak.hash256(initCode))
    return EVMAddress(lastBytesOf: sponge.finish())
  }
}
