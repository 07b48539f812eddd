import Chains
import Codecs
import Engine
import Foundation
import Money
import Policy
import Terminal

/// `addresses ...`: the address book, whose entries count after a delay.
enum AddressCommands {
  private static let place = CommandSpec.Option.value("address", "ADDRESS", "the address, as the chain writes it")

  static let all: [CommandSpec] = [
    CommandSpec(
      .common, "addresses add", "Add an address to the book, or change it: it counts after AM_ADDRESS_BOOK_DELAY",
      example: "almoner addresses add --address 0x… --label desk-cold",
      [place, .value("label", "TEXT", "whose it is")],
      run: add),
    CommandSpec(
      .common, "addresses remove", "Take an address out of the book, at once",
      example: "almoner addresses remove --address 0x…", [place], run: remove),
    CommandSpec(
      .common, "addresses list", "List the book, and from when on each entry counts",
      example: "almoner addresses list", run: list),
    CommandSpec(
      .common, "addresses import", "Add every line of a file, `address,label`, with the same delay",
      example: "almoner addresses import book.csv", words: "FILE", run: importFile),
  ]

  private static func add(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let chain = try app.evmChain()
    let address = try app.codec(chain).address(try app.arguments.required("address"))
    try write([(address, try app.arguments.required("label"))], chain, store, app)
    return .success
  }

  private static func remove(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let chain = try app.evmChain()
    let address = try app.codec(chain).address(try app.arguments.required("address"))
    guard let known = try store.bookChanges(chain, [address])[address], !known.isRemoval else {
      throw PolicyError(.notInBook, "the book has no such address", hint: "see almoner addresses list")
    }
    let change = AddressBook.removal(
      chain, address, by: app.actor, now: app.clock.now(), newest: try store.newestTime())
    try commit([change], store, app)
    tell(change, app)
    return .success
  }

  private static func list(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let chain = try app.evmChain()
    var after: Address?
    var count = 0
    while true {
      let page = try store.bookEntries(chain, after: after, limit: 1_000)
      for entry in page { tell(entry, app) }
      count += page.count
      guard let last = page.last, page.count == 1_000 else { break }
      after = last.address
    }
    if count == 0, !app.terminal.isJSON { app.terminal.line("The address book is empty.") }
    return .success
  }

  /// All lines or none: a line that is wrong is named, and nothing is written.
  private static func importFile(_ app: App) throws -> ExitStatus {
    guard let path = app.arguments.words.first else { throw CommandError(.usage, "which file?") }
    let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    guard (size ?? 0) <= 1 << 20, let data = FileManager.default.contents(atPath: path),
      let text = String(data: data, encoding: .utf8)
    else { throw CommandError(.cannotRead, "\(path) cannot be read", hint: "a book is a file of at most 1 MiB") }
    let store = try app.store()
    let chain = try app.evmChain()
    let codec = try app.codec(chain)
    var entries: [(Address, String)] = []
    for (place, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      if line.isEmpty || (place == 0 && line == "address,label") { continue }
      let parts = line.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, let address = try? codec.address(String(parts[0])) else {
        throw PolicyError(.badText, "line \(place + 1) of \(path) is not address,label")
      }
      guard !entries.contains(where: { $0.0 == address }) else {
        throw PolicyError(.badText, "line \(place + 1) of \(path) names an address that an earlier line names")
      }
      entries.append((address, String(parts[1])))
    }
    try write(entries, chain, store, app)
    return .success
  }

  private static func write(
    _ entries: [(Address, String)], _ chain: ChainID, _ store: any PayoutStore, _ app: App
  ) throws {
    let delay = try app.addressBookDelay()
    let newest = try store.newestTime()
    let now = app.clock.now()
    let known = try store.bookChanges(chain, entries.map(\.0))
    let changes = try entries.compactMap { address, label -> BookChange? in
      // The same entry again is that entry, and waits no longer than it did.
      if let entry = known[address], !entry.isRemoval, entry.label == label { return nil }
      return try AddressBook.entry(chain, address, label: label, delay: delay, by: app.actor, now: now, newest: newest)
    }
    try commit(changes, store, app)
    for (address, label) in entries {
      if let change = changes.first(where: { $0.address == address }) ?? known[address], change.label == label {
        tell(change, app)
      }
    }
  }

  private static func commit(_ changes: [BookChange], _ store: any PayoutStore, _ app: App) throws {
    guard let at = changes.map(\.at).max() else { return }
    try store.commit(Commit(guardedBy: nil, actor: app.actor, at: at, writes: changes.map { .people(.book($0)) }))
  }

  private static func tell(_ change: BookChange, _ app: App) {
    let address = (try? app.codec(change.chain).text(change.address)) ?? Hex.prefixed(change.address.bytes)
    let isUsable = change.age(at: app.clock.now()) != nil
    let when = change.usableAt.map { isUsable ? "since \($0.text)" : "from \($0.text) on" } ?? "removed"
    app.tell(
      [
        "event": "address", "chain": .string(change.chain.description), "address": .string(address),
        "label": .string(change.label), "usable": .bool(isUsable),
        "usable_at": change.usableAt.map { .integer($0.milliseconds) } ?? .null, "changed_by": .string(change.by),
      ], or: "\(address)  \(when)  \(Printable.foreign(change.label, most: 100))")
  }
}

extension App {
  /// AM_ADDRESS_BOOK_DELAY in milliseconds. Throws `config.bad_value`.
  func addressBookDelay() throws(CommandError) -> Int64 {
    try age("AM_ADDRESS_BOOK_DELAY", hours: 0...2_160)
  }

  /// AM_ADDRESS_BOOK_ONLY. Throws `config.bad_value`.
  func paysOnlyBook() throws(CommandError) -> Bool { try isOn("AM_ADDRESS_BOOK_ONLY") }

  /// AM_SAFE_MODE. Throws `config.bad_value`.
  func isSafe() throws(CommandError) -> Bool { try isOn("AM_SAFE_MODE") }

  /// A setting that is yes, or no unless set.
  private func isOn(_ name: String) throws(CommandError) -> Bool {
    switch settings[name] ?? "no" {
    case "yes": return true
    case "no": return false
    case let text: throw CommandError(.badSetting, "\(name)=\(text) is neither yes nor no")
    }
  }
}
