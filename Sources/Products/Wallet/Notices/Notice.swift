package import Codecs

/// A message to the people who watch, sent to the address of `ALERT_WEBHOOK_URL`. It holds no secret and no wallet key.
package struct Notice: Hashable, Sendable {
  package let subject: String
  package let body: String

  package init(subject: String, body: String) {
    self.subject = subject
    self.body = body
  }

  /// The body of the `POST`.
  package var json: JSON { ["subject": .string(subject), "body": .string(body)] }

  /// Whether the receiver took it.
  package static func isTaken(status: Int) -> Bool { (200..<300).contains(status) }
}
