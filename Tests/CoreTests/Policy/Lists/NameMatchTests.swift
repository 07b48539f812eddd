import Foundation
@testable import Policy
import TestSupport
import Testing

@Suite("Name matching")
struct NameMatchTests {
  static let pairs = Result { try NamePairs.read() }

  private func score(_ a: String, _ b: String) throws -> Int { try NameQuery(NameText(a)).score(NameText(b)) }

  @Test(
    arguments: [
      ("Juan Pérez", "juan perez"), ("Juan Perez", "PEREZ, Juan"), ("Dr. Anna Smith", "Anna Smith"),
      ("Falcon Shipping Ltd", "FALCON SHIPPING CO., LTD."), ("Иван Петров", "Ivan Petrov"),
      ("Jean-Paul Roy", "Jean Paul Roy"),
      ("O'Neill Mary", "ONeill, Mary"), ("Weiß Müller", "weiss muller"), ("ＡＮＮＡ Ｌｅｅ", "anna lee"),
      ("\u{200b}An\u{301}na Lee", "anna lee"), ("Νίκος Παπαδόπουλος", "Nikos Papadopoylos"),
    ])
  func `writing and order change nothing`(a: String, b: String) throws { #expect(try score(a, b) == NameQuery.most) }

  @Test(
    arguments: [
      ("Mohammed al-Masri", "Muhammad Almasri"), ("Yusuf Kassem", "Youssef Qassem"),
      ("Ivan Kuznetsov", "Ivan Kuznetzov"),
      ("Maria Elena Vargas", "Maria Vargas"), ("Maria Elena Vargas", "Maria E. Vargas"),
      ("Jonathan Walker", "Walker Jonathon"),
    ])
  func `the same name under noise is a hit`(a: String, b: String) throws {
    #expect(try score(a, b) >= NameQuery.threshold)
    #expect(try score(b, a) >= NameQuery.threshold)
  }

  @Test(
    arguments: [
      ("Maria Vargas", "Carlos Vargas"), ("John Smith", "John Taylor"),
      ("Blue Falcon Trading Ltd", "Golden Crescent Trading Ltd"),
      ("Wei", "Hui"), ("Ali Hassan", "Omar Hassan"),
    ])
  func `another name is no hit`(a: String, b: String) throws { #expect(try score(a, b) < NameQuery.threshold) }

  @Test(arguments: ["", " .,- ", String(repeating: "a", count: 513), String(repeating: "a ", count: 40)])
  func `what cannot be compared is refused`(text: String) {
    #expect { try NameText(text) } throws: { ($0 as? ListError)?.code == .badQuery }
  }

  @Test func `a name of nothing but legal forms is still a name`() throws {
    #expect(try score("The Limited Company", "THE LIMITED COMPANY") == NameQuery.most)
    #expect(try score("Ltd", "LTD") == NameQuery.most)
  }

  @Test func `common letters of long texts agree with the plain algorithm`() throws {
    var random = SplitMix64(seed: 3)
    for round in 0..<200 {
      let a = (0..<(round * 2 + 1)).map { _ in UInt8.random(in: 97...102, using: &random) }
      let b = (0..<Int.random(in: 0...300, using: &random)).map { _ in UInt8.random(in: 97...102, using: &random) }
      var row = [Int](repeating: 0, count: b.count + 1)
      for x in a {
        var next = [0]
        for (j, y) in b.enumerated() { next.append(x == y ? row[j] + 1 : max(row[j + 1], next[j])) }
        row = next
      }
      #expect(CommonLetters(a).common(with: b) == row[b.count])
    }
  }

  /// The figures of docs/concepts/name-matching.md.
  @Test func `the published pairs are told apart as the page says`() throws {
    let pairs = try Self.pairs.get()
    #expect(pairs.count == 4_000)
    var (found, missed, wrong) = (0, 0, 0)
    for pair in pairs {
      let isHit = try score(pair.asked, pair.listed) >= NameQuery.threshold
      if pair.isSame { if isHit { found += 1 } else { missed += 1 } } else if isHit { wrong += 1 }
    }
    #expect(found * 1000 / (found + missed) >= 975, "recall \(found) of \(found + missed)")
    #expect(found * 1000 / (found + wrong) >= 985, "precision: \(wrong) wrong, \(found) right")
  }

  @Test func `the index finds what comparing with every name finds`() throws {
    let pairs = try Self.pairs.get()
    let listed = try pairs.map { try NameText($0.listed) }
    let index = NameIndex(listed)
    var scratch = NameIndex.Scratch()
    var (all, found) = (0, 0)
    for (place, pair) in pairs.enumerated().filter({ $0.offset.isMultiple(of: 4) }) {
      let query = NameQuery(try NameText(pair.asked))
      let hits = index.hits(query, threshold: NameQuery.threshold, &scratch)
      #expect(hits.map(\.score) == hits.map(\.score).sorted(by: >))
      let byHand = listed.indices.filter { query.score(listed[$0]) >= NameQuery.threshold }
      #expect(Set(hits.map(\.place)).isSubset(of: byHand))
      all += byHand.count
      found += hits.count
      _ = place
    }
    #expect(all > 1_000)
    #expect(found * 1000 / all >= 985, "\(found) of \(all)")
  }
}

/// The pair list of Tests/Vectors/names.
struct NamePairs {
  let isSame: Bool
  let kind: String
  let listed: String
  let asked: String

  static func read() throws -> [NamePairs] {
    let text = try String(
      contentsOfFile: VectorFolder.repositoryPath + "/Tests/Vectors/names/pairs.tsv", encoding: .utf8)
    return text.split(separator: "\n").dropFirst().map { line in
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      return NamePairs(isSame: parts[0] == "1", kind: parts[1], listed: parts[2], asked: parts[3])
    }
  }
}
