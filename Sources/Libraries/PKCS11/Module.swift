import CPKCS11
import Glibc
import Synchronization

/// A loaded PKCS#11 module: the driver of one make of HSM.
///
/// A process loads and initialises each module once and keeps it: `C_Finalize` would end it for everybody in the process.
/// Threads: any may call; the module is told so with `CKF_OS_LOCKING_OK` (PKCS#11 v3.1, 5.4.1).
@safe package final class Module: @unchecked Sendable {
  // Sendable: `functions` is a constant table that the module never changes; the rest is immutable or in a Mutex.
  let functions: UnsafeMutablePointer<CK_FUNCTION_LIST>
  package let path: String
  private let tokensBySlot = Mutex<[UInt: Token]>([:])

  private static let loaded = Mutex<[String: Module]>([:])

  /// Loads a shared object by its path; the same path gives the same module.
  ///
  /// A module reads its own settings (`SOFTHSM2_CONF`) while it is initialised, here. Throws `pkcs11.module_unavailable`.
  package static func load(_ path: String) throws(PKCS11Error) -> Module {
    try loaded.withLock { loaded throws(PKCS11Error) in
      if let known = loaded[path] { return known }
      let made = try Module(path)
      loaded[path] = made
      return made
    }
  }

  private init(_ path: String) throws(PKCS11Error) {
    guard !path.isEmpty, !path.utf8.contains(0), let library = unsafe dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      let why = unsafe dlerror().map { unsafe String(cString: $0) } ?? "no path"
      throw PKCS11Error(.moduleUnavailable, "the PKCS#11 module \(path) cannot be loaded: \(why)")
    }
    guard let symbol = unsafe dlsym(library, "C_GetFunctionList") else {
      unsafe dlclose(library)
      throw PKCS11Error(.moduleUnavailable, "\(path) is no PKCS#11 module: it lacks C_GetFunctionList")
    }
    let getFunctionList = unsafe unsafeBitCast(
      symbol, to: (@convention(c) (UnsafeMutablePointer<UnsafeMutablePointer<CK_FUNCTION_LIST>?>?) -> CK_RV).self)
    var list: UnsafeMutablePointer<CK_FUNCTION_LIST>?
    guard unsafe getFunctionList(&list) == CKR_OK, let functions = unsafe list else {
      throw PKCS11Error(.moduleUnavailable, "\(path) gave no function list")
    }
    unsafe self.functions = functions
    self.path = path
    var arguments = unsafe CK_C_INITIALIZE_ARGS()
    unsafe arguments.flags = CK_FLAGS(CKF_OS_LOCKING_OK)
    let result = unsafe functions.pointee.C_Initialize(&arguments)
    guard result == CKR_OK || result == CKR_CRYPTOKI_ALREADY_INITIALIZED else {
      throw PKCS11Error(
        .moduleUnavailable, "the PKCS#11 module \(path) cannot be initialised: \(ReturnValue.name(result))",
        returnValue: result)
    }
  }

  /// The tokens that are present and initialised, in order of slot.
  package func tokens() throws(PKCS11Error) -> [TokenInfo] {
    var tokens: [TokenInfo] = []
    for slot in try slots() {
      var info = CK_TOKEN_INFO()
      let result = unsafe functions.pointee.C_GetTokenInfo(slot, &info)
      // A reader may lose its card between the two calls; that slot is just not there.
      if result == CKR_TOKEN_NOT_PRESENT || result == CKR_TOKEN_NOT_RECOGNIZED { continue }
      try PKCS11Error.check(result, "C_GetTokenInfo")
      if info.flags & CK_FLAGS(CKF_TOKEN_INITIALIZED) != 0 { tokens.append(TokenInfo(slot: slot, info)) }
    }
    return tokens
  }

  /// The token in a slot. One object per slot, since a login counts for the whole process.
  package func token(_ info: TokenInfo) -> Token {
    tokensBySlot.withLock { tokens in
      if let known = tokens[info.slot], known.info.serial == info.serial { return known }
      let made = Token(module: self, info: info)
      tokens[info.slot] = made
      return made
    }
  }

  private func slots() throws(PKCS11Error) -> [UInt] {
    // The number may grow between asking how many and asking which: a few tries, then an error.
    for _ in 0..<4 {
      var count: CK_ULONG = 0
      try PKCS11Error.check(unsafe functions.pointee.C_GetSlotList(1, nil, &count), "C_GetSlotList")
      guard count > 0 else { return [] }
      guard count <= 4096 else { throw PKCS11Error(.badAnswer, "the module claims \(count) slots") }
      var slots = [CK_SLOT_ID](repeating: 0, count: Int(count))
      let result = unsafe functions.pointee.C_GetSlotList(1, &slots, &count)
      if result == CKR_BUFFER_TOO_SMALL { continue }
      try PKCS11Error.check(result, "C_GetSlotList")
      return slots.prefix(Int(clamping: count)).sorted()
    }
    throw PKCS11Error(.deviceFailed, "the list of slots keeps changing")
  }
}
