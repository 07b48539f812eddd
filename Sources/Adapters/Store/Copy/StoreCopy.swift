package import Airdrop
package import Codecs
package import Engine
package import Money
import Payouts

/// Copies a whole store into a new one, on either engine, and proves it: every table is hashed on both sides, each from
/// what that side reads.
///
/// The copy is a restore (docs/internals/protocol.md 3.3): its epoch is one higher, its lanes drain until the signer's
/// log was asked. A copy that ends early leaves a marked target, which every program refuses to open.
package struct StoreCopy {
  /// One table, as both sides hold it.
  package struct Proof: Hashable, Sendable {
    package let table: String
    package let rows: Int64
    /// SHA-256 over all rows in the order of the key, each as a `PlainRow`.
    package let digest: Hash32
  }

  /// How far it is.
  package enum Stage: Sendable {
    /// So many rows of a table were put into the target.
    case copied(table: String, rows: Int64)
    /// Everything is in the target; what follows reads only.
    case verifying
    case verified(Proof)
  }

  private let from: StoreDSN
  private let to: StoreDSN
  private let sha256: any SHA256Hashing
  private let hashing: any ContentHashing

  package init(from: StoreDSN, to: StoreDSN, sha256: any SHA256Hashing, hashing: any ContentHashing) {
    self.from = from
    self.to = to
    self.sha256 = sha256
    self.hashing = hashing
  }

  /// Copies, compares, and makes the target a store. `tell` may throw to end it early.
  ///
  /// Throws `store.not_empty` and `store.unfinished_copy` for a target that is not new, `store.copy_differs` when the
  /// digests do, and whatever reading and writing stores throws.
  package func run(
    actor: String, at: Timestamp, _ tell: (Stage) throws(StoreError) -> Void = { _ throws(StoreError) in }
  ) throws(StoreError) -> (proofs: [Proof], identity: StoreIdentity) {
    let source = try from.source(sha256: sha256)
    let target = try to.target(sha256: sha256)
    try target.begin()
    let places = try CopyTable.parentsFirst(try target.tables())
    try target.empty(places.reversed())
    let sent = try source.snapshot { () throws(StoreError) in
      let tables = try source.tables()
      for table in tables { _ = try table.counterpart(in: places) }
      var sent: [Proof] = []
      for place in places {
        let table = try place.counterpart(in: tables)
        sent.append(try copy(table, of: source, into: place, of: target, tell))
      }
      return sent
    }
    try tell(.verifying)
    if let problem = try target.settle(places).first {
      throw StoreError(.copyDiffers, "the copy is not sound: \(problem)", hint: StoreCopy.startOver)
    }
    try target.snapshot { () throws(StoreError) in
      _ = try target.tables()
      for (place, proof) in zip(places, sent) {
        let found = try digest(place, of: target)
        guard found == proof else { throw StoreCopy.difference(proof, found) }
        try tell(.verified(found))
      }
    }
    return (sent, try target.finish(actor: actor, at: at))
  }

  private static let startOver = "delete the target and copy again; the source is as it was"

  private static func difference(_ sent: Proof, _ found: Proof) -> StoreError {
    let how =
      sent.rows == found.rows
      ? "the digest \(found.digest), not \(sent.digest)" : "\(found.rows) rows, not \(sent.rows)"
    return StoreError(.copyDiffers, "the table \(sent.table) of the copy has \(how)", hint: startOver)
  }

  private func copy(
    _ table: CopyTable, of source: any CopySide, into place: CopyTable, of target: any CopySide,
    _ tell: (Stage) throws(StoreError) -> Void
  ) throws(StoreError) -> Proof {
    var digest = try RowDigest(hashing)
    try target.fill(place) { put throws(StoreError) in
      try source.read(table) { row throws(StoreError) in
        try digest.add(row)
        try put(row)
        if digest.rows.isMultiple(of: 50_000) { try tell(.copied(table: table.name, rows: digest.rows)) }
      }
    }
    try tell(.copied(table: table.name, rows: digest.rows))
    return try digest.finish(table.name)
  }

  private func digest(_ table: CopyTable, of side: any CopySide) throws(StoreError) -> Proof {
    var digest = try RowDigest(hashing)
    try side.read(table) { row throws(StoreError) in try digest.add(row) }
    return try digest.finish(table.name)
  }
}

/// Counts and hashes rows as they pass.
private struct RowDigest {
  private(set) var rows: Int64 = 0
  private let hasher: any ContentHasher
  private var waiting: [UInt8] = []

  init(_ hashing: any ContentHashing) throws(StoreError) {
    do throws(IngestError) { hasher = try hashing.makeHasher() } catch { throw .hash(error) }
    waiting.reserveCapacity(1 << 17)
  }

  mutating func add(_ row: PlainRow) throws(StoreError) {
    rows += 1
    waiting += row.bytes
    if waiting.count >= 1 << 16 { try hash() }
  }

  mutating func finish(_ table: String) throws(StoreError) -> StoreCopy.Proof {
    try hash()
    do throws(IngestError) {
      return StoreCopy.Proof(table: table, rows: rows, digest: try hasher.finish())
    } catch { throw .hash(error) }
  }

  private mutating func hash() throws(StoreError) {
    do throws(IngestError) { try hasher.update(waiting, 0..<waiting.count) } catch { throw .hash(error) }
    waiting.removeAll(keepingCapacity: true)
  }
}

extension StoreError {
  fileprivate static func hash(_ error: IngestError) -> StoreError { StoreError(.io, error.message) }
}
