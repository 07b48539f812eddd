package import Chains
import Codecs
package import Money
import Transport

extension EVMRail {
  package func preflight(_ asset: AssetID) throws(RailError) {
    let token = try evmCodec.token(of: asset)
    try checkChain()
    if let batchContract = configuration.batchContract { try checkBatchContract(batchContract) }
    if let token, try code(token, "the token's code") == EVMRail.hashOfNothing {
      throw RailError(
        .badRequest, "no contract lives at the token address \(EIP55.text(token)) on \(evmCodec.chain)",
        hint: "check the address, and that it is of this chain")
    }
  }

  /// Every node that answers must serve the chain, and a quorum must answer.
  private func checkChain() throws(RailError) {
    let (answers, failures) = fleet.ask(settled: { $0.count == self.fleet.endpoints.count }) {
      conversation throws(EndpointFailure) -> UInt64 in
      guard let id = try conversation.first(try conversation.ask([RPCCall("eth_chainId")])).quantity else {
        throw EndpointFailure(.malformed, "no chain id")
      }
      return id
    }
    for (endpoint, served) in answers.sorted(by: { $0.key < $1.key }) where served != configuration.chainID {
      throw RailError(
        .wrongChain, "\(endpoint) serves chain \(served), not \(configuration.chainID)",
        hint: "take the node out of AM_EVM_RPC, or correct AM_EVM_CHAIN_ID")
    }
    guard answers.count >= quorum.size else { throw noQuorum("the chain id", failures) }
  }

  private func checkBatchContract(_ contract: EVMAddress) throws(RailError) {
    let found = try code(contract, "the batch contract's code")
    guard found == BatchContractCode.runtimeHash else {
      throw RailError(
        .contractMismatch,
        found == EVMRail.hashOfNothing
          ? "no contract lives at \(EIP55.text(contract))"
          : "the code at \(EIP55.text(contract)) is not our batch contract",
        hint: "deploy the batch contract of this version, and name its address by AM_EVM_BATCH_CONTRACT")
    }
  }

  /// Hash of the code at an address in the final state, as a quorum sees it.
  private func code(_ address: EVMAddress, _ what: String) throws(RailError) -> Hash32 {
    let finality = configuration.finality
    let answers = try ask(what) { conversation throws(EndpointFailure) -> Hash32 in
      let final = try conversation.finalBlock(finality)
      guard let code = try conversation.first(try conversation.ask([.code(address, .quantity(final.number))])).data
      else { throw EndpointFailure(.malformed, "code is data") }
      return Keccak.hash256(code)
    }
    guard let agreed = quorum.agreed(answers) else { throw noQuorum(what) }
    return agreed
  }

  private static let hashOfNothing = Keccak.hash256([UInt8]())
}
