@testable import Commands
import Foundation
import TestSupport
import Testing

@Suite("The check of names in documents")
struct DocsCheckTests {
  @Test func `documents, recipes and runbooks of this repository name only what the program has`() throws {
    let names = try DocumentNames(root: VectorFolder.repositoryPath)
    #expect(names.files.count > 40)
    #expect(try names.findings() + RunbookNames.findings() == [])
  }

  @Test(arguments: [
    ("Run `almoner outbox stats` now.", 1), ("    almoner keys create --fast", 1), ("Set `AM_NOTHING=1`.", 1),
    ("It ends with `broker.on_fire`.", 1), ("Run `almoner outbox status --json` now.", 0), ("`almoner outbox ...`", 0),
    ("`airdrop run --campaign Q4`, then `almoner config check`", 0), ("It ends with `broker.denied`.", 0),
  ])
  func `a wrong name in a document is found`(line: String, count: Int) throws {
    let names = try DocumentNames(root: VectorFolder.repositoryPath)
    #expect(names.findings(DocumentNames.File(path: "docs/x.md", text: line)).count == count)
  }

  @Test(arguments: [
    ("deploy/prometheus/x.yml", "expr: lottery_nothing > 1", 1),
    ("deploy/prometheus/x.yml", "expr: lottery_refund_active > 0", 0),
    ("deploy/systemd/x.service", "ExecStart=/usr/bin/almoner incident slah", 1),
    ("deploy/systemd/x.service", "ExecStart=/usr/bin/almoner incident sla --json", 0),
    ("deploy/env.example", "AM_OPS_JORNAL=/x", 1),
  ])
  func `a wrong name in a recipe is found`(path: String, line: String, count: Int) throws {
    let names = try DocumentNames(root: VectorFolder.repositoryPath)
    #expect(names.findings(DocumentNames.File(path: path, text: line)).count == count)
  }
}
