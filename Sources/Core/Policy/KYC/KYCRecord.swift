package import Codecs
package import Money

/// What a KYC provider says of somebody.
package enum KYCStatus: String, CaseIterable, Hashable, Sendable { case approved, pending, rejected, expired }

/// Whom a KYC provider is asked about.
package struct KYCQuestion: Hashable, Sendable {
  /// The column `kyc_subject` of the recipients file, or the e-mail address, or the address that is paid.
  package let subject: String
  /// As the chain writes it.
  package let address: String
  /// Two capitals; nil when the row names none.
  package let country: String?
  package init(subject: String, address: String, country: String?) {
    self.subject = subject
    self.address = address
    self.country = country
  }

  /// Under this an answer is kept: nothing of the person is, beside it.
  package func key(provider: String) -> Hash32 {
    var writer = CanonicalBytes.Writer(tag: "almoner.kyc.1")
    for part in [provider, subject, address, country ?? ""] { writer.append(Array(part.utf8)) }
    return Keccak.hash256(writer.bytes)
  }
}

/// An answer as it came.
package struct KYCAnswer: Hashable, Sendable {
  package let status: KYCStatus
  package let level: String
  package let reference: String
  package let checkedAt: Timestamp
  package init(status: KYCStatus, level: String, reference: String, checkedAt: Timestamp) {
    self.status = status
    self.level = level
    self.reference = reference
    self.checkedAt = checkedAt
  }

  /// How far a provider's clock may be ahead of ours.
  package static let mostAheadMilliseconds: Int64 = 5 * 60_000

  /// Whether it counts from `now` until `until`: not from the future, and not older by then than allowed.
  package func counts(from now: Timestamp, until: Timestamp, mostAge: Int64) -> Bool {
    checkedAt <= now.advanced(byMilliseconds: KYCAnswer.mostAheadMilliseconds)
      && until <= checkedAt.advanced(byMilliseconds: mostAge)
  }
}

/// An answer as it is kept.
package struct KYCRecord: Hashable, Sendable {
  package let key: Hash32
  package let answer: KYCAnswer
  package let askedAt: Timestamp
  package init(key: Hash32, answer: KYCAnswer, askedAt: Timestamp) {
    self.key = key
    self.answer = answer
    self.askedAt = askedAt
  }
}

/// Why a KYC provider gave no answer. Whoever asked holds the payout. Codes are stable: docs/errors.md.
package struct KYCError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    /// The KYC provider did not answer in time.
    case unreachable = "kyc.unreachable"
    /// The KYC provider refused the question: credentials, limits, a wrong path.
    case refused = "kyc.refused"
    /// The KYC provider's answer is not of the documented shape, or too large.
    case badAnswer = "kyc.bad_answer"
  }
  package let code: Code
  package let message: String
  package let hint: String?
  /// Whether the same again may succeed later without a person's help.
  package let isPassing: Bool
  package init(_ code: Code, _ message: String, hint: String? = nil, isPassing: Bool = false) {
    self.code = code
    self.message = message
    self.hint = hint
    self.isPassing = isPassing
  }
}
