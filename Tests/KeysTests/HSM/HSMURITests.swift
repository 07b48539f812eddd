import Keys
import Signing
import Testing

/// The form of `AM_HSM_URI`. Source: RFC 7512.
@Suite("HSM URI")
struct HSMURITests {
  @Test func `token, key, module and PIN file are read, with percent-encoding undone`() throws {
    let uri = try HSMURI(
      parsing: "pkcs11:token=The%20Software%20PKCS%2311%20Softtoken;manufacturer=A%3BB;serial=1f;model=m;"
        + "object=lane%2F1;id=%69%95%3E;type=private"
        + "?module-path=/usr/lib/x.so&module-name=softhsm2&pin-source=file:/run/secrets/pin")
    #expect(uri.token == "The Software PKCS#11 Softtoken" && uri.manufacturer == "A;B")
    #expect(uri.serial == "1f" && uri.model == "m" && uri.object == "lane/1" && uri.id == [0x69, 0x95, 0x3e])
    #expect(uri.modulePath == "/usr/lib/x.so" && uri.moduleName == "softhsm2" && uri.pinFile == "/run/secrets/pin")
    #expect(uri.slot == nil)
  }

  @Test func `slot is read as slot-id, and both may say the same`() throws {
    #expect(try HSMURI(parsing: "pkcs11:slot=327").slot == 327)
    #expect(try HSMURI(parsing: "PKCS11:slot-id=327;slot=327").slot == 327)
    #expect(refusal { try HSMURI(parsing: "pkcs11:slot-id=1;slot=2") } == .badHSMAddress)
    // A token by name wins: the label for reports leaves the slot out.
    let both = try HSMURI(parsing: "pkcs11:token=payouts;slot=0")
    #expect(both.token == "payouts" && both.label == "pkcs11:token=payouts")
  }

  @Test(arguments: [
    "file:/run/pin", "file:///run/pin",
  ])
  func `a PIN file is an absolute path with or without an empty host`(source: String) throws {
    #expect(try HSMURI(parsing: "pkcs11:token=a?pin-source=\(source)").pinFile == "/run/pin")
  }

  @Test(arguments: [
    "", "pkcs11:", "pkcs11:?pin-source=file:/p", "http:token=a", "pkcs11:token", "pkcs11:token=a;token=b",
    "pkcs11:token=a;tokn=b", "pkcs11:token=a%2", "pkcs11:token=a%zz", "pkcs11:token=%ff%fe", "pkcs11:token=a%00b",
    "pkcs11:token=", "pkcs11:token=a b", "pkcs11:token=a\n", "pkcs11:token=ä", "pkcs11:slot=x", "pkcs11:slot=-1",
    "pkcs11:slot=99999999999999999999999", "pkcs11:token=a;id=", "pkcs11:token=a;type=public", "pkcs11:object=key",
    "pkcs11:token=a?pin-source=/run/pin", "pkcs11:token=a?pin-source=%7Ccat", "pkcs11:token=a?pin-source=file:pin",
    "pkcs11:token=a?pin-source=file://host/pin", "pkcs11:token=a?module-name=../x", "pkcs11:token=a?unknown=1",
    "pkcs11:token=" + String(repeating: "a", count: 5000),
  ])
  func `anything else is refused with a hint`(text: String) {
    let error = refusedError { try HSMURI(parsing: text) }
    #expect(error?.code == .badHSMAddress && error?.hint != nil)
  }

  @Test(arguments: [
    "pkcs11:token=a?pin-value=73571", "pkcs11:token=a;pin-value=73571", "pkcs11:token=a?PIN-VALUE=73571",
    "pkcs11:token=a;73571", "pkcs11:token=a;73571=1", "pkcs11:73571",
  ])
  func `a PIN in the URI is refused, and no error repeats it`(text: String) {
    let error = refusedError { try HSMURI(parsing: text) }
    #expect(error?.code == .badHSMAddress)
    #expect("\(String(describing: error))".contains("73571") == false)
    // Who wrote pin-value is told where a PIN belongs.
    if text.lowercased().contains("pin-value") { #expect(error?.hint?.contains("AM_HSM_PIN_FILE") == true) }
  }
}
