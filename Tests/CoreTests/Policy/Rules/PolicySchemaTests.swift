import Codecs
import Foundation
import Policy
import TestSupport
import Testing

/// The published schema and the guide say what the parser does.
@Suite("The policy schema")
struct PolicySchemaTests {
  private static func page(_ path: String) throws -> String {
    try String(contentsOfFile: VectorFolder.repositoryPath + "/" + path, encoding: .utf8)
  }

  private static func schema() throws -> JSON { try JSON.parse(page("docs/reference/policy.schema.json")) }

  private static func words(_ json: JSON?) -> [String] { (json?["enum"]?.array ?? []).compactMap(\.string) }

  @Test func `its words are those of the parser`() throws {
    let parts = try #require(try Self.schema()["$defs"])
    let test = try #require(parts["test"]?["properties"])
    #expect(Self.words(test["attribute"]?["anyOf"]?.array?.first) == Attribute.names)
    #expect(Set(Self.words(test["op"])) == Set(Operation.allCases.map(\.rawValue)))
    #expect(Self.words(parts["outcome"]) == Outcome.allCases.map(\.rawValue))
    #expect(
      Self.words(parts["limit"]?["properties"]?["per"]) == RateLimit.Per.allCases.map(\.rawValue))
    #expect(Self.words(parts["limit"]?["properties"]?["window"]) == RateLimit.Window.allCases.map(\.rawValue))
    #expect(
      Self.words(parts["list"]?["properties"]?["kind"]) == AddressList.Kind.allCases.map(\.rawValue) + ["values"])
  }

  @Test func `the guide's example is a policy, and no key of it can be missing that must be there`() throws {
    let guide = try Self.page("docs/guide/screening.md")
    let start = try #require(guide.range(of: "```json\n"))
    let end = try #require(guide.range(of: "\n```", range: start.upperBound..<guide.endIndex))
    let text = String(guide[start.upperBound..<end.lowerBound])
    let policy = try PolicyDocument.parse(Array(text.utf8))
    #expect(policy.rules.count == 4 && policy.lists.count == 2 && policy.limits.count == 2)
    let example = try JSON.parse(text)
    let schema = try Self.schema()
    let required = try #require(schema["required"]?.array).compactMap(\.string)
    let members = try #require(example.object).members
    for member in members {
      let rest = try JSONObject(members.filter { $0.key != member.key }.map { (key: $0.key, value: $0.value) })
      let isRefused = (try? PolicyDocument.parse(JSON.object(rest).utf8)) == nil
      // Without the lists, a rule names one that is not there.
      #expect(isRefused == (required.contains(member.key) || member.key == "lists"), "\(member.key)")
      #expect(schema["properties"]?[member.key] != nil, "\(member.key)")
    }
  }
}
