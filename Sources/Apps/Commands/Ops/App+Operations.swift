import Codecs
import Engine
import Files
import Foundation
import Money
import Operations
import Policy
import Terminal

extension JournalError: SubsystemError {}
extension IncidentError: SubsystemError {}
extension RunbookError: SubsystemError {}

/// Who acts, for records that must also be possible while the store is away.
struct Hand {
  /// `person:NAME` of a session, else `user:NAME@HOST` of the machine.
  let by: String
  /// The person's roles; nil while nobody is enrolled, or nobody can be asked.
  let roles: Set<String>?
}

extension App {
  /// Opens the operations journal for one change, and lets it go: nobody waits long for its lock.
  ///
  /// Never runs another command meanwhile, which may want the journal itself.
  func withJournal<Value>(_ body: (_ journal: JournalFile, _ records: [OperationsRecord]) throws -> Value) throws
    -> Value
  {
    let journal = try JournalFile(path: try beside("AM_OPS_JOURNAL", ".operations.jsonl"))
    if journal.wasTorn { terminal.note("warning: the last line of the journal was torn by a crash, and is cut off") }
    return try body(journal, journal.lines.compactMap(OperationsRecord.init))
  }

  var now: Int64 { clock.now().milliseconds }

  /// The time of an option, or now.
  func moment(_ option: String) throws -> Int64 {
    guard let text = arguments[option] else { return now }
    return try UTCMinute(parsing: text).milliseconds
  }

  /// The person of the session; else the user of this machine. Never fails: an incident is written down even while the
  /// store cannot be read.
  func hand() -> Hand {
    let user = "user:\(NSUserName())@\(ProcessInfo.processInfo.hostName)"
    guard let people = try? enrolled(.view), !people.isEmpty else { return Hand(by: user, roles: nil) }
    guard let store = try? store(), let me = try? myself(store) else { return Hand(by: user, roles: []) }
    return Hand(by: "person:\(me.person.name)", roles: Set(me.person.roles.map(\.rawValue)))
  }
}
