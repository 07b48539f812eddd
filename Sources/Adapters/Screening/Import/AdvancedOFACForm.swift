import Policy

/// `Sanctions`: words by number in reference sets first, then parties, then what they are listed for.
struct AdvancedOFACForm: OFACForm {
  private var features: [String: String] = [:]
  private var partyKinds: [String: ListEntry.Kind] = [:]
  private var subKinds: [String: (word: String, party: String)] = [:]
  private var openID = ""
  private var openParent = ""

  private var date = ["", "", ""]
  private var publishedAt: Int64?

  private var parties: [Draft] = []
  private var places: [String: Int] = [:]
  private var draft: Draft?
  private var alias = (isPrimary: false, isWeak: false)
  private var parts: [String] = []
  private var feature = ""
  private var profile = ""
  private var birth: [String] = []

  private struct Draft {
    var id: String
    var kind = ListEntry.Kind.unknown
    var names: [ListEntry.Name] = []
    var addresses: [ListEntry.DigitalAddress] = []
    var programs: [String] = []
    var dates: [String] = []
  }

  var count: Int { parties.count }

  mutating func start(_ name: String, _ attributes: [String: String]) {
    switch name {
    case "FeatureType", "PartyType": openID = attributes["ID"] ?? ""
    case "PartySubType": (openID, openParent) = (attributes["ID"] ?? "", attributes["PartyTypeID"] ?? "")
    case "DistinctParty": draft = Draft(id: attributes["FixedRef"] ?? "")
    case "Profile":
      if let kind = subKinds[attributes["PartySubTypeID"] ?? ""] {
        draft?.kind = AdvancedOFACForm.kinds[kind.word] ?? partyKinds[kind.party] ?? .unknown
      }
      places[attributes["ID"] ?? ""] = parties.count
    case "Alias": alias = (attributes["Primary"] == "true", attributes["LowQuality"] == "true")
    case "DocumentedName": parts = []
    case "Feature": feature = features[attributes["FeatureTypeID"] ?? ""] ?? ""
    case "FeatureVersion": birth = []
    case "SanctionsEntry": profile = attributes["ProfileID"] ?? ""
    default: break
    }
  }

  mutating func end(_ name: String, in parent: String, _ text: String) {
    switch (parent, name) {
    case ("DateOfIssue", "Year"): date[0] = text
    case ("DateOfIssue", "Month"): date[1] = text
    case ("DateOfIssue", "Day"): date[2] = text
    case (_, "DateOfIssue"): publishedAt = ListDate.milliseconds(date[0], date[1], date[2])
    case ("FeatureTypeValues", "FeatureType"): features[openID] = text
    case ("PartyTypeValues", "PartyType"): partyKinds[openID] = text == "Individual" ? .person : .entity
    case ("PartySubTypeValues", "PartySubType"):
      // What a party is may be said further down: it is looked up when a profile asks.
      subKinds[openID] = (text, openParent)
    case ("DocumentedNamePart", "NamePartValue"): parts.append(text)
    case (_, "DocumentedName"):
      let kind: ListEntry.Name.Kind = alias.isPrimary ? .primary : alias.isWeak ? .weakAlias : .alias
      let text = parts.filter { !$0.isEmpty }.joined(separator: " ")
      if !text.isEmpty { draft?.names.append(.init(kind, text)) }
    case (_, "VersionDetail"):
      if let asset = OFACText.asset(feature), !text.isEmpty { draft?.addresses.append(.init(asset: asset, text: text)) }
    case ("From", "Year"): birth.append(text)
    case (_, "FeatureVersion"):
      if feature == "Birthdate", let year = birth.first { draft?.dates.append(year) }
    case (_, "DistinctParty"):
      if let draft { parties.append(draft) }
      draft = nil
    case ("SanctionsMeasure", "Comment"):
      if !text.isEmpty, let place = places[profile], place < parties.count { parties[place].programs.append(text) }
    default: break
    }
  }

  func finish() throws(ListError) -> ImportedList {
    guard !parties.contains(where: { $0.id.isEmpty }) else { throw ListError(.badFile, "a party has no FixedRef") }
    // Without the words, a digital currency address would pass as any other feature.
    guard features.values.contains(where: { OFACText.asset($0) != nil }) else {
      throw ListError(.badFile, "the reference sets name no kind of digital currency address")
    }
    return ImportedList(
      entries: parties.map {
        ListEntry(
          id: $0.id, kind: $0.kind, names: $0.names, addresses: $0.addresses, programs: $0.programs,
          birthDates: $0.dates)
      }, publishedAt: publishedAt)
  }

  private static let kinds: [String: ListEntry.Kind] = ["Vessel": .vessel, "Aircraft": .aircraft]
}
