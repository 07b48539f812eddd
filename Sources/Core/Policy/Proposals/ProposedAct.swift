package import Codecs

/// Exactly what would happen: two acts of one digest are the same act.
package struct ProposedAct: Hashable, Sendable {
  package let kind: ProposalKind
  /// What it is about, as people name it: a policy's name, `batch/7`, a secret's name.
  package let subject: String
  /// Everything that the yes is bound to, what is replaced included, as canonical JSON. No secret ever stands in it.
  package let content: String
  /// Actors who may neither propose nor confirm it: those who prepared the campaign that it is about.
  package let barred: Set<String>

  /// Throws `people.bad_text` for content without one spelling, for a subject that is not 1 to 200 bytes, and for a content
  /// of more than 17 MiB.
  package init(
    kind: ProposalKind, subject: String, content: JSON, barred: Set<String> = []
  ) throws(PeopleError) {
    let bytes: [UInt8]
    do { bytes = try CanonicalJSON.bytes(content) } catch {
      throw PeopleError(.badText, "what is proposed has no one spelling: \(error.message)")
    }
    guard (1...200).contains(subject.utf8.count), bytes.count <= ProposedAct.mostBytes else {
      throw PeopleError(.badText, "a proposal has a subject of 1 to 200 bytes, and at most 17 MiB of content")
    }
    self.kind = kind
    self.subject = subject
    self.content = String(decoding: bytes, as: UTF8.self)
    self.barred = barred
  }

  /// Room for the longest policy.
  static let mostBytes = 17 << 20

  /// Keccak-256 of the record `almoner/act/1`.
  package var digest: Hash32 { ProposedAct.digest(kind, subject, content) }

  static func digest(_ kind: ProposalKind, _ subject: String, _ content: String) -> Hash32 {
    var writer = CanonicalBytes.Writer(tag: "almoner/act/1")
    writer.append(kind.rawValue)
    writer.append(subject)
    writer.append(content)
    return Keccak.hash256(writer.bytes)
  }
}
