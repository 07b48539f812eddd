/// What a command refuses before any subsystem is asked. Codes are stable: docs/errors.md.
package struct CommandError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    case usage = "command.usage"
    case declined = "command.declined"
    case fileExists = "command.file_exists"
    case cannotRead = "command.cannot_read"
    case cannotWrite = "command.cannot_write"
    case incomplete = "command.incomplete"
    case needsPeople = "command.needs_people"
    case insufficientFunds = "command.insufficient_funds"
    case noSender = "command.no_sender"
    case unknownSetting = "config.unknown_setting"
    case badSetting = "config.bad_value"
    case notSupported = "config.not_supported"
    case missingSetting = "config.missing"
    case conflictingSetting = "config.conflict"
  }
  package let code: Code
  package let message: String
  package let hint: String?

  package init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}
