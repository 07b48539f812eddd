import Codecs
import Engine
import Foundation
import Keys
import Lottery
import Terminal

/// `lottery page`: a folder of static pages that any web server can hand out. They load nothing and send nothing.
enum LotteryPageCommand {
  static let all: [CommandSpec] = [
    CommandSpec(
      .desk, "lottery page", "Write a public page per lottery: status, odds, sales, and the draw with its verifier",
      example: "almoner lottery page --out public", [.value("out", "FOLDER", "where to; made when it is not there")],
      run: run)
  ]

  /// Bundles up to this size stand in the page; larger ones beside it alone.
  private static let mostInPage = 4 << 20

  private static func run(_ app: App) throws -> ExitStatus {
    let folder = try app.arguments.required("out")
    do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
      throw CommandError(.cannotWrite, "\(folder) cannot be made")
    }
    let desk = try app.lotteryDesk()
    let checkpoints = try app.store().checkpoints()
    var links: [(id: UInt64, title: String, status: String)] = []
    for id in try desk.engine().registry?.orderedIds ?? [] {
      let facts = try desk.facts(id, checkpoints: checkpoints)
      guard facts.status != .draft else { continue }
      let bundle = facts.bundle?.json.utf8
      if let bundle { try LotteryDrawCommands.write(bundle, to: "\(folder)/draw-\(id).json") }
      let inPage = bundle.flatMap { $0.count <= mostInPage ? $0 : nil }
      let page = LotteryPage(facts, bundle: inPage, hasFile: bundle != nil)
      try LotteryDrawCommands.write(Array(page.html.utf8), to: "\(folder)/lottery-\(id).html")
      links.append((id, page.title, "\(facts.status)"))
    }
    try LotteryDrawCommands.write(Array(LotteryPage.index(links).utf8), to: "\(folder)/index.html")
    app.tell(
      ["event": "lottery_pages", "folder": .string(folder), "lotteries": .integer(links.count)],
      or: "\(links.count) lotteries in \(folder)")
    return .success
  }
}
