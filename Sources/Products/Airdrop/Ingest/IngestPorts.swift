package import Codecs

/// Bytes of a source, read once from the first to the last: a file, standard input, an upload.
package protocol ByteSource: AnyObject {
  /// Puts the next bytes into `buffer[range]` and says how many; 0 is the end, a short count is not.
  /// Throws `ingest.unreadable`.
  func read(into buffer: inout [UInt8], _ range: Range<Int>) throws(IngestError) -> Int
}

/// Room outside of memory for the sorted runs of one ingest. What is written there is gone when the ingest ends.
package protocol SpillSpace: Sendable {
  /// Throws `ingest.spill_full`, `ingest.spill_failed`.
  func makeFile() throws(IngestError) -> any SpillFile
}

/// A file that grows at its end and is read back anywhere.
/// Written by one thread and later read by another, never by two at a time.
package protocol SpillFile: AnyObject, Sendable {
  /// Throws `ingest.spill_full`, `ingest.spill_failed`.
  func append(_ bytes: [UInt8]) throws(IngestError)
  /// Fills `buffer[range]` with the bytes from `offset` on, all of which were written. Throws `ingest.spill_failed`.
  func read(at offset: Int64, into buffer: inout [UInt8], _ range: Range<Int>) throws(IngestError)
}

/// Where the rejects file goes. It appears complete or not at all.
package protocol RejectSink: AnyObject {
  /// Takes the next part. Throws `ingest.rejects_unwritable`.
  func append(_ bytes: [UInt8]) throws(IngestError)
  /// Makes the file visible. Called once, after the last part, and only if there was one.
  /// Throws `ingest.rejects_unwritable`.
  func finish() throws(IngestError)
}

/// SHA-256 of content that arrives in parts.
package protocol ContentHasher: AnyObject {
  /// Takes `bytes[range]`. Throws `ingest.hash_failed`.
  func update(_ bytes: [UInt8], _ range: Range<Int>) throws(IngestError)
  /// The digest of everything so far. Called once. Throws `ingest.hash_failed`.
  func finish() throws(IngestError) -> Hash32
}

/// Makes hashers: every ingest takes a new one.
package protocol ContentHashing: Sendable {
  /// Throws `ingest.hash_failed`.
  func makeHasher() throws(IngestError) -> any ContentHasher
}
