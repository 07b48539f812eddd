import COpenSSL

/// What one side of mutual TLS shows and trusts: files in PEM.
package struct TLSFiles: Hashable, Sendable {
  /// The authority that the other side's certificate must come from; no other is trusted.
  package let authority: String
  /// One's own certificate, with those between it and the authority.
  package let certificate: String
  package let key: String

  package init(authority: String, certificate: String, key: String) {
    self.authority = authority
    self.certificate = certificate
    self.key = key
  }
}

/// The configuration of one side: TLS 1.3 only, the other side's certificate always asked for and checked.
///
/// `@unchecked Sendable`: the SSL_CTX is never changed after `init`; OpenSSL counts its references atomically and lets
/// several threads make sessions of it (https://docs.openssl.org/3.0/man7/openssl-threads/).
@safe package final class TLSContext: @unchecked Sendable {
  package enum Side: Sendable { case client, server }
  package let side: Side
  fileprivate let context: OpaquePointer

  /// Throws `crypto.failed` for files that cannot be read or do not belong together.
  package init(_ side: Side, _ files: TLSFiles) throws(CryptoError) {
    self.side = side
    let method = unsafe side == .client ? TLS_client_method() : TLS_server_method()
    guard let made = unsafe SSL_CTX_new(method) else { throw .failed("TLS") }
    unsafe context = made
    try unsafe TLSContext.configure(made, files)
  }

  deinit { unsafe SSL_CTX_free(context) }

  private static func configure(_ context: OpaquePointer, _ files: TLSFiles) throws(CryptoError) {
    // The functions of these names are macros over SSL_CTX_ctrl (ssl.h).
    guard unsafe SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_3_VERSION), nil) == 1 else {
      throw .failed("TLS 1.3")
    }
    _ = unsafe SSL_CTX_ctrl(context, SSL_CTRL_SET_SESS_CACHE_MODE, Int(SSL_SESS_CACHE_OFF), nil)
    _ = unsafe SSL_CTX_set_num_tickets(context, 0)
    guard unsafe SSL_CTX_load_verify_locations(context, files.authority, nil) == 1 else {
      throw .failed("reading the certificate of the authority")
    }
    guard unsafe SSL_CTX_use_certificate_chain_file(context, files.certificate) == 1 else {
      throw .failed("reading the certificate")
    }
    guard unsafe SSL_CTX_use_PrivateKey_file(context, files.key, SSL_FILETYPE_PEM) == 1,
      unsafe SSL_CTX_check_private_key(context) == 1
    else { throw .failed("reading the certificate's key") }
    unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
  }

  fileprivate func session() -> OpaquePointer? { unsafe SSL_new(context) }
}

/// One TLS connection over bytes that somebody else carries: what comes from the wire is given to `receive`, what
/// `outgoing` holds must be sent. One thread at a time.
@safe package final class TLSSession {
  private let session: OpaquePointer
  private let incomingBytes: OpaquePointer
  private let outgoingBytes: OpaquePointer

  /// `names`: the other side's certificate must be for one of these (subjectAltName, RFC 6125); at least one.
  package init(_ context: TLSContext, names: [String]) throws(CryptoError) {
    guard !names.isEmpty else { throw CryptoError(.badParameters, "TLS without a name to expect checks nobody") }
    guard let made = unsafe context.session() else { throw .failed("TLS session") }
    guard let input = unsafe BIO_new(BIO_s_mem()) else {
      unsafe SSL_free(made)
      throw .failed("TLS session")
    }
    guard let output = unsafe BIO_new(BIO_s_mem()) else {
      unsafe BIO_free(input)
      unsafe SSL_free(made)
      throw .failed("TLS session")
    }
    // From here on the session owns both.
    unsafe SSL_set_bio(made, input, output)
    unsafe session = made
    unsafe incomingBytes = input
    unsafe outgoingBytes = output
    unsafe SSL_set_hostflags(made, UInt32(X509_CHECK_FLAG_NO_WILDCARDS))
    for name in names where unsafe SSL_add1_host(made, name) != 1 { throw .failed("the name \(name)") }
    switch context.side {
    case .client:
      unsafe SSL_set_connect_state(made)
    case .server:
      unsafe SSL_set_accept_state(made)
    }
  }

  deinit { unsafe SSL_free(session) }

  /// Bytes from the wire.
  package func receive(_ bytes: [UInt8]) throws(CryptoError) {
    let count = unsafe bytes.withUnsafeBytes {
      unsafe BIO_write(incomingBytes, $0.baseAddress, Int32(clamping: $0.count))
    }
    guard Int(count) == bytes.count else { throw .failed("TLS input") }
  }

  /// Bytes for the wire; none when there is nothing to send.
  package func outgoing() -> [UInt8] {
    let waiting = unsafe BIO_ctrl_pending(outgoingBytes)
    guard waiting > 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: waiting)
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe BIO_read(outgoingBytes, $0.baseAddress, Int32(clamping: $0.count))
    }
    bytes.removeLast(bytes.count - max(0, Int(count)))
    return bytes
  }

  /// Goes on with the handshake; whether it is done. Throws `crypto.failed` when the other side is not who it must be.
  package func handshake() throws(CryptoError) -> Bool {
    ERR_clear_error()
    let code = unsafe SSL_do_handshake(session)
    if code == 1 { return true }
    guard unsafe SSL_get_error(session, code) == SSL_ERROR_WANT_READ else { throw .failed("TLS handshake") }
    return false
  }

  /// What was decrypted, at most `count` bytes; nil when more must come from the wire, empty at the end.
  package func read(atMost count: Int) throws(CryptoError) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: max(1, count))
    ERR_clear_error()
    let got = unsafe bytes.withUnsafeMutableBytes {
      unsafe SSL_read(session, $0.baseAddress, Int32(clamping: $0.count))
    }
    if got > 0 {
      bytes.removeLast(bytes.count - Int(got))
      return bytes
    }
    switch unsafe SSL_get_error(session, got) {
    case SSL_ERROR_WANT_READ: return nil
    case SSL_ERROR_ZERO_RETURN: return []
    default: throw .failed("TLS")
    }
  }

  /// Encrypts; the result waits in `outgoing`.
  package func write(_ bytes: [UInt8]) throws(CryptoError) {
    guard !bytes.isEmpty else { return }
    ERR_clear_error()
    let done = unsafe bytes.withUnsafeBytes { unsafe SSL_write(session, $0.baseAddress, Int32(clamping: $0.count)) }
    guard Int(done) == bytes.count else { throw .failed("TLS") }
  }
}
