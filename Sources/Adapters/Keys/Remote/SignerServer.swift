import Chains
package import Codecs
import Foundation
package import Money
package import POSIX
import Policy
package import Signing
import Synchronization

/// The signer's side: answers calls of engines that it does not trust.
///
/// One thread for each connection, few connections, one signature at a time. Bytes that are no call end the connection;
/// nothing that comes in can end the process.
package final class SignerServer: Sendable {
  package struct Limits: Sendable {
    /// Time for a whole frame once it began, and for an answer to be taken.
    package var frameMilliseconds: Int64 = 30_000
    /// Time that a connection may say nothing.
    package var idleMilliseconds: Int64 = 3_600_000
    package var mostConnections = 16
    package init() {}
  }

  private let signer: SigningGuard
  private let log: SigningLogFile
  private let limits: Limits
  private let now: @Sendable () -> Timestamp
  private let tell: @Sendable (JSON) -> Void
  private let turn = Mutex(())
  private let connections = Mutex(0)
  private let stopped = Mutex(false)

  /// `tell` gets one event at a time from any thread.
  package init(
    _ signer: SigningGuard, log: SigningLogFile, limits: Limits = Limits(), now: @escaping @Sendable () -> Timestamp,
    tell: @escaping @Sendable (JSON) -> Void
  ) {
    self.signer = signer
    self.log = log
    self.limits = limits
    self.now = now
    self.tell = tell
  }

  /// Ends every connection after the call at hand.
  package func stop() { stopped.withLock { $0 = true } }

  private var isStopped: Bool { stopped.withLock { $0 } }

  /// Accepts until stopped, then waits for the calls at hand. `admit` says who is there, or why it may not ask.
  package func serve(
    _ socket: ListeningSocket, until isOver: () -> Bool,
    admit: @escaping @Sendable (StreamSocket, Deadline) throws(SigningError) -> (peer: String, any ByteChannel)
  ) throws(SocketError) {
    while !isOver() {
      guard let connection = try socket.accept(Deadline(inMilliseconds: 200)) else { continue }
      let isRoom = connections.withLock { count in
        guard count < limits.mostConnections else { return false }
        count += 1
        return true
      }
      guard isRoom else {
        tell(["event": "connection_refused", "reason": "too_many"])
        continue
      }
      let thread = Thread { [self] in
        attend(connection, admit)
        connections.withLock { $0 -= 1 }
      }
      thread.stackSize = 4 << 20
      thread.start()
    }
    stop()
    let deadline = Deadline(inMilliseconds: limits.frameMilliseconds * 2)
    while connections.withLock({ $0 > 0 }), deadline.left > 0 { Thread.sleep(forTimeInterval: 0.02) }
  }

  private func attend(
    _ connection: StreamSocket,
    _ admit: (StreamSocket, Deadline) throws(SigningError) -> (peer: String, any ByteChannel)
  ) {
    do throws(SigningError) {
      let (peer, bytes) = try admit(connection, Deadline(inMilliseconds: limits.frameMilliseconds))
      tell(["event": "connected", "peer": .string(peer)])
      defer { tell(["event": "disconnected", "peer": .string(peer)]) }
      try converse(peer, FrameChannel(bytes, most: SignerFrame.mostCall))
    } catch {
      // Whoever goes away between two calls is no news.
      guard error.code != .signerUnreachable else { return }
      tell(["event": "connection_refused", "reason": .string(error.code.rawValue), "message": .string(error.message)])
    }
  }

  private func converse(_ peer: String, _ line: FrameChannel) throws(SigningError) {
    var idle = Deadline(inMilliseconds: limits.idleMilliseconds)
    while !isStopped {
      do throws(SocketError) {
        guard try line.waits(Deadline(inMilliseconds: 200)) else {
          if idle.left == 0 { return }
          continue
        }
      } catch { throw FrameChannel.lost(error) }
      let deadline = Deadline(inMilliseconds: limits.frameMilliseconds)
      let frame: [UInt8]
      do throws(SigningError) { frame = try line.read(deadline) } catch {
        if error.code == .signerUnreachable { tell(["event": "frame_cut_off", "peer": .string(peer)]) }
        throw error
      }
      let (answer, isCall) = answer(frame, peer)
      try line.write(answer, Deadline(inMilliseconds: limits.frameMilliseconds))
      guard isCall else { throw SigningError(.badFrame, "bytes that are no call came from \(peer)") }
      idle = Deadline(inMilliseconds: limits.idleMilliseconds)
    }
  }

  /// The answer to one frame, and whether it was a call at all.
  private func answer(_ frame: [UInt8], _ peer: String) -> (bytes: [UInt8], isCall: Bool) {
    var number: UInt64 = 0
    let call: SignerCall
    do throws(SigningError) {
      let read = try SignerCall.read(frame)
      (number, call) = (read.number, read.call)
      guard read.chain == signer.codec.chain else {
        throw SigningError(.wrongPeer, "this signer is for \(signer.codec.chain), not for \(read.chain)")
      }
    } catch {
      return (SignerAnswer.refused(error).bytes(number), error.code != .badFrame)
    }
    do throws(SigningError) {
      let answer = try perform(call)
      try note(call, peer, nil)
      return (answer.bytes(number), true)
    } catch {
      do throws(SigningError) { try note(call, peer, error) } catch {
        return (SignerAnswer.refused(error).bytes(number), true)
      }
      return (SignerAnswer.refused(error).bytes(number), true)
    }
  }

  private func perform(_ call: SignerCall) throws(SigningError) -> SignerAnswer {
    let chain = signer.codec.chain
    switch call {
    case .describe:
      return .description(
        SignerDescription(policy: signer.policy, accounts: signer.accounts, wantsGrounds: signer.wantsGrounds))
    case .announce(let account, let fence):
      // An account whose key was taken away is still looked after.
      var known = signer.accounts
      if !known.contains(account) { known = try log.accounts(chain) }
      guard known.contains(account) else { throw unknown(account) }
      return try turn.withLock { _ throws(SigningError) in
        try signer.announce(account, fence: fence)
        return .done
      }
    case .sign(let requests):
      return try turn.withLock { _ throws(SigningError) in .signed(try signer.sign(requests)) }
    case .accounts: return .accounts(try log.accounts(chain))
    case .highestFence(let account): return .fence(try log.highestFence(chain, account))
    case .records(let account, let slots): return .records(try log.records(chain, account, slots: slots))
    case .recordsFrom(let account, let slot, let limit):
      return .records(try log.records(chain, account, from: slot, limit: Int(min(limit, 500))))
    case .order(let account, let slots): return .order(try log.order(chain, account, slots: slots))
    }
  }

  private func unknown(_ account: Address) -> SigningError {
    SigningError(.keyNotFound, "no key for \(signer.codec.text(account)) is configured")
  }

  /// Every use of a key, and every refusal, stands in the log before the answer goes out.
  private func note(_ call: SignerCall, _ peer: String, _ error: SigningError?) throws(SigningError) {
    guard case .sign(let requests) = call, !requests.isEmpty else {
      if let error { tell(refusal(call, peer, error)) }
      return
    }
    let slots = requests.map(\.slot)
    try log.note(
      KeyUse(
        at: now(), peer: peer, chain: signer.codec.chain, account: requests[0].account, count: requests.count,
        firstSlot: slots.min() ?? 0, lastSlot: slots.max() ?? 0,
        campaigns: Set(requests.compactMap(\.grounds?.approval.content.campaign)).sorted(),
        refusal: error?.code.rawValue))
    if let error { return tell(refusal(call, peer, error)) }
    tell([
      "event": "signed", "peer": .string(peer), "account": .string(signer.codec.text(requests[0].account)),
      "count": .integer(requests.count), "first_slot": .integer(slots.min() ?? 0),
      "last_slot": .integer(slots.max() ?? 0),
    ])
  }

  private func refusal(_ call: SignerCall, _ peer: String, _ error: SigningError) -> JSON {
    [
      "event": "refused", "peer": .string(peer), "call": .string(call.word), "code": .string(error.code.rawValue),
      "message": .string(error.message),
    ]
  }
}
