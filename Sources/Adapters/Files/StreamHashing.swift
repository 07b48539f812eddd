package import Airdrop
import Codecs
import OpenSSL

/// SHA-256 of a source as it is read, by OpenSSL.
package struct StreamHashing: ContentHashing {
  package init() {}

  package func makeHasher() throws(IngestError) -> any ContentHasher {
    do throws(CryptoError) { return Hasher(try SHA256Stream()) } catch {
      throw IngestError(.hashFailed, error.message)
    }
  }

  private final class Hasher: ContentHasher {
    private var stream: SHA256Stream

    init(_ stream: consuming SHA256Stream) { self.stream = stream }

    func update(_ bytes: [UInt8], _ range: Range<Int>) throws(IngestError) {
      do throws(CryptoError) { try stream.update(bytes.span.extracting(range)) } catch {
        throw IngestError(.hashFailed, error.message)
      }
    }

    func finish() throws(IngestError) -> Hash32 {
      do throws(CryptoError) { return Hash32(words: try stream.finish().words) } catch {
        throw IngestError(.hashFailed, error.message)
      }
    }
  }
}
