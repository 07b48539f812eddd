import CPKCS11
import Dispatch
import Glibc
import Synchronization

/// One token: a login for the whole process, and a pool of sessions.
///
/// Threads: any may call. A session serves one thread at a time (two threads in one session break each other's
/// operations), so calls borrow one from the pool; at most `mostSessions` are open and further callers wait.
package final class Token: Sendable {
  /// Where the PIN comes from: asked at each login and wiped after it, so that no PIN stays in memory.
  package typealias PINSource = @Sendable () throws(PKCS11Error) -> [UInt8]

  let module: Module
  package let info: TokenInfo
  private let state = Mutex(State())
  private let permits: DispatchSemaphore
  private static let mostSessions = 16
  private static let longestWait = DispatchTimeInterval.seconds(60)

  private struct State {
    var pin: PINSource?
    /// Counts logins: object handles of an earlier one are dead.
    var generation = 0
    var isLoggedIn = false
    var wasRefused = false
    /// Never used for operations: the login ends when the last session closes.
    var anchor: CK_SESSION_HANDLE?
    var idle: [CK_SESSION_HANDLE] = []
  }

  init(module: Module, info: TokenInfo) {
    self.module = module
    self.info = info
    permits = DispatchSemaphore(value: Token.mostSessions)
  }

  /// Logs in as the user, once; a later call finds the login done. With nil the PIN is typed on the device.
  ///
  /// Throws `pkcs11.pin_missing`, `pkcs11.pin_refused` - after which nothing is tried again until `login` is called
  /// again - or what the device says.
  package func login(pin: PINSource?) throws(PKCS11Error) {
    try state.withLock { state throws(PKCS11Error) in
      guard !state.isLoggedIn else { return }
      guard pin != nil || info.hasOwnPINPad else {
        throw PKCS11Error(.pinMissing, "the token \(info.label) needs a PIN and none is configured")
      }
      state.pin = pin
      state.wasRefused = false
      try logIn(&state)
    }
  }

  /// Closes every session of this process with the token, which also ends the login: before a card is taken out. The next
  /// call that needs the token logs in again.
  package func closeSessions() throws(PKCS11Error) {
    try PKCS11Error.check(unsafe functions.pointee.C_CloseAllSessions(info.slot), "C_CloseAllSessions")
  }

  /// Runs `body` in a session of its own. When the session or the login turns out to be gone, logs in and runs it once
  /// more. `body` also gets the number of the login that its handles belong to.
  func withSession<Result>(
    _ body: (CK_SESSION_HANDLE, Int) throws(PKCS11Error) -> Result
  ) throws(PKCS11Error) -> Result {
    guard permits.wait(timeout: .now() + Token.longestWait) == .success else {
      throw PKCS11Error(.busy, "all \(Token.mostSessions) sessions of the token \(info.label) are in use")
    }
    defer { permits.signal() }
    let first: Int
    do {
      let (session, generation) = try borrow()
      first = generation
      do {
        return try giveBack(session, generation, body(session, generation))
      } catch {
        // An operation may be half done in it.
        _ = unsafe functions.pointee.C_CloseSession(session)
        guard error.code == .sessionLost else { throw error }
      }
    }
    try renew(after: first)
    let (session, generation) = try borrow()
    do {
      return try giveBack(session, generation, body(session, generation))
    } catch {
      _ = unsafe functions.pointee.C_CloseSession(session)
      throw error
    }
  }

  /// Runs `body` in a session that may write objects.
  func withWritableSession<Result>(
    _ body: (CK_SESSION_HANDLE) throws(PKCS11Error) -> Result
  ) throws(PKCS11Error) -> Result {
    let session = try open(CK_FLAGS(CKF_RW_SESSION))
    defer { _ = unsafe functions.pointee.C_CloseSession(session) }
    return try body(session)
  }

  var functions: UnsafeMutablePointer<CK_FUNCTION_LIST> { unsafe module.functions }

  // MARK: -

  private func borrow() throws(PKCS11Error) -> (CK_SESSION_HANDLE, Int) {
    try state.withLock { state throws(PKCS11Error) in
      guard !state.wasRefused else {
        throw PKCS11Error(.pinRefused, "the token \(info.label) refused the PIN; it is not tried again")
      }
      if let idle = state.idle.popLast() { return (idle, state.generation) }
      return (try open(0), state.generation)
    }
  }

  private func giveBack<Result>(_ session: CK_SESSION_HANDLE, _ generation: Int, _ result: Result) -> Result {
    let isCurrent = state.withLock { state in
      guard state.generation == generation else { return false }
      state.idle.append(session)
      return true
    }
    if !isCurrent { _ = unsafe functions.pointee.C_CloseSession(session) }
    return result
  }

  /// Of several threads that met the same loss, the first logs in again.
  private func renew(after generation: Int) throws(PKCS11Error) {
    try state.withLock { state throws(PKCS11Error) in
      guard state.generation == generation, state.isLoggedIn else { return }
      for session in state.idle { _ = unsafe functions.pointee.C_CloseSession(session) }
      state.idle.removeAll()
      if let anchor = state.anchor { _ = unsafe functions.pointee.C_CloseSession(anchor) }
      state.anchor = nil
      state.isLoggedIn = false
      try logIn(&state)
    }
  }

  private func logIn(_ state: inout State) throws(PKCS11Error) {
    guard !state.wasRefused else {
      throw PKCS11Error(.pinRefused, "the token \(info.label) refused the PIN; it is not tried again")
    }
    let anchor: CK_SESSION_HANDLE
    if let known = state.anchor { anchor = known } else { anchor = try open(0) }
    state.anchor = anchor
    let result: CK_RV
    if let pin = state.pin {
      var bytes = try pin()
      result = unsafe bytes.withUnsafeMutableBufferPointer { pin in
        unsafe functions.pointee.C_Login(anchor, CK_USER_TYPE(CKU_USER), pin.baseAddress, CK_ULONG(pin.count))
      }
      unsafe bytes.withUnsafeMutableBytes { pin in
        if let start = pin.baseAddress { unsafe explicit_bzero(start, pin.count) }
      }
    } else {
      result = unsafe functions.pointee.C_Login(anchor, CK_USER_TYPE(CKU_USER), nil, 0)
    }
    if result != CKR_USER_ALREADY_LOGGED_IN {
      do { try PKCS11Error.check(result, "C_Login") } catch {
        state.wasRefused = error.code == .pinRefused
        throw error
      }
    }
    state.isLoggedIn = true
    state.generation += 1
  }

  private func open(_ flags: CK_FLAGS) throws(PKCS11Error) -> CK_SESSION_HANDLE {
    var session: CK_SESSION_HANDLE = 0
    let result = unsafe functions.pointee.C_OpenSession(
      info.slot, CK_FLAGS(CKF_SERIAL_SESSION) | flags, nil, nil, &session)
    try PKCS11Error.check(result, "C_OpenSession")
    return session
  }
}
