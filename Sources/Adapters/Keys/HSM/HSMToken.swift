import OpenSSL
import PKCS11
package import Signing

/// An HSM token, logged in.
package struct HSMToken: Sendable {
  package let uri: HSMURI
  private let token: Token

  /// Loads the module, finds the one token that fits, and logs in with the PIN from the URI's `pin-source` or from
  /// `pinFile` (`AM_HSM_PIN_FILE`); the file is read again when a login was lost.
  ///
  /// Throws `signing.key_unavailable`, `signing.bad_hsm_uri`, `signing.pin_missing`, `signing.pin_refused`.
  package init(_ uri: HSMURI, pinFile: String?) throws(SigningError) {
    if let inURI = uri.pinFile, let pinFile, inURI != pinFile {
      throw SigningError(
        .badHSMAddress, "pin-source in AM_HSM_URI and AM_HSM_PIN_FILE name different files", hint: "set one of them")
    }
    self.uri = uri
    do throws(PKCS11Error) {
      let module = try HSMModule.load(uri)
      token = module.token(try HSMToken.only(uri, try module.tokens()))
      try token.login(pin: (uri.pinFile ?? pinFile).map(HSMToken.pinSource))
    } catch {
      throw HSMToken.failure(error)
    }
  }

  /// What should be said about the files it uses.
  package static func warnings(_ uri: HSMURI, pinFile: String?) -> [KeyWarning] {
    [(uri.pinFile ?? pinFile).flatMap(SecretFile.warning)].compactMap { $0 }
  }

  /// The keys that the URI means, in order of account. Throws `signing.key_not_found` when there are none.
  package func keys() throws(SigningError) -> [PKCS11Key] {
    let found: [TokenKey]
    do throws(PKCS11Error) { found = try token.keys(KeySelector(label: uri.object, id: uri.id)) } catch {
      throw HSMToken.failure(error)
    }
    var keys: [PKCS11Key] = []
    for key in found {
      let made = try PKCS11Key(key)
      if !keys.contains(where: { $0.account == made.account }) { keys.append(made) }
    }
    guard !keys.isEmpty else {
      throw SigningError(
        .keyNotFound, "no secp256k1 key fits \(uri.label)",
        hint: "list the token with: pkcs11-tool --list-objects; make a key with: almoner keys generate")
    }
    return keys.sorted { $0.account < $1.account }
  }

  /// Makes a key that never leaves the token; without an id a random one is given.
  /// Throws `signing.key_exists`, `signing.device_refused`.
  package func generateKey(label: String, id: [UInt8]? = nil) throws(SigningError) -> PKCS11Key {
    do {
      return try PKCS11Key(try token.generateKey(label: label, id: try id ?? RandomBytes.bytes(16)))
    } catch let error as PKCS11Error {
      throw HSMToken.failure(error)
    } catch let error as SigningError {
      throw error
    } catch {
      throw SigningError(.keyUnavailable, "the system has no random numbers for a key's id")
    }
  }

  // MARK: -

  private static func only(_ uri: HSMURI, _ tokens: [TokenInfo]) throws(PKCS11Error) -> TokenInfo {
    let fitting = tokens.filter { token in
      (uri.token ?? token.label) == token.label && (uri.serial ?? token.serial) == token.serial
        && (uri.manufacturer ?? token.manufacturer) == token.manufacturer
        && (uri.model ?? token.model) == token.model
        && (uri.token != nil || uri.slot == nil || uri.slot == token.slot)
    }
    guard let first = fitting.first else {
      throw PKCS11Error(.tokenNotFound, "no token fits \(uri.label); \(tokens.count) are present")
    }
    guard fitting.count == 1 else {
      throw PKCS11Error(.ambiguous, "\(fitting.count) tokens fit \(uri.label); add serial=")
    }
    return first
  }

  private static func pinSource(_ path: String) -> Token.PINSource {
    { () throws(PKCS11Error) in
      do throws(SigningError) {
        let pin = try SecretFile.read(path)
        // The token wipes this copy after the login.
        return pin.withBytes { bytes in
          var copy: [UInt8] = []
          copy.reserveCapacity(bytes.count)
          for index in bytes.indices { copy.append(bytes[index]) }
          return copy
        }
      } catch {
        throw PKCS11Error(.pinMissing, error.message)
      }
    }
  }

  /// The one place where a module's error becomes the signer's.
  static func failure(_ error: PKCS11Error) -> SigningError {
    switch error.code {
    case .moduleUnavailable:
      SigningError(
        .keyUnavailable, error.message, hint: "name the module in AM_HSM_URI: ...?module-path=/path/to/module.so")
    case .tokenNotFound:
      SigningError(.keyUnavailable, error.message, hint: "list the tokens with: pkcs11-tool --list-token-slots")
    case .busy, .sessionLost, .deviceFailed: SigningError(.keyUnavailable, error.message)
    case .ambiguous: SigningError(.badHSMAddress, error.message, hint: "say more in AM_HSM_URI, so that one fits")
    case .pinMissing:
      SigningError(.pinMissing, error.message, hint: "set pin-source=file:/path in AM_HSM_URI, or AM_HSM_PIN_FILE")
    case .pinRefused:
      SigningError(
        .pinRefused, error.message, hint: "correct the PIN file first: a token locks after a few wrong tries")
    case .keyNotFound: SigningError(.keyNotFound, error.message)
    case .keyExists: SigningError(.keyExists, error.message)
    case .unsupported, .badAnswer, .refused: SigningError(.deviceRefused, error.message)
    }
  }
}
