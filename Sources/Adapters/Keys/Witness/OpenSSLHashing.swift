package import Codecs
import OpenSSL

/// SHA-256 of OpenSSL behind the core's port.
package struct OpenSSLHashing: SHA256Hashing {
  package init() {}

  package func sha256(_ bytes: [UInt8]) -> Hash32 {
    guard let digest = try? SHA256.hash(bytes) else {
      // No memory or no SHA-256 in the library: a chain without hashes would be worse than no service.
      preconditionFailure("OpenSSL cannot hash")
    }
    return Hash32(words: digest.words)
  }
}
