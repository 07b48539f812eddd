package import Chains
import Codecs
import Money

/// How the rows of a source are written.
package enum SourceFormat: String, CaseIterable, Sendable {
  /// RFC 4180, with a header.
  case csv
  /// One array of objects.
  case json
  /// One object a line.
  case jsonl

  /// By the ending of a file's name: `.csv`, `.json`, `.jsonl`, `.ndjson`; nil for any other.
  package init?(fileName: String) {
    let parts = fileName.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 1, let ending = parts.last?.lowercased() else {
      return nil
    }
    switch ending {
    case "csv": self = .csv
    case "json": self = .json
    case "jsonl", "ndjson": self = .jsonl
    default: return nil
    }
  }
}

/// What to do with several rows of one recipient.
package enum DuplicatePolicy: String, CaseIterable, Sendable {
  /// All rows of the recipient are rejected: nobody here knows which is meant.
  case error
  /// One payout of the sum. Row number, payout id and metadata are the first row's.
  case sum
  /// The first row counts; recipients that were loaded before are skipped.
  case first
  /// The last row counts.
  case last
}

/// Choices of whoever loads a file.
package struct IngestOptions: Hashable, Sendable {
  package var duplicates: DuplicatePolicy
  /// Amounts are token units with this many decimals; nil: they are base units.
  package var decimals: Int?
  /// Load nothing if any row is bad.
  package var strict: Bool
  /// Addresses that must not be paid: the token's own, the batch contract.
  package var forbidden: Set<Address>

  package init(
    duplicates: DuplicatePolicy = .error, decimals: Int? = nil, strict: Bool = false, forbidden: Set<Address> = []
  ) {
    self.duplicates = duplicates
    self.decimals = decimals
    self.strict = strict
    self.forbidden = forbidden
  }

  /// Throws `ingest.bad_option` for decimals that no asset has.
  func check() throws(IngestError) {
    guard let decimals, !(0...DecimalText.mostDecimals).contains(decimals) else { return }
    throw IngestError(.badOption, "an asset has 0 to \(DecimalText.mostDecimals) decimals, not \(decimals)")
  }
}

/// The settings of a load, as the store keeps them beside the content hash.
struct LoadSettings {
  /// What a person chose: the same file under other choices is another load.
  let choices: JSON
  /// Digest of what else decided over rows: taken payout ids and forbidden addresses. A load that broke off goes on
  /// only if both are the same, for its ordinals count accepted rows.
  let surroundings: Hash32

  init(format: SourceFormat, options: IngestOptions, surroundings: Hash32) {
    choices = [
      "decimals": options.decimals.map { .integer($0) } ?? .null, "format": .string(format.rawValue),
      "on_duplicate": .string(options.duplicates.rawValue),
    ]
    self.surroundings = surroundings
  }

  /// Canonical JSON text.
  var text: String {
    let value: JSON = ["choices": choices, "surroundings": .string(surroundings.description)]
    // Keys are literals of ours and numbers whole: the canonical writer has nothing to refuse.
    return (try? CanonicalJSON.bytes(value)).map { String(decoding: $0, as: UTF8.self) } ?? value.text
  }

  /// Whether a stored text was made by the same choices.
  func choicesMatch(_ stored: String) -> Bool { (try? JSON.parse(stored))?["choices"] == choices }
}
