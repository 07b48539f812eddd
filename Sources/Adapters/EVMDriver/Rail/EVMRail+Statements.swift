package import Chains
import Codecs
import Synchronization

extension EVMRail {
  package func statements(_ questions: [SlotQuestion]) -> [[Statement]] {
    guard !questions.isEmpty else { return [] }
    let (floors, turn) = floors.withLock { floors in (floors, floors.nextTurn()) }
    let reader = StatementReader(
      finality: configuration.finality, codec: evmCodec, mostSearches: EVMRail.mostSearches, startingAt: turn)
    let (readings, _) = fleet.ask(settled: isSettled) { conversation throws(EndpointFailure) in
      try reader.read(questions, conversation, floors: floors)
    }
    self.floors.withLock { floors in
      for (endpoint, reading) in readings {
        for (account, count) in reading.counts {
          floors.record(endpoint, account, number: reading.final.number, count: count)
        }
      }
    }
    return questions.indices.map { index in
      let statements = readings.values.compactMap { $0.statements[index] }.sorted { $0.endpoint < $1.endpoint }
      if let evidence = quorum.evidence(in: statements) {
        for endpoint in quorum.dissenters(in: statements, from: evidence) { fleet.disagreed(endpoint) }
      }
      return statements
    }
  }

  private static let mostSearches = 16

  /// Whether those who answered are a quorum of one mind about every slot.
  private func isSettled(_ readings: [EndpointID: StatementReader.Reading]) -> Bool {
    quorum.agreed(readings.mapValues { $0.statements.map { $0?.subject } }) != nil
  }
}
