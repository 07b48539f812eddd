import Codecs
import Foundation
import Testing
import TestSupport

/// The harness must fail for every claim that nobody tests: that is its only value.
@Suite("Vectors: the harness itself")
struct VectorHarnessTests {
  /// A file of RLP cases, as JSON text with one part replaced.
  private func report(
    cases: String = #"[{"id":"a","value":"0x","encoded":"0x80"}]"#, count: Int = 1, more: String = ""
  ) -> VectorReport {
    let text = #"""
      {"format":"f","source":"s","count":\#(count),"cases":\#(cases),
       "integers":[{"value":"0","encoded":"0x80"}],"invalid":[{"input":"0x8100","reason":"r"}]\#(more)}
      """#
    return VectorTests.check(.rlp, Array(text.utf8))
  }

  @Test func `a sound file passes, and its line counts every case`() {
    #expect(report().failures == [])
    #expect(report().line == "vectors evm/rlp.json: 3 passed, 0 failed")
  }

  @Test func `a wrong expectation fails its case and no other`() {
    let report = report(cases: #"[{"id":"a","value":"0x","encoded":"0x81"}]"#)
    #expect(report.passed == 2 && report.failures.count == 1 && report.failures[0].hasPrefix("a: "))
  }

  @Test(arguments: [
    #"[{"id":"a","value":"0x","encoded":"0x80","extra":"1"}]"#,
    #"[{"id":"a","value":"0x","encoded":"0x80","extra":[]}]"#,
    #"[{"id":"a","value":"0x","encoded":"0x80","extra":{"inner":{"deep":null}}}]"#,
  ])
  func `an unknown key in a case fails it`(cases: String) {
    let report = report(cases: cases)
    #expect(report.passed == 2 && report.failures.count == 1)
    #expect(report.failures.first?.contains("nobody checks the key extra") == true)
  }

  @Test func `an unknown section or note of the file fails it`() {
    #expect(report(more: #","surprise":"x""#).failures == ["nobody checks surprise"])
    #expect(report(more: #","surprise":[{"a":"b"}]"#).failures == ["nobody checks surprise[0].a"])
    #expect(report(more: #","surprise":[]"#).failures == ["nobody checks surprise"])
  }

  @Test func `a missing key, section or note fails`() {
    #expect(report(cases: #"[{"id":"a","value":"0x"}]"#).failures == ["a: encoded is missing in the case"])
    let bare = VectorTests.check(.rlp, Array(#"{"format":"f","source":"s","count":0,"cases":[]}"#.utf8))
    #expect(bare.failures.contains("integers is missing in the case") && bare.passed == 0)
    let unnamed = VectorTests.check(.eip191, Array(#"{"count":0,"cases":[]}"#.utf8))
    #expect(unnamed.failures.contains("format is missing in the case"))
  }

  @Test func `a file whose count is wrong or that holds no case fails`() {
    #expect(report(count: 2).failures == ["count is 2, but there are 1 cases"])
    let empty = VectorTests.check(.eip191, Array(#"{"format":"f","source":"s","count":0,"cases":[]}"#.utf8))
    #expect(empty.failures == ["the file holds no case"])
  }

  @Test func `a case without verdict fails, even if all its keys were read`() throws {
    var report = VectorReport(.rlp, part: .codecs)
    report.run("silent", VectorNode(["a": "b"])) { node, _ in _ = try node("a").text() }
    #expect(report.passed == 0 && report.failures == ["silent: no check gave a verdict"])
  }

  @Test func `a check that throws, or a refusal that does not come, fails`() {
    var report = VectorReport(.rlp, part: .codecs)
    report.run("throws", VectorNode([:])) { _, _ in throw VectorFailure("broken") }
    report.run("accepts", VectorNode([:])) { node, check in
      _ = try node.entries()
      check.refused(by: RLPError.self, "0x80") { _ = try RLP.decode([0x80]) }
    }
    report.run("other", VectorNode([:])) { node, check in
      _ = try node.entries()
      check.refused(by: RLPError.self, "it") { throw VectorFailure("odd") }
    }
    #expect(report.passed == 0 && report.failures.count == 3)
  }

  @Test func `keys left to the signer are not missed by the codecs, but must be read by the signer`() {
    let node: JSON = ["privateKey": "0x01", "message": "0x", "unknown": "1"]
    var codecs = VectorReport(.eip191, part: .codecs)
    codecs.run("c", VectorNode(node)) { node, check in check.equal(try node("message").bytes(), [], "message") }
    #expect(codecs.failures == ["c: nobody checks the key unknown"])
    var signing = VectorReport(.eip191, part: .signing)
    signing.run("s", VectorNode(node)) { node, check in check.equal(try node("message").bytes(), [], "message") }
    #expect(signing.failures == ["s: nobody checks the key privateKey"])
  }

  @Test(arguments: ["", "[]", "{", #"{"cases":[],"cases":[]}"#])
  func `a file that is no JSON object is a failure and no crash`(text: String) {
    let report = VectorTests.check(.rlp, Array(text.utf8))
    #expect(report.passed == 0 && !report.failures.isEmpty)
  }

  @Test func `files nobody checks, files a set lacks and families without code are told apart`() throws {
    let folder = try TestFolder("vectors")
    for file in ["chains/evm/rlp.json", "chains/evm/new.json", "chains/ton/boc.json", "stray.json"] {
      let url = URL(fileURLWithPath: folder.file(file))
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("{}".utf8).write(to: url)
    }
    let inventory = VectorFolder(path: folder.path, isOwn: false).inventory()
    #expect(inventory.withoutAssertion == ["chains/evm/new.json", "stray.json"])
    #expect(inventory.withoutCode == ["chains/ton/boc.json"])
    #expect(inventory.lacking == VectorFileName.allCases.filter { $0 != .rlp })
  }

  @Test func `every file is claimed by a part, and a file of two parts has keys for the signer`() {
    for file in VectorFileName.allCases {
      #expect(!file.parts.isEmpty)
      #expect((file.parts.count == 2) == !file.signingKeys.isEmpty, "\(file)")
    }
  }

  /// Files whose every case must fail once any value in it changes. The cases of `tx_invalid` are refused anyway.
  static let sensitive = VectorTests.files.filter { $0 != .transactionsInvalid }

  @Test(arguments: sensitive)
  func `changing any one value of a case, but its name and what the signer checks, makes it fail`(
    file: VectorFileName
  ) throws {
    let root = try #require(
      try JSON.parse(VectorFolder(path: VectorFolder.repositoryPath + "/Tests/Vectors", isOwn: true).bytes(of: file))
        .object)
    let cases = try #require(root["cases"]?.array)
    // Not the last one, which is large in the files of trees.
    for original in [cases.first, cases.dropFirst(cases.count / 3).first].compactMap(\.self) {
      #expect(try report(file, root, original).failures == [])
      for (path, changed) in original.changedOnce() where path != "id" && !file.signingKeys.contains(path) {
        #expect(try report(file, root, changed).failures.count == 1, "\(file): a changed \(path) went unnoticed")
      }
    }
  }

  /// The file with one case, and its other sections empty.
  private func report(_ file: VectorFileName, _ root: JSONObject, _ single: JSON) throws -> VectorReport {
    let members = root.members.map { member -> (key: String, value: JSON) in
      switch (member.key, member.value) {
      case ("cases", _): ("cases", [single])
      case ("count", _): ("count", .integer(1))
      case (let key, .array): (key, [])
      case (let key, .object): (key, [:])
      case (let key, let value): (key, value)
      }
    }
    return VectorTests.check(file, JSON.object(try JSONObject(members)).utf8)
  }
}

extension JSON {
  /// Every form of this value in which one scalar differs, with the path to it.
  fileprivate func changedOnce(_ path: String = "") -> [(path: String, value: JSON)] {
    switch self {
    case .null: [(path, true)]
    case .bool(let flag): [(path, .bool(!flag))]
    case .number(let text): [(path, .number(text == "1" ? "2" : "1"))]
    case .string(let text): [(path, .string(text.last == "0" ? text.dropLast() + "1" : text.dropLast() + "0"))]
    case .array(let elements):
      elements.enumerated().flatMap { place, element in
        element.changedOnce("\(path)[\(place)]").map { changed in
          var copy = elements
          copy[place] = changed.value
          return (changed.path, .array(copy))
        }
      }
    case .object(let object):
      object.members.flatMap { member in
        member.value.changedOnce(path.isEmpty ? member.key : "\(path).\(member.key)").map { changed in
          let copy = object.members.map { ($0.key, $0.key == member.key ? changed.value : $0.value) }
          return (changed.path, (try? JSONObject(copy)).map(JSON.object) ?? self)
        }
      }
    }
  }
}
