import Airdrop
import Files
import Foundation
import Synchronization
import Testing

@Suite("A second pair of hands")
struct WorkThreadTests {
  private final class Notes: Sendable {
    let lines = Mutex<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
  }

  @Test func `work is done beside its starter, one piece after the other, in order`() {
    let (hands, notes, gate) = (WorkThread(), Notes(), DispatchSemaphore(value: 0))
    let first = hands.start {
      gate.wait()
      notes.add("first")
    }
    let second = hands.start { notes.add("second on \(Thread.isMainThread)") }
    #expect(!first.isDone && !second.isDone && notes.all.isEmpty)
    gate.signal()
    second.wait()
    #expect(first.isDone && second.isDone && notes.all == ["first", "second on false"])
    // Whoever waits for what is done goes on at once, as often as he likes.
    first.wait()
    first.wait()
  }

  @Test func `settling waits for everything, and for nothing when there is nothing`() {
    let (hands, notes) = (WorkThread(), Notes())
    hands.settle()
    for number in 0..<100 { _ = hands.start { notes.add("\(number)") } }
    hands.settle()
    #expect(notes.all == (0..<100).map(String.init))
  }

  @Test func `what was started is done although nobody holds the thread any more`() {
    let (notes, gate) = (Notes(), DispatchSemaphore(value: 0))
    var hands: WorkThread? = WorkThread()
    _ = hands?.start { gate.wait() }
    let last = hands?.start { notes.add("done") }
    hands = nil
    gate.signal()
    last?.wait()
    #expect(notes.all == ["done"])
  }

  @Test func `what a piece of work held on to is let go when it is done`() {
    final class Held: Sendable {}
    let hands = WorkThread()
    var held: Held? = Held()
    weak let left = held
    let work = hands.start { [held] in _ = held }
    held = nil
    work.wait()
    #expect(left == nil)
  }

  @Test func `work in turn is done when it is started`() {
    let (hands, notes) = (WorkInTurn(), Notes())
    let work = hands.start { notes.add("done") }
    #expect(work.isDone && notes.all == ["done"])
    work.wait()
    hands.settle()
  }
}
