import Policy

/// `sdnList`: one `sdnEntry` a party, everything about it inside.
struct PlainOFACForm: OFACForm {
  private var entries: [ListEntry] = []
  private var publishedAt: Int64?
  private var announced: Int?
  private var entry = Draft()
  private var alias = Alias()
  private var idKind = ""
  private var idNumber = ""

  private struct Draft {
    var id = ""
    var first = ""
    var last = ""
    var kind = ListEntry.Kind.unknown
    var aliases: [ListEntry.Name] = []
    var addresses: [ListEntry.DigitalAddress] = []
    var programs: [String] = []
    var dates: [String] = []
  }

  private struct Alias {
    var first = ""
    var last = ""
    var isWeak = false
  }

  var count: Int { entries.count }

  mutating func start(_ name: String, _ attributes: [String: String]) {
    switch name {
    case "sdnEntry": entry = Draft()
    case "aka": alias = Alias()
    case "id": (idKind, idNumber) = ("", "")
    default: break
    }
  }

  mutating func end(_ name: String, in parent: String, _ text: String) {
    switch (parent, name) {
    case ("publshInformation", "Publish_Date"), ("publishInformation", "Publish_Date"):
      publishedAt = ListDate.parse(american: text)
    case (_, "Record_Count"): announced = Int(text)
    case ("sdnEntry", "uid"): entry.id = text
    case ("sdnEntry", "firstName"): entry.first = text
    case ("sdnEntry", "lastName"): entry.last = text
    case ("sdnEntry", "sdnType"): entry.kind = PlainOFACForm.kinds[text] ?? .unknown
    case ("programList", "program"): entry.programs.append(text)
    case ("dateOfBirthItem", "dateOfBirth"): entry.dates.append(text)
    case ("aka", "category"): alias.isWeak = text == "weak"
    case ("aka", "firstName"): alias.first = text
    case ("aka", "lastName"): alias.last = text
    case (_, "aka"):
      let text = PlainOFACForm.name(alias.first, alias.last)
      if !text.isEmpty { entry.aliases.append(.init(alias.isWeak ? .weakAlias : .alias, text)) }
    case ("id", "idType"): idKind = text
    case ("id", "idNumber"): idNumber = text
    case (_, "id"):
      if let asset = OFACText.asset(idKind), !idNumber.isEmpty {
        entry.addresses.append(.init(asset: asset, text: idNumber))
      }
    case (_, "sdnEntry"): close()
    default: break
    }
  }

  private mutating func close() {
    let title = PlainOFACForm.name(entry.first, entry.last)
    let names = (title.isEmpty ? [] : [ListEntry.Name(.primary, title)]) + entry.aliases
    entries.append(
      ListEntry(
        id: entry.id, kind: entry.kind, names: names, addresses: entry.addresses, programs: entry.programs,
        birthDates: entry.dates))
  }

  func finish() throws(ListError) -> ImportedList {
    if let announced, announced != entries.count {
      throw ListError(
        .badFile, "the file says that it holds \(announced) entries, and holds \(entries.count)",
        hint: "download it again: it may have been cut off")
    }
    guard !entries.contains(where: { $0.id.isEmpty }) else { throw ListError(.badFile, "an entry has no uid") }
    return ImportedList(entries: entries, publishedAt: publishedAt)
  }

  private static func name(_ first: String, _ last: String) -> String {
    first.isEmpty ? last : last.isEmpty ? first : "\(first) \(last)"
  }

  private static let kinds: [String: ListEntry.Kind] = [
    "Individual": .person, "Entity": .entity, "Vessel": .vessel, "Aircraft": .aircraft,
  ]
}
