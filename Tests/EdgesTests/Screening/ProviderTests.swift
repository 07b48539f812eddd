import Foundation
import Policy
import Screening
import TestSupport
import Testing
import Transport

/// Watchman and yente, as the stand-ins of tools/partners speak.
@Suite("Sanctions providers")
struct ProviderTests {
  static let server = Result { try ScreeningPartner() }
  private let now = Int64(Date().timeIntervalSince1970 * 1_000)

  enum Peer: String, CaseIterable { case watchman, yente }

  private func provider(_ peer: Peer, _ how: String, key: String? = nil) throws -> any SanctionsProvider {
    let base = try URLText(parsing: "\(Self.server.get().base)/\(how)/")
    let limits = ProviderLimits(timeoutMilliseconds: 4_000, answerBytes: 1 << 20)
    let http = HTTPClient()
    return switch peer {
    case .watchman: WatchmanProvider(base, http: http, limits: limits)
    case .yente: try YenteProvider(base, key: key, http: http, limits: limits)
    }
  }

  private var subjects: [ScreeningSubject] {
    get throws {
      let listed = try AddressKey("0x00000000000000000000000000000000DeaDBeef")
      let other = try AddressKey("0x0000000000000000000000000000000000000001")
      return [
        ScreeningSubject(addresses: [.init(asset: "ETH", key: listed)]),
        ScreeningSubject(addresses: [.init(asset: "ETH", key: other)], names: ["Vydumshchikov, Ruslan"], kind: .person),
        ScreeningSubject(addresses: [.init(asset: "ETH", key: other)], names: ["Jane & Roe"], country: "DE"),
        ScreeningSubject(addresses: [], names: ["Northern Lantern Exchange"]),
      ]
    }
  }

  private func code(_ peer: Peer, _ how: String) throws -> ListError.Code? {
    let (provider, subjects) = (try provider(peer, how), try subjects)
    do throws(ListError) {
      _ = try provider.screen(subjects, at: now)
      return nil
    } catch {
      #expect(!error.message.contains("Vydumshchikov"), "a name leaked: \(error.message)")
      return error.code
    }
  }

  @Test(arguments: Peer.allCases) func `each subject is answered in its place`(peer: Peer) throws {
    let answers = try provider(peer, "good").screen(subjects, at: now)
    #expect(answers.map(\.hits.count) == [1, 1, 0, 1])
    #expect(answers[0].hits[0].isExact && !answers[1].hits[0].isExact)
    #expect(answers[1].hits[0].score == NameQuery.most)
    #expect(answers[3].hits[0].title == "NORTHERN LANTERN EXCHANGE")
    for answer in answers {
      #expect(answer.sources.count == 1)
      #expect(answer.sources[0].ageMilliseconds.map { (200_000...400_000).contains($0) } == true)
    }
    #expect(try provider(peer, "good").screen([], at: now).isEmpty)
  }

  @Test func `both published shapes of a Watchman entity are read`() throws {
    #expect(try provider(.watchman, "nested").screen(subjects, at: now).map(\.hits.count) == [1, 1, 0, 1])
  }

  @Test func `more queries than one request takes are still answered each`() throws {
    let many = try (0..<250).map { place in
      ScreeningSubject(
        addresses: [
          .init(asset: "ETH", key: try AddressKey("0x" + String(repeating: "0", count: 37) + "\(100 + place)"))
        ],
        names: place == 200 ? ["Ruslan Vydumshchikov"] : [])
    }
    let answers = try provider(.yente, "good").screen(many, at: now)
    #expect(answers.indices.filter { !answers[$0].hits.isEmpty } == [200])
  }

  @Test func `an API key is sent where one is wanted`() throws {
    let subjects = try subjects
    #expect(try provider(.yente, "keyed", key: "open-sesame").screen(subjects, at: now).count == 4)
    #expect(throws: ListError.self) { try provider(.yente, "keyed", key: "guessed").screen(subjects, at: now) }
    #expect(throws: ListError.self) { try provider(.yente, "good", key: "two\nlines") }
  }

  @Test(
    arguments: [
      ("silent", .unreachable), ("cut", .unreachable), ("flood", .badAnswer), ("html", .badAnswer),
      ("500", .unreachable), ("429", .unreachable), ("401", .providerRefused), ("redirect", .providerRefused),
      ("stale", .stale), ("wrong-shape", .badAnswer), ("bad-score", .badAnswer),
    ] as [(String, ListError.Code)], Peer.allCases)
  func `a provider that stalls, lies, truncates or floods gives no answer`(
    how: (String, ListError.Code), peer: Peer
  ) throws {
    let start = ContinuousClock.now
    #expect(try code(peer, how.0) == how.1, "\(how.0)")
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test func `lies of one provider's own kind give no answer either`() throws {
    #expect(try code(.watchman, "empty-list") == .badAnswer)
    #expect(try code(.watchman, "low-score") == .badAnswer)
    #expect(try code(.yente, "empty-list") == .providerRefused)
    #expect(try code(.yente, "forgets") == .badAnswer)
    #expect(try code(.yente, "renames") == .badAnswer)
  }

  @Test(arguments: Peer.allCases) func `nobody there is no answer`(peer: Peer) throws {
    let nowhere = try URLText(parsing: "http://127.0.0.1:1")
    let provider: any SanctionsProvider =
      peer == .watchman
      ? WatchmanProvider(nowhere, http: HTTPClient()) : try YenteProvider(nowhere, http: HTTPClient())
    let subjects = try subjects
    #expect { try provider.screen(subjects, at: now) } throws: { error in
      (error as? ListError)?.code == .unreachable && (error as? ListError)?.isPassing == true
    }
  }
}
