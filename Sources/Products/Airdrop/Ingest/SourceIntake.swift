import Codecs

/// A source of one format, read from its first byte to its last.
protocol SourceIntake {
  var format: RejectFormat { get }
  /// Bytes read so far.
  var bytesRead: Int64 { get }
  /// Reads all rows. `progress` is told rows and bytes now and then.
  mutating func run(into intake: inout RowIntake, progress: (Int64, Int64) -> Void) throws(IngestError)
  /// Digest of the whole source, once it is read.
  func contentHash() throws(IngestError) -> Hash32
}
