import Broker
import Engine
import Foundation
import Synchronization
import Testing

@Suite("Broker in this process")
struct InProcessBrokerTests {
  @Test func `a page is taken when every subscriber has acknowledged it, and not before`() throws {
    let broker = InProcessBroker(timeoutMilliseconds: 200)
    let (one, two) = (broker.subscribe(to: topic), broker.subscribe(to: topic))
    let page = Events.messages(0..<3)
    let ended = DispatchSemaphore(value: 0)
    let result = Mutex<Publication?>(nil)
    func publish() {
      Thread {
        let got = broker.publish(page, to: topic, again: nil)
        result.withLock { $0 = got }
        ended.signal()
      }.start()
    }
    publish()
    for n in 0..<3 {
      #expect(one.next(timeoutMilliseconds: 1_000) == page[n])
      one.acknowledge()
    }
    #expect(two.next(timeoutMilliseconds: 1_000) == page[0])
    two.acknowledge()
    #expect(two.next(timeoutMilliseconds: 1_000) == page[1])
    ended.wait()
    let late = try #require(result.withLock { $0 })
    guard late.taken == 1, case .down(let why)? = late.stop else {
      Issue.record("\(late)")
      return
    }
    #expect(why.code == .timeout)
    // What the second one still has in hand counts for nothing in the next page.
    two.acknowledge()
    #expect(two.next(timeoutMilliseconds: 50) == nil)
    publish()
    for subscriber in [one, two] {
      for n in 0..<3 {
        #expect(subscriber.next(timeoutMilliseconds: 1_000) == page[n])
        subscriber.acknowledge()
      }
    }
    ended.wait()
    #expect(result.withLock { $0 } == Publication(taken: 3, stop: nil))
  }

  @Test func `no more than its capacity is out at once`() {
    let broker = InProcessBroker(timeoutMilliseconds: 300)
    let subscriber = broker.subscribe(to: topic, capacity: 2)
    let ended = DispatchSemaphore(value: 0)
    Thread {
      _ = broker.publish(Events.messages(0..<5), to: topic, again: nil)
      ended.signal()
    }.start()
    #expect(subscriber.next(timeoutMilliseconds: 1_000) != nil && subscriber.next(timeoutMilliseconds: 1_000) != nil)
    #expect(subscriber.next(timeoutMilliseconds: 30) == nil)
    subscriber.acknowledge()
    #expect(subscriber.next(timeoutMilliseconds: 1_000) != nil)
    ended.wait()
  }

  @Test func `nobody listening, or somebody who leaves, takes nothing`() {
    let broker = InProcessBroker(timeoutMilliseconds: 2_000)
    let page = Events.messages(0..<2)
    func code(_ got: Publication) -> BrokerError.Code? {
      if case .down(let why)? = got.stop { why.code } else { nil }
    }
    #expect(code(broker.publish(page, to: topic, again: nil)) == .noSubscriber)
    let other = broker.subscribe(to: topic.dead)
    #expect(code(broker.publish(page, to: topic, again: nil)) == .noSubscriber)
    let subscriber = broker.subscribe(to: topic)
    Thread {
      Thread.sleep(forTimeInterval: 0.05)
      subscriber.cancel()
    }.start()
    let began = ContinuousClock.now
    #expect(code(broker.publish(page, to: topic, again: nil)) == .noSubscriber)
    #expect(ContinuousClock.now - began < .seconds(1))
    other.cancel()
  }
}
