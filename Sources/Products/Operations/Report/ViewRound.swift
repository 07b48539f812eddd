import Chains
import Codecs

/// Calls that are asked together, and the words under which their answers are looked up.
struct ViewRound {
  private var calls: [(key: String, call: MoveCall, form: ViewForm)] = []
  private var answers: [String: JSON] = [:]
  private(set) var problems: [MonitorReport.Problem] = []

  /// Puts one question under a key, which is also its path in the report.
  mutating func ask(_ key: String, _ call: MoveCall, _ form: ViewForm = .value) { calls.append((key, call, form)) }

  /// Asks all. Throws what says nothing of a call: then there is no report.
  mutating func run(on chain: any ChainViews) throws(RailError) {
    guard !calls.isEmpty else { return }
    let results = chain.views(calls.map(\.call))
    for (place, question) in calls.enumerated() {
      guard place < results.count else { throw RailError(.noQuorum, "\(question.call.function) was not answered") }
      do throws(RailError) { answers[question.key] = question.form.read(try results[place].get()) } catch {
        guard error.code == .viewRefused else { throw error }
        problems.append(MonitorReport.Problem(path: question.key, error: error))
        answers[question.key] = ["error": .string(error.code.rawValue)]
      }
    }
    calls = []
  }

  /// The answer; null for what was not asked.
  subscript(key: String) -> JSON { answers[key] ?? .null }

  func isTrue(_ key: String) -> Bool { ViewValue.boolean(self[key]) }

  /// Forgets that something could not be read: a deployment may well not have it.
  mutating func forgive(_ keys: Set<String>) { problems.removeAll { keys.contains($0.path) } }
}
