import Chains
import Keys
import Money
import Payouts
import Policy
import Signing

/// What comes over the connection between an engine and its signer, and the signer's list of people.
enum FuzzSigner {
  static func run(_ input: [UInt8]) {
    if let read = try? SignerCall.read(input) {
      promise(read.call.bytes(read.number, chain: read.chain) == input, "a call has two forms")
      // Whatever is claimed, the proof is checked or refused.
      if case .sign(let requests) = read.call {
        for case let grounds? in requests.map(\.grounds) {
          let content = grounds.approval.content
          let payees = grounds.payouts.map { Payee(payout: $0, address: Address([1]), units: .one) }
          _ = try? grounds.proof.check(
            payees, asset: content.asset, count: content.count, total: content.total, root: content.root)
        }
      }
    }
    if let read = try? SignerAnswer.read(input) {
      let bytes = read.answer.bytes(read.number)
      promise((try? SignerAnswer.read(bytes))?.answer == read.answer, "an answer changed on the way")
    }
    _ = try? SignerFrame.length(Array(input.prefix(4)), most: SignerFrame.mostCall)
    if let file = try? ApproverFile(parsing: input, name: "fuzz") {
      promise(Set(file.keys.values).count == file.keys.count, "one key for two people")
    }
  }
}
