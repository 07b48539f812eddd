package import Codecs
package import Engine

/// What an ingest did.
package struct IngestReport: Hashable, Sendable {
  package enum Outcome: String, CaseIterable, Sendable {
    /// The accepted rows stand in the campaign.
    case loaded
    /// The campaign has this file already: nothing changed.
    case alreadyLoaded = "already_loaded"
    /// No row could be accepted, or all recipients stand in the campaign: nothing changed.
    case nothingToLoad = "nothing_to_load"
    /// Some row is bad and `--strict` was asked for: nothing changed.
    case refused
  }
  package let outcome: Outcome
  package let format: SourceFormat
  /// SHA-256 of the source.
  package let contentHash: Hash32
  /// Size of the source.
  package let bytes: Int64
  package let summary: LoadSummary
  /// The load's number in the store; nil when nothing was loaded.
  package let load: Int64?
  /// Rows that an earlier, broken off ingest of the same file had inserted.
  package let resumedAfter: Int64
  /// Accepted rows whose address carried no checksum.
  package let withoutChecksum: Int64
  /// Bad rows by code, in the order of the codes' texts; empty for `alreadyLoaded`.
  package let faults: [FaultCount]

  package init(
    outcome: Outcome, format: SourceFormat, contentHash: Hash32, bytes: Int64, summary: LoadSummary, load: Int64?,
    resumedAfter: Int64, withoutChecksum: Int64, faults: [FaultCount]
  ) {
    self.outcome = outcome
    self.format = format
    self.contentHash = contentHash
    self.bytes = bytes
    self.summary = summary
    self.load = load
    self.resumedAfter = resumedAfter
    self.withoutChecksum = withoutChecksum
    self.faults = faults
  }
}

/// How often one thing is wrong in a source.
package struct FaultCount: Hashable, Sendable {
  package let code: RowFault.Code
  package let rows: Int64
  /// The first few rows, ascending.
  package let firstRows: [Int64]
  /// Most row numbers kept for one code.
  package static let mostFirstRows = 5

  package init(code: RowFault.Code, rows: Int64, firstRows: [Int64]) {
    self.code = code
    self.rows = rows
    self.firstRows = firstRows
  }
}

/// How far an ingest is.
package struct IngestProgress: Hashable, Sendable {
  package enum Phase: String, CaseIterable, Sendable {
    /// Reading and checking the source; `rows` are rows read, `bytes` bytes read.
    case reading
    /// Writing to the store; `rows` are rows accepted so far.
    case loading
  }
  package let phase: Phase
  package let rows: Int64
  package let bytes: Int64

  package init(phase: Phase, rows: Int64, bytes: Int64) {
    self.phase = phase
    self.rows = rows
    self.bytes = bytes
  }
}
