import Codecs
package import Policy
package import Transport

/// Moov Watchman, version 2 of its API: `GET /v2/search` for each name and address, `GET /v2/listinfo` for what it holds.
///
/// A name is asked as every type that the subject may be; a digital-currency address is asked exactly. Names that
/// score below `minMatch` are not sent by it, and refused if they are.
/// Source: https://moov-io.github.io/watchman/
package struct WatchmanProvider: SanctionsProvider {
  package let name = "watchman"
  private let http: ProviderHTTP
  private let limits: ProviderLimits
  private let leastMatch: Int

  /// Entities of one answer; more would be more than a person can review.
  private static let mostEntities = 50

  /// `leastMatch` in ten-thousandths; Watchman's own advice for production is 8,000.
  package init(
    _ base: URLText, http: HTTPClient, limits: ProviderLimits = ProviderLimits(), leastMatch: Int = 8_000
  ) {
    self.http = ProviderHTTP(name, base, http, limits)
    self.limits = limits
    self.leastMatch = min(max(leastMatch, 0), 10_000)
  }

  private struct Question {
    let subject: Int
    let path: String
    let address: ScreeningSubject.Place?
    let asked: String
  }

  package func screen(_ subjects: [ScreeningSubject], at now: Int64) throws(ListError) -> [ProviderAnswer] {
    guard !subjects.isEmpty else { return [] }
    var questions: [Question] = []
    for (place, subject) in subjects.enumerated() { questions += try self.questions(place, subject) }
    var requests = [try http.get("/v2/listinfo")]
    for question in questions { requests.append(try http.get(question.path)) }
    var answers = try http.ask(requests)[...]
    guard let info = answers.popFirst() else { throw http.bad("an answer is missing") }
    let sources = try sources(info, now)
    var hits = [[ListHit]](repeating: [], count: subjects.count)
    for (question, answer) in zip(questions, answers) { hits[question.subject] += try self.hits(question, answer) }
    return hits.map { ProviderAnswer(hits: WatchmanProvider.unique($0), sources: sources) }
  }

  // MARK: Questions

  private func questions(_ place: Int, _ subject: ScreeningSubject) throws(ListError) -> [Question] {
    var out: [Question] = []
    let tail = "&limit=\(WatchmanProvider.mostEntities)"
    for address in subject.addresses {
      let asked = "\(address.asset):\(address.key.text)"
      out.append(
        Question(
          subject: place, path: "/v2/search?cryptoAddress=\(ProviderHTTP.escaped(asked))\(tail)", address: address,
          asked: asked))
    }
    let hundredths = leastMatch / 100
    let least = "&minMatch=" + (hundredths == 100 ? "1.00" : "0.\(hundredths < 10 ? "0" : "")\(hundredths)")
    for name in subject.names {
      _ = try NameText(name)
      for type in WatchmanProvider.types(subject.kind) {
        var path = "/v2/search?name=\(ProviderHTTP.escaped(name))&type=\(type)\(least)\(tail)"
        if type == "person", let date = subject.birthDate { path += "&birthDate=\(ProviderHTTP.escaped(date))" }
        out.append(Question(subject: place, path: path, address: nil, asked: name))
      }
    }
    return out
  }

  private static func types(_ kind: ListEntry.Kind?) -> [String] {
    switch kind {
    case .person: ["person"]
    case .entity: ["business", "organization"]
    case .vessel: ["vessel"]
    case .aircraft: ["aircraft"]
    case .unknown, nil: ["person", "business", "organization"]
    }
  }

  // MARK: Answers

  private func sources(_ info: JSON, _ now: Int64) throws(ListError) -> [ListSource] {
    guard let lists = info["lists"]?.object, !lists.members.isEmpty, lists.members.count <= 100,
      let ended = info["endedAt"]?.string, let moment = Moment.parse(ended)
    else { throw http.bad("listinfo does not say which lists it holds since when") }
    let age = now.subtractingReportingOverflow(moment).partialValue
    try limits.check(age, of: "watchman")
    var out: [ListSource] = []
    for (name, count) in lists.members.map({ ($0.key, $0.value) }) {
      guard let count = count.uint64, count > 0 else { throw http.bad("its list \(name) is empty") }
      let version = info["listHashes"]?[name]?.string ?? "\(count) entities"
      out.append(ListSource(name: "watchman/\(name)", version: version, ageMilliseconds: max(0, age)))
    }
    return out
  }

  private func hits(_ question: Question, _ answer: JSON) throws(ListError) -> [ListHit] {
    guard let entities = answer["entities"] else { throw http.bad("an answer to a search has no entities") }
    // A search without result may be null as well as empty.
    if entities.isNull { return [] }
    guard let array = entities.array, array.count <= WatchmanProvider.mostEntities else {
      throw http.bad("entities are no array, or more than were asked for")
    }
    var out: [ListHit] = []
    for found in array { out.append(try hit(question, found)) }
    return out
  }

  private func hit(_ question: Question, _ found: JSON) throws(ListError) -> ListHit {
    // Two published shapes: the entity with its match, or both side by side.
    let entity = found["entity"]?.object == nil ? found : found["entity"] ?? found
    guard let title = entity["name"]?.string, let list = entity["sourceList"]?.string,
      let id = entity["sourceID"]?.string, let score = ProviderHTTP.score(found["match"] ?? entity["match"])
    else { throw http.bad("an entity lacks its name, source or match") }
    let programs = ProviderHTTP.texts(entity["sanctionsInfo"]?["programs"]) ?? []
    guard let address = question.address else {
      guard score >= leastMatch else { throw http.bad("an entity matches less than was asked for") }
      return ListHit(
        list: "watchman/\(list)", entry: id, title: title, programs: programs,
        reason: .name(asked: question.asked, listed: title, kind: .primary), score: score)
    }
    return ListHit(
      list: "watchman/\(list)", entry: id, title: title, programs: programs,
      reason: .address(asset: address.asset, text: address.key.text), score: NameQuery.most)
  }

  /// The same entity under two types is one hit.
  private static func unique(_ hits: [ListHit]) -> [ListHit] {
    var seen: Set<String> = []
    return hits.sorted { $0.score > $1.score }.filter { seen.insert("\($0.list)/\($0.entry)/\($0.isExact)").inserted }
  }
}
