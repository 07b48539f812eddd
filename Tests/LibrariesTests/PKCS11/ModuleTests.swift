import PKCS11
import Testing

/// What needs no token. With tokens: Tests/KeysTests/HSM.
@Suite("PKCS#11 module")
struct ModuleTests {
  @Test(arguments: ["", "/nowhere/module.so", "a\0b", "/etc/passwd", "libc.so.6"])
  func `a file that is no module is refused, and says why`(path: String) {
    do {
      _ = try Module.load(path)
      Issue.record("accepted")
    } catch {
      #expect(error.code == .moduleUnavailable && !error.message.isEmpty && !error.isPassing)
    }
  }
}
