package import Chains
import Codecs
import Money
package import Signing

/// Signing on a machine without a network: requests go there as files, signatures come back as files.
///
/// `airdrop run --unsigned-out DIR` writes with `export`; the machine with the key runs `sign`; `airdrop import-signed`
/// reads with `readSigned`. The signing machine has a guard of its own - policy, caps, and a log that outlives it.
package enum OfflineSigner {
  package static let unsignedManifestSchema = "almoner-unsigned-manifest/1"
  package static let signedManifestSchema = "almoner-signed-manifest/1"
  /// How many requests reach the guard, and so the key's log, in one go.
  private static let group = 500

  /// What one bundle would move, for the person who carries it.
  package struct Summary: Hashable, Sendable {
    /// SHA-256 of the bundle's sums, 64 digits: to be compared by eye on both machines.
    package let contentHash: String
    package let requests: Int
    package let payees: Int
    /// Sum of all payments by asset, in order of asset; text, since a hostile bundle may add up past 2^256.
    package let totals: [Total]
  }

  /// One asset of a summary.
  package struct Total: Hashable, Sendable {
    /// `AssetID.description`.
    package let asset: String
    package let units: String
  }

  /// Writes requests as a bundle. The same requests again change nothing.
  /// Throws `signing.wrong_content`, `signing.bad_bundle`, `signing.file_failed`.
  package static func export(
    _ requests: [SigningRequest], codec: any TransactionCodec, to directory: String
  ) throws(SigningError) -> Summary {
    var files: [(name: String, bytes: [UInt8])] = []
    var tally = Tally()
    for request in requests {
      let unsigned = try UnsignedRequest(request, codec: codec)
      files.append((unsigned.fileName, unsigned.json(codec).utf8))
      tally.add(unsigned.content)
    }
    let contentHash = try OfflineBundle.write(
      files, to: directory, schema: unsignedManifestSchema,
      notes: [("chain", .string(codec.chain.description))] + tally.notes)
    return tally.summary(contentHash)
  }

  /// Reads a bundle of requests: every file shows what its bytes would do, and the manifest's totals are theirs.
  package static func readUnsigned(
    _ directory: String, codec: any TransactionCodec
  ) throws(SigningError) -> (requests: [UnsignedRequest], summary: Summary) {
    var requests: [UnsignedRequest] = []
    var tally = Tally()
    let (manifest, contentHash) = try OfflineBundle.read(directory, schema: unsignedManifestSchema) {
      bytes throws(SigningError) in
      let request = try UnsignedRequest(parsing: bytes, codec: codec)
      tally.add(request.content)
      requests.append(request)
    }
    for note in tally.notes where manifest[note.key] != note.value {
      throw SigningError(.wrongContent, "the manifest's \(note.key) are not those of the requests")
    }
    return (requests, tally.summary(contentHash))
  }

  /// Signs a bundle through the guard and writes the signed one. A repeated run finds the guard's log and signs the same
  /// content again; what the guard refuses stops the bundle before any file is written.
  ///
  /// Throws as `readUnsigned` and `SigningGuard.sign`; `signing.bad_bundle` when `output` holds other signatures.
  package static func sign(
    _ directory: String, with signer: SigningGuard, into output: String
  ) throws(SigningError) -> Summary {
    let (requests, summary) = try readUnsigned(directory, codec: signer.codec)
    var files: [(name: String, bytes: [UInt8])] = []
    var next = 0
    while next < requests.count {
      let end = min(next + group, requests.count)
      let batch = requests[next..<end]
      for (request, transaction) in zip(batch, try signer.sign(batch.map(\.request))) {
        let signed = try SignedRequest(transaction.bytes, account: request.request.account, codec: signer.codec)
        guard signed.unsigned.signingHash == request.signingHash else {
          throw SigningError(.badSignature, "the signature of slot \(request.request.slot) is for other bytes")
        }
        files.append((signed.fileName, signed.json(signer.codec).utf8))
      }
      next = end
    }
    _ = try OfflineBundle.write(
      files, to: output, schema: signedManifestSchema,
      notes: [
        ("chain", .string(signer.codec.chain.description)), ("unsignedContentHash", .string(summary.contentHash)),
      ])
    return summary
  }

  /// Reads a bundle of signatures; each was made by its account's own key.
  package static func readSigned(
    _ directory: String, codec: any TransactionCodec
  ) throws(SigningError) -> [SignedRequest] {
    var signed: [SignedRequest] = []
    _ = try OfflineBundle.read(directory, schema: signedManifestSchema) { bytes throws(SigningError) in
      signed.append(try SignedRequest(parsing: bytes, codec: codec))
    }
    return signed
  }
}
