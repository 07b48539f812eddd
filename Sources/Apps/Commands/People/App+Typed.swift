import Foundation
import Keys
import OpenSSL
import POSIX
import Policy
import Store
import Terminal

// What somebody at a terminal types, or puts into files of their own.
extension App {
  /// A secret of the file that an option names, which must be its owner's alone. Without the option it is asked for where
  /// standard input is a terminal, and not shown while it is typed; `isNew`: twice. Throws `command.usage` for neither.
  func secret(_ option: String, asking question: String = "Password:", isNew: Bool = false) throws -> SecretBytes {
    guard let path = arguments[option] else {
      guard Console.isTerminal else {
        throw CommandError(.usage, "--\(option) is needed where nobody can be asked", hint: "or run it at a terminal")
      }
      let typed = try hidden(question)
      if isNew {
        guard try hidden("Again:") == typed else { throw CommandError(.declined, "the two differ: nothing was done") }
      }
      return typed
    }
    guard SecretFile.warning(path) == nil else {
      throw CommandError(.cannotRead, "\(path) can be read by others", hint: "chmod 600 \(path)")
    }
    return try SecretFile.read(path)
  }

  private func hidden(_ question: String) throws -> SecretBytes {
    terminal.prompt(question)
    guard var typed = try Console.readHidden(), !typed.isEmpty else {
      throw CommandError(.declined, "nothing was typed: nothing was done")
    }
    return try SecretBytes(wiping: &typed)
  }

  func password(
    _ option: String = "password-file", asking question: String = "Password:", isNew: Bool = false
  ) throws -> TypedPassword { TypedPassword(try secret(option, asking: question, isNew: isNew)) }

  /// A one-time code, of the file of `--code-file` or typed; nil for none.
  func code() throws -> String? {
    if arguments["code-file"] != nil {
      let secret = try secret("code-file")
      return secret.withBytes { bytes in String(decoding: (0..<bytes.count).map { bytes[$0] }, as: UTF8.self) }
    }
    let typed = terminal.ask("One-time code, empty for none:")
    return typed.flatMap { $0.isEmpty ? nil : $0 }
  }

  // MARK: The first admin

  /// Where the owner of the store allows a first admin by name, once.
  func firstAdminFile() throws -> String {
    try settings["AM_PEOPLE_KEY"].map { $0 + ".first-admin" } ?? beside("AM_PEOPLE_KEY", ".first-admin")
  }

  /// Whether the first admin may be made here: by somebody at a terminal, who types the name again, or by whoever can
  /// write beside the store as its owner. Throws `people.bootstrap_refused`.
  ///
  /// A terminal proves that a person types, not where: a session over SSH has one too. The file proves no more than who
  /// owns the store, and whoever owns the store's file could write into it anyway.
  func admitFirstAdmin(_ name: PersonName) throws {
    let path = try firstAdminFile()
    if try isAllowed(name, in: path) { return }
    let hint = "type it at a terminal, or as the store's owner: umask 077; echo \(name) > \(path)"
    guard Console.isTerminal else {
      throw PeopleError(.bootstrapRefused, "nobody is at a terminal here, and no file allows \(name)", hint: hint)
    }
    guard terminal.ask("\(name) becomes the first admin. Type the name again:") == name.raw else {
      throw PeopleError(.bootstrapRefused, "that is not the name: nothing was done", hint: hint)
    }
  }

  /// Throws for a file that is there and is not as it must be.
  private func isAllowed(_ name: PersonName, in path: String) throws -> Bool {
    let files = FileManager.default
    guard let found = try? files.attributesOfItem(atPath: path) else { return false }
    var owners = [found[.ownerAccountID] as? NSNumber, NSNumber(value: geteuid())]
    if case .sqlite(path: let place) = try dsn, let store = try? files.attributesOfItem(atPath: place) {
      owners.append(store[.ownerAccountID] as? NSNumber)
    }
    guard found[.type] as? FileAttributeType == .typeRegular, Set(owners).count == 1,
      SecretLook(path: path).warnings.isEmpty
    else {
      throw PeopleError(
        .bootstrapRefused, "\(path) is not the store owner's alone",
        hint: "its owner makes it: umask 077; echo NAME > FILE")
    }
    let text = try SecretFile.read(path).withBytes { bytes in
      String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
    }
    guard text == name.raw else {
      throw PeopleError(.bootstrapRefused, "\(path) allows another name", hint: "write the name that is meant")
    }
    return true
  }

  /// The file is good for one bootstrap.
  func forgetFirstAdminFile() throws { try? FileManager.default.removeItem(atPath: try firstAdminFile()) }
}
