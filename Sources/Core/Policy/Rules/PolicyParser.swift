import Codecs
import Money

extension PolicyDocument {
  /// Largest file, rules, conditions in one rule, and entries of all lists.
  package static let mostBytes = 16 << 20
  static let mostRules = 1000
  static let mostDepth = 8
  static let mostLimits = 50

  /// Reads a policy file (docs/guide/screening.md, docs/reference/policy.schema.json).
  ///
  /// Throws `policy.bad_text` with the place: `rules[2].when[0].op: ...`. Unknown keys are refused: a rule with a slip of
  /// the pen must not be a rule without that condition.
  package static func parse(_ bytes: [UInt8]) throws(PolicyError) -> PolicyDocument {
    let json: JSON
    let canonical: [UInt8]
    do {
      json = try JSON.parse(bytes, limits: JSON.Limits(bytes: mostBytes, depth: 16))
      canonical = try CanonicalJSON.bytes(json)
    } catch {
      throw PolicyError(.badText, "the file is not JSON at byte \(error.offset): \(error.message)")
    }
    let top = try Place(json, "").object(
      required: ["format", "name", "rules", "otherwise"], optional: ["description", "max_age_hours", "lists", "limits"])
    guard top["format"]?.value == .number("1") else { throw Place.bad("format", "only format 1 is known") }
    _ = try top["description"]?.text(most: 2000)
    let hours = try top["max_age_hours"]?.number(1...8760) ?? 24
    var values = ListValues()
    var lists: [AddressList] = []
    for place in try top["lists"]?.array(most: 100) ?? [] { try values.add(place, &lists) }
    var limits: [RateLimit] = []
    for place in try top["limits"]?.array(most: mostLimits) ?? [] {
      let limit = try RateLimit(place)
      guard values.addLimit(limit.name, place.value) else { throw Place.bad(place.path + ".name", "comes twice") }
      limits.append(limit)
    }
    var rules: [Rule] = []
    var ruleBytes: [String: [UInt8]] = [:]
    for place in try top["rules"]?.array(most: mostRules) ?? [] {
      let rule = try Rule(place, values)
      guard ruleBytes[rule.id] == nil else { throw Place.bad(place.path + ".id", "\"\(rule.id)\" comes twice") }
      do { ruleBytes[rule.id] = try CanonicalJSON.bytes(place.value) + values.bytes(place.value) } catch {
        throw place.bad(error.message)
      }
      rules.append(rule)
    }
    return PolicyDocument(
      name: try top["name"]?.word() ?? "", maxAgeSeconds: Int64(hours) * 3600, lists: lists, rules: rules,
      limits: limits,
      otherwise: try top["otherwise"]?.outcome() ?? .deny, canonical: canonical, digest: Keccak.hash256(canonical),
      ruleBytes: ruleBytes)
  }
}

extension Rule {
  fileprivate init(_ place: Place, _ values: ListValues) throws(PolicyError) {
    let parts = try place.object(required: ["id", "when", "then", "reason"], optional: ["description"])
    guard let id = parts["id"], let when = parts["when"], let then = parts["then"], let reason = parts["reason"] else {
      throw place.bad("is not whole")
    }
    var conditions: [Condition] = []
    for part in try when.array(most: 50) { conditions.append(try Condition(part, values, depth: 0)) }
    guard !conditions.isEmpty else { throw when.bad("names no condition; what always holds is \"otherwise\"") }
    let name = try id.word()
    guard !name.hasPrefix("list.") else { throw id.bad("\"list.\" begins the names of lists") }
    self.init(
      id: name, description: try parts["description"]?.text(most: 500) ?? "", when: .all(conditions),
      outcome: try then.outcome(), reason: try reason.word())
  }
}

extension RateLimit {
  fileprivate init(_ place: Place) throws(PolicyError) {
    let parts = try place.object(
      required: ["name", "per", "window_seconds"], optional: ["quota", "window", "campaigns", "description"])
    guard let name = parts["name"], let per = parts["per"], let seconds = parts["window_seconds"] else {
      throw place.bad("is not whole")
    }
    let word = try name.word()
    guard !word.hasPrefix("AM_") else { throw name.bad("\"AM_\" begins the names of settings") }
    guard let kind = Per(rawValue: try per.text(most: 20)) else {
      throw per.bad("is none of \(Per.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    guard let window = Window(rawValue: try parts["window"]?.text(most: 20) ?? Window.sliding.rawValue) else {
      throw place.bad("the window is none of fixed, sliding")
    }
    _ = try parts["description"]?.text(most: 500)
    let quota = try parts["quota"]?.number(1...UInt64(RateLimit.mostQuota))
    self.init(
      name: word, per: kind, window: window,
      seconds: Int64(try seconds.number(1...UInt64(RateLimit.mostSeconds))), quota: quota.map { Int64($0) },
      campaigns: try place.campaigns(parts["campaigns"]))
  }
}

extension Condition {
  fileprivate init(_ place: Place, _ values: ListValues, depth: Int) throws(PolicyError) {
    guard depth < PolicyDocument.mostDepth else { throw place.bad("is nested too deep") }
    guard let object = place.value.object else { throw place.bad("is not an object") }
    if object["any"] != nil || object["all"] != nil || object["not"] != nil {
      let parts = try place.object(required: [], optional: ["any", "all", "not"])
      guard parts.count == 1 else { throw place.bad("holds more than one of any, all, not") }
      if let inner = parts["not"] {
        self = .not(try Condition(inner, values, depth: depth + 1))
        return
      }
      guard let list = parts["any"] ?? parts["all"] else { throw place.bad("is not whole") }
      var conditions: [Condition] = []
      for part in try list.array(most: 50) { conditions.append(try Condition(part, values, depth: depth + 1)) }
      guard !conditions.isEmpty else { throw list.bad("is empty") }
      self = parts["any"] != nil ? .any(conditions) : .all(conditions)
      return
    }
    let parts = try place.object(required: ["attribute", "op"], optional: ["value", "decimals", "zone"])
    guard let name = parts["attribute"], let word = parts["op"] else { throw place.bad("is not whole") }
    guard let attribute = Attribute(text: try name.text(most: 200)) else {
      throw name.bad("is none of \(Attribute.names.joined(separator: ", ")), recipient.metadata.NAME, used.NAME")
    }
    if case .used(let limit) = attribute, !values.hasLimit(limit) { throw name.bad("there is no limit of that name") }
    guard let operation = Operation(rawValue: try word.text(most: 40)) else {
      throw word.bad("is none of \(Operation.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    let reader = TestReader(attribute: attribute, operation: operation, place: place, parts: parts, values: values)
    self = try reader.condition()
  }
}

/// The words of comparison.
package enum Operation: String, CaseIterable, Sendable {
  case exists, eq, `in`, suffix, domain, cidr, lt, le, gt, ge, between
  case notIn = "not_in"
  case multipleOf = "multiple_of"
  case inList = "in_list"
  case notInList = "not_in_list"
}
