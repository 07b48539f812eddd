package import Engine
import Kafka

/// Kafka: the key decides the partition, and each partition keeps order; `id` and `type` are headers.
///
/// The producer writes no record twice and none in another order while it lives. After any failure it is let go, which
/// withdraws what was not sent yet: so no record of a key gets ahead of an earlier one.
package final class KafkaBroker: EventBroker {
  private let places: [BrokerURL.Place]
  private let timeoutMilliseconds: Int64
  private let mostRecordBytes: Int
  private var producer: KafkaProducer?

  /// `message.max.bytes` of brokers is 1,048,588 unless somebody changed it.
  private static let usualRecordBytes = 1_000_000
  /// Of key, headers and framing.
  private static let recordOverhead = 1_024

  package init(
    _ places: [BrokerURL.Place], timeoutMilliseconds: Int64 = 10_000, mostRecordBytes: Int? = nil
  ) {
    self.places = places
    self.timeoutMilliseconds = timeoutMilliseconds
    self.mostRecordBytes = mostRecordBytes ?? KafkaBroker.usualRecordBytes
  }

  package var name: String { "kafka://" + places.map(\.text).joined(separator: ",") }

  package func publish(
    _ page: [EventMessage], to topic: Topic, again: String?, meanwhile: () -> Void
  ) -> Publication {
    var taken = 0
    // A broker refuses a whole batch of records for one of them: so the one that looks guilty is tried alone.
    var alone = false
    var isFirst = true
    while taken < page.count {
      let events = alone ? page[taken...taken] : page[taken...]
      let fitting = events.prefix { $0.body.count <= mostRecordBytes - KafkaBroker.recordOverhead }
      guard !fitting.isEmpty else {
        let why = BrokerError(
          .eventTooLarge, "the event has \(page[taken].body.count) bytes, \(mostRecordBytes) is the limit")
        return Publication(taken: taken, stop: .refused(why))
      }
      let (count, error) = round(fitting, topic, meanwhile: isFirst ? meanwhile : {})
      isFirst = false
      taken += count
      guard let error else {
        alone = false
        continue
      }
      producer = nil
      guard error.code == .tooLarge || error.code == .refused else {
        return Publication(taken: taken, stop: .down(BrokerError(error, name)))
      }
      if alone || fitting.count == 1, count == 0 {
        return Publication(taken: taken, stop: .refused(BrokerError(error, name)))
      }
      alone = true
    }
    return Publication(taken: taken, stop: nil)
  }

  /// Sends events and waits for their reports: how many from the first are kept, and why not the next.
  private func round(
    _ events: ArraySlice<EventMessage>, _ topic: Topic, meanwhile: () -> Void
  ) -> (taken: Int, error: KafkaError?) {
    let deadline = ContinuousClock.now + .milliseconds(timeoutMilliseconds)
    var isKept = [Bool](repeating: false, count: events.count)
    var first: (place: Int, error: KafkaError)?
    do throws(KafkaError) {
      let producer = try producing()
      var missing = try handOver(events, topic, producer)
      meanwhile()
      while missing > 0 {
        let left = deadline - ContinuousClock.now
        guard left > .zero else {
          throw producer.trouble
            ?? KafkaError(.timeout, "\(events.count - missing) of \(events.count) acknowledged in time")
        }
        for report in try producer.reports(timeoutMilliseconds: min(left.wholeMilliseconds, 1_000))
        where isKept.indices.contains(report.number) {
          missing -= 1
          if let error = report.error {
            if first.map({ report.number < $0.place }) ?? true { first = (report.number, error) }
          } else {
            isKept[report.number] = true
          }
        }
      }
    } catch {
      return (isKept.prefix { $0 }.count, error)
    }
    return (isKept.prefix { $0 }.count, first?.error)
  }

  /// How many events the producer took over: all, or those before the first that it refuses. Throws for the very first.
  private func handOver(
    _ events: ArraySlice<EventMessage>, _ topic: Topic, _ producer: KafkaProducer
  ) throws(KafkaError) -> Int {
    for (place, event) in events.enumerated() {
      do throws(KafkaError) {
        try producer.send(
          topic.name, key: Array(event.key.utf8), value: event.body, headers: [("id", event.id), ("type", event.type)],
          number: place)
      } catch {
        guard place > 0 else { throw error }
        return place
      }
    }
    return events.count
  }

  private func producing() throws(KafkaError) -> KafkaProducer {
    if let producer { return producer }
    let made = try KafkaProducer(
      brokers: places.map(\.text), mostRecordBytes: mostRecordBytes, timeoutMilliseconds: timeoutMilliseconds)
    producer = made
    return made
  }
}

extension BrokerError {
  /// The one place where the wrapper's errors become the broker's.
  init(_ error: KafkaError, _ name: String) {
    let words = "\(name): \(error.message)"
    switch error.code {
    case .unavailable, .withdrawn, .fatal, .outOfMemory, .failed:
      self.init(.unavailable, words, hint: "are the brokers running there?")
    case .timeout: self.init(.timeout, words)
    case .denied: self.init(.denied, words)
    case .unknownTopic:
      self.init(.misconfigured, words, hint: "make the topic, or let brokers make it (auto.create.topics.enable)")
    case .notEnoughReplicas: self.init(.full, words)
    case .tooLarge: self.init(.eventTooLarge, words)
    case .refused: self.init(.eventRefused, words)
    case .badSetting: self.init(.misconfigured, words)
    }
  }
}
