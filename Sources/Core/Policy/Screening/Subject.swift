package import Chains
import Codecs
package import Money

/// What is the same for every recipient of a campaign.
package struct ScreeningContext: Sendable {
  package let actor: String
  package let campaign: String
  package let asset: AssetID
  package let total: UInt256
  /// Minute of the day by IANA zone; a zone that is missing is an unknown fact.
  package let minutes: [String: Int]

  package init(actor: String, campaign: String, asset: AssetID, total: UInt256, minutes: [String: Int]) {
    self.actor = actor
    self.campaign = campaign
    self.asset = asset
    self.total = total
    self.minutes = minutes
  }
}

/// What a sanctions list said of a recipient.
package enum ListAnswer: Hashable, Sendable {
  case clear
  /// The entry that names it.
  case hit(String)
  /// No answer, or one that is too old: why.
  case unknown(String)
}

/// What is known of a recipient's KYC.
package enum KYCFact: Hashable, Sendable {
  /// No provider is configured: the column says it.
  case column
  case told(status: String, level: String)
  /// No answer, or one that is too old: why.
  case unknown(String)
}

/// Facts about a recipient that are not in its row.
package struct ScreeningFacts: Sendable {
  package let sanctions: ListAnswer
  /// Waiting recipients of the campaign with the same e-mail and IP, itself included.
  package let sameEmail: UInt64
  package let sameIP: UInt64
  package let kyc: KYCFact
  package let origin: IPOrigin
  /// What is used up of each limit of the policy, by its name, where the recipient counts.
  package let used: [String: UInt64]
  /// Milliseconds for which the address book's entry has been usable; nil for none that is.
  package let bookAge: Int64?
  package init(
    sanctions: ListAnswer, sameEmail: UInt64, sameIP: UInt64, kyc: KYCFact = .column, origin: IPOrigin = .unknown,
    used: [String: UInt64] = [:], bookAge: Int64? = nil
  ) {
    self.sanctions = sanctions
    self.sameEmail = sameEmail
    self.sameIP = sameIP
    self.kyc = kyc
    self.origin = origin
    self.used = used
    self.bookAge = bookAge
  }
}

/// A recipient, as it is screened.
package struct ScreeningSubject: Sendable {
  package let payout: PayoutID
  package let address: Address
  package let units: UInt256
  /// Canonical JSON object text; empty for none.
  package let metadata: String

  package init(payout: PayoutID, address: Address, units: UInt256, metadata: String) {
    self.payout = payout
    self.address = address
    self.units = units
    self.metadata = metadata
  }

  /// The columns of its row. Nil when the text is not an object of texts: then every rule about them waits.
  package func columns() -> [String: String]? {
    guard !metadata.isEmpty else { return [:] }
    guard let object = (try? JSON.parse(metadata))?.object else { return nil }
    var columns: [String: String] = [:]
    for member in object.members {
      guard let text = member.value.string else { return nil }
      columns[member.key] = text
    }
    return columns
  }
}
