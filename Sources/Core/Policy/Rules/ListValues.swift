import Chains
import Codecs

/// The lists and limits of a file while it is read: lists of addresses decide by themselves, those of values serve
/// `in_list`, limits serve `used.NAME`.
struct ListValues {
  private var values: [String: [Place]] = [:]
  private var names: Set<String> = []
  private var limits: [String: JSON] = [:]

  /// False for a name that there is already.
  mutating func addLimit(_ name: String, _ value: JSON) -> Bool {
    guard limits[name] == nil else { return false }
    limits[name] = value
    return true
  }

  func hasLimit(_ name: String) -> Bool { limits[name] != nil }

  mutating func add(_ place: Place, _ lists: inout [AddressList]) throws(PolicyError) {
    let parts = try place.object(required: ["name", "kind", "entries"], optional: ["campaigns", "description"])
    guard let name = parts["name"], let kind = parts["kind"], let entries = parts["entries"] else {
      throw place.bad("is not whole")
    }
    let text = try name.word()
    guard names.insert(text).inserted else { throw name.bad("\"\(text)\" comes twice") }
    _ = try parts["description"]?.text(most: 500)
    let given = try entries.array(most: 1_000_000)
    let word = try kind.text(most: 20)
    if word == "values" {
      guard parts["campaigns"] == nil else { throw place.bad("a list of values is for the rules that name it") }
      values[text] = given
      return
    }
    guard let known = AddressList.Kind(rawValue: word) else { throw kind.bad("is none of deny, grey, allow, values") }
    var addresses: Set<Address> = []
    for entry in given { addresses.insert(try entry.address()) }
    let campaigns = try place.campaigns(parts["campaigns"])
    lists.append(AddressList(name: text, kind: known, campaigns: campaigns, entries: addresses))
  }

  /// The entries of a list of values.
  func entries(_ place: Place) throws(PolicyError) -> [Place] {
    guard let found = values[try place.text(most: 64)] else {
      throw place.bad("there is no list of values of that name")
    }
    return found
  }

  /// The entries of every list and the limits that a rule names, as bytes: the rule is another one when they change.
  func bytes(_ json: JSON) -> [UInt8] {
    if let elements = json.array { return elements.flatMap { bytes($0) } }
    guard let object = json.object else { return [] }
    if let word = object["op"]?.string, word == Operation.inList.rawValue || word == Operation.notInList.rawValue,
      let name = object["value"]?.string
    {
      return (values[name] ?? []).flatMap { $0.value.utf8 + [0x0a] }
    }
    if let text = object["attribute"]?.string, case .used(let name) = Attribute(text: text) {
      return (limits[name]?.utf8 ?? []) + [0x0a]
    }
    return object.members.flatMap { bytes($0.value) }
  }
}
