import Chains
import Codecs
import EVMDriver
import Engine
import Foundation
import Money
import Signing
import Store
import Terminal

/// `evm deploy-batch-contract`: puts our batch contract on the chain of the settings.
enum ContractCommands {
  static let all: [CommandSpec] = [
    CommandSpec(
      .desk, "evm deploy-batch-contract", "Deploy the batch contract, which pays many recipients in one transaction",
      example: "almoner evm deploy-batch-contract",
      [.flag("yes", "do not ask"), .value("give-up-after", "SECONDS", "end when nothing moved for so long (600)")],
      run: deployCommand)
  ]

  private static func deployCommand(_ app: App) throws -> ExitStatus {
    app.warnOfKeys(try app.evmChain())
    let address = try deploy(app)
    app.tell(
      ["event": "deployed", "address": .string(address)],
      or: "Batch contract \(address)\nUse it: AM_EVM_BATCH_CONTRACT=\(address)")
    return .success
  }

  /// Deploys and waits until it is final; the address, as EIP-55 text.
  static func deploy(_ app: App) throws -> String {
    let chain = try app.evmChain()
    let store = try app.store(create: true)
    let rail = try app.rail(chain)
    let signer = try app.signer(chain, mayDeploy: true)
    guard let account = signer.accounts.first else {
      throw CommandError(.noSender, "no key is configured", hint: "set AM_KEYSTORE or AM_HSM_URI")
    }
    let purpose = Purpose.deploy(code: BatchContractCode.creation)
    let fee = try app.retrying { try rail.fee(for: purpose, account: account) }
    app.terminal.note("Deploying from \(rail.codec.text(account)) costs at most \(RunCommands.coins(try fee.most))")
    try app.confirm("Deploy the batch contract on \(chain)?")
    StopSignal.install()
    try app.releaseDeadHolders(store)
    let worker = try app.worker(account, store, rail, signer, only: [], observer: nil)
    worker.errand = LaneWorker.Errand(purpose)
    let errand = try finish(worker, app)
    guard let evidence = errand.evidence, let slot = errand.slot, evidence.verdict == .settled,
      let sender = EVMAddress(account.bytes)
    else {
      throw CommandError(
        .incomplete,
        "the deployment is not final, or it reverted: \(errand.evidence?.verdict.word ?? "no evidence yet")",
        hint: "look for the transaction of \(rail.codec.text(account)) at nonce \(errand.slot.map(String.init) ?? "-")")
    }
    return EIP55.text(ContractAddress.create(deployer: sender, nonce: slot))
  }

  private static func finish(_ worker: LaneWorker, _ app: App) throws -> LaneWorker.Errand {
    defer { worker.release() }
    let seconds = try app.arguments.number("give-up-after", in: 1...31_536_000) ?? 600
    let deadline = app.clock.now().advanced(byMilliseconds: seconds * 1000)
    var lastError: EngineError?
    while let errand = worker.errand, !StopSignal.isRaised, app.clock.now() < deadline {
      if errand.evidence != nil { return errand }
      switch worker.step() {
      case .progress: break
      case .failed(let error, _):
        lastError = error
        if !error.isPassing { throw error }
        Thread.sleep(forTimeInterval: 0.05)
      case .idle, .done: Thread.sleep(forTimeInterval: 0.05)
      }
    }
    throw lastError
      ?? EngineError(
        code: CommandError.Code.incomplete.rawValue, message: "the deployment is not final yet",
        hint: "it goes on with the next run", isPassing: true)
  }
}
