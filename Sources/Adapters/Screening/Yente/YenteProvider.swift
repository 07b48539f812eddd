import Codecs
package import Policy
package import Transport

/// OpenSanctions yente: `POST /match/{dataset}` with up to a hundred queries at once, `GET /catalog` for what it holds.
///
/// An address is asked as a CryptoWallet by its public key, a name as the schema that the subject is.
/// Source: https://www.opensanctions.org/docs/yente/
package struct YenteProvider: SanctionsProvider {
  package let name = "yente"
  private let http: ProviderHTTP
  private let dataset: String
  private let limits: ProviderLimits
  private let threshold: Int

  /// What yente accepts in one request unless it is told otherwise.
  private static let mostQueries = 100
  private static let mostResults = 20

  /// `threshold` in ten-thousandths; yente's own is 7,000. `key`: the API key, if the service wants one.
  package init(
    _ base: URLText, dataset: String = "sanctions", key: String? = nil, http: HTTPClient,
    limits: ProviderLimits = ProviderLimits(), threshold: Int = 7_000
  ) throws(ListError) {
    guard (1...80).contains(dataset.utf8.count),
      dataset.utf8.allSatisfy({ (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5f })
    else { throw ListError(.badQuery, "a data set is lower-case letters, digits and underscores") }
    var headers: [HTTPHeader] = []
    if let key {
      do throws(TransportError) { headers = [try HTTPHeader("Authorization", "ApiKey \(key)")] } catch {
        throw ListError(.badQuery, "the API key of yente is no printable ASCII on one line")
      }
    }
    self.http = ProviderHTTP(name, base, http, headers: headers, limits)
    self.dataset = dataset
    self.limits = limits
    self.threshold = min(max(threshold, 0), 10_000)
  }

  private struct Query {
    let subject: Int
    let address: ScreeningSubject.Place?
    let asked: String
    let body: JSON
  }

  package func screen(_ subjects: [ScreeningSubject], at now: Int64) throws(ListError) -> [ProviderAnswer] {
    guard !subjects.isEmpty else { return [] }
    var queries: [Query] = []
    for (place, subject) in subjects.enumerated() { queries += try self.queries(place, subject) }
    let hundredths = threshold / 100
    let share = hundredths == 100 ? "1.00" : "0.\(hundredths < 10 ? "0" : "")\(hundredths)"
    let path = "/match/\(dataset)?limit=\(YenteProvider.mostResults)&threshold=\(share)"
    let starts = Array(stride(from: 0, to: queries.count, by: YenteProvider.mostQueries))
    var requests = [try http.get("/catalog")]
    for start in starts { requests.append(try http.post(path, body(queries, start))) }
    var answers = try http.ask(requests)[...]
    guard let catalog = answers.popFirst() else { throw http.bad("an answer is missing") }
    let source = try source(catalog, now)
    var hits = [[ListHit]](repeating: [], count: subjects.count)
    for (start, answer) in zip(starts, answers) {
      let end = min(queries.count, start + YenteProvider.mostQueries)
      guard let responses = answer["responses"]?.object, responses.members.count == end - start else {
        throw http.bad("it does not answer as many queries as were asked")
      }
      for place in start..<end {
        guard let response = responses["q\(place)"] else { throw http.bad("a query has no answer") }
        hits[queries[place].subject] += try self.hits(queries[place], response)
      }
    }
    return hits.map { ProviderAnswer(hits: $0, sources: [source]) }
  }

  // MARK: Questions

  private func body(_ queries: [Query], _ start: Int) -> JSON {
    var object = JSONObject()
    for place in start..<min(queries.count, start + YenteProvider.mostQueries) {
      _ = object.append("q\(place)", queries[place].body)
    }
    return ["queries": .object(object)]
  }

  private func queries(_ place: Int, _ subject: ScreeningSubject) throws(ListError) -> [Query] {
    var out = subject.addresses.map { address in
      Query(
        subject: place, address: address, asked: address.key.text,
        body: ["schema": "CryptoWallet", "properties": ["publicKey": .array([.string(address.key.text)])]])
    }
    for name in subject.names {
      _ = try NameText(name)
      var properties = JSONObject()
      _ = properties.append("name", .array([.string(name)]))
      if let country = subject.country { _ = properties.append("country", .array([.string(country.lowercased())])) }
      if let date = subject.birthDate, subject.kind == .person {
        _ = properties.append("birthDate", .array([.string(date)]))
      }
      let schema = YenteProvider.schema(subject.kind)
      out.append(
        Query(
          subject: place, address: nil, asked: name,
          body: ["schema": .string(schema), "properties": .object(properties)]))
    }
    return out
  }

  private static func schema(_ kind: ListEntry.Kind?) -> String {
    switch kind {
    case .person: "Person"
    case .entity: "Organization"
    case .vessel: "Vessel"
    case .aircraft: "Airplane"
    // Persons and organizations are legal entities both.
    case .unknown, nil: "LegalEntity"
    }
  }

  // MARK: Answers

  private func source(_ catalog: JSON, _ now: Int64) throws(ListError) -> ListSource {
    guard let datasets = catalog["datasets"]?.array else { throw http.bad("its catalogue has no data sets") }
    guard let found = datasets.first(where: { $0["name"]?.string == dataset }) else {
      throw ListError(.providerRefused, "yente has no data set \(dataset)", hint: "check AM_YENTE_DATASET")
    }
    guard let version = found["index_version"]?.string, let moment = Moment.parse(version: version) else {
      throw http.bad("it does not say which version of \(dataset) it has indexed")
    }
    let age = now.subtractingReportingOverflow(moment).partialValue
    try limits.check(age, of: "yente")
    return ListSource(name: "yente/\(dataset)", version: version, ageMilliseconds: max(0, age))
  }

  private func hits(_ query: Query, _ response: JSON) throws(ListError) -> [ListHit] {
    guard response["status"]?.uint64 == 200 else { throw http.bad("a query was not answered with status 200") }
    guard let results = response["results"]?.array, results.count <= YenteProvider.mostResults else {
      throw http.bad("results are no array, or more than were asked for")
    }
    var out: [ListHit] = []
    for result in results {
      guard let id = result["id"]?.string, let title = result["caption"]?.string,
        let score = ProviderHTTP.score(result["score"]), let isMatch = result["match"]?.bool
      else { throw http.bad("a result lacks its id, caption, score or match") }
      guard isMatch || score >= threshold else { continue }
      let programs = ProviderHTTP.texts(result["datasets"]) ?? []
      out.append(
        ListHit(
          list: "yente/\(dataset)", entry: id, title: title, programs: programs, reason: reason(query, result, title),
          score: score))
    }
    return out
  }

  private func reason(_ query: Query, _ result: JSON, _ title: String) -> ListHit.Reason {
    let keys = ProviderHTTP.texts(result["properties"]?["publicKey"]) ?? []
    if let address = query.address, keys.contains(where: { (try? AddressKey($0)) == address.key }) {
      return .address(asset: address.asset, text: address.key.text)
    }
    return .name(asked: query.asked, listed: title, kind: .primary)
  }
}
