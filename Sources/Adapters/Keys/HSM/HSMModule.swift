import Foundation
import PKCS11

/// Finding the shared object of a PKCS#11 module.
enum HSMModule {
  /// Where modules live on the systems we know; `module-name=softhsm2` is `libsofthsm2.so` or `softhsm2.so` in one of them.
  static let directories = [
    "/usr/lib/x86_64-linux-gnu/pkcs11", "/usr/lib/aarch64-linux-gnu/pkcs11", "/usr/lib64/pkcs11", "/usr/lib/pkcs11",
    "/usr/lib/softhsm", "/usr/lib/x86_64-linux-gnu/softhsm", "/usr/lib/aarch64-linux-gnu/softhsm", "/usr/lib64/softhsm",
    "/usr/local/lib/softhsm", "/usr/local/lib", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64",
    "/usr/lib",
  ]

  /// The module that the URI names. Without a name: p11-kit's proxy, which stands for every module registered on the
  /// machine, or else SoftHSM. Throws `pkcs11.module_unavailable`.
  static func load(_ uri: HSMURI) throws(PKCS11Error) -> Module {
    if let path = uri.modulePath {
      guard BoundedFile.isDirectory(path) else { return try Module.load(path) }
      return try first(named: uri.moduleName ?? "", in: [path])
    }
    if let name = uri.moduleName { return try first(named: name, in: directories) }
    if let proxy = try? Module.load("p11-kit-proxy.so") { return proxy }
    return try first(named: "softhsm2", in: directories)
  }

  private static func first(named name: String, in directories: [String]) throws(PKCS11Error) -> Module {
    for directory in directories {
      for file in ["lib\(name).so", "\(name).so"] {
        let path = "\(directory)/\(file)"
        if FileManager.default.fileExists(atPath: path) { return try Module.load(path) }
      }
    }
    throw PKCS11Error(.moduleUnavailable, "no PKCS#11 module \(name) is installed")
  }
}
