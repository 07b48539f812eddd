import Chains
import Codecs
import Money

/// Reads `op` and `value` of a condition as what its attribute can be compared with.
struct TestReader {
  let attribute: Attribute
  let operation: Operation
  let place: Place
  let parts: [String: Place]
  let values: ListValues

  func condition() throws(PolicyError) -> Condition {
    guard parts["decimals"] == nil || attribute.kind == .amount else {
      throw place.bad("\"decimals\" belongs to amounts")
    }
    guard (parts["zone"] != nil) == (attribute.kind == .minute) else {
      throw place.bad("\"zone\" belongs to time.of_day, and must stand there")
    }
    if operation == .exists {
      guard let flag = try value().value.bool else { throw try value().bad("is neither true nor false") }
      guard attribute.mayBeMissing else { throw place.bad("\(attribute.text) is always there") }
      return .test(attribute, .exists(flag))
    }
    switch attribute.kind {
    case .text: return try text()
    case .address:
      let set = try many { (part: Place) throws(PolicyError) in try part.address() }
      return negated(.addresses(Set(set)), when: [.notIn, .notInList])
    case .amount: return try amount()
    case .count: return try count()
    case .ip: return try ranges()
    case .minute: return try minutes()
    }
  }

  private func value() throws(PolicyError) -> Place {
    guard let value = parts["value"] else { throw place.bad("the key \"value\" is missing") }
    return value
  }

  /// One value for `eq`, an array for `in`, a list's name for `in_list`.
  private func many<Element>(
    _ read: (Place) throws(PolicyError) -> Element
  ) throws(PolicyError) -> [Element] {
    let value = try value()
    let given: [Place] =
      switch operation {
      case .in, .notIn, .cidr: try value.array(most: 10_000)
      case .inList, .notInList: try values.entries(value)
      case .eq: [value]
      case .exists, .suffix, .domain, .lt, .le, .gt, .ge, .between, .multipleOf: throw unfit
      }
    guard !given.isEmpty else { throw value.bad("is empty") }
    var elements: [Element] = []
    for part in given { elements.append(try read(part)) }
    return elements
  }

  private var unfit: PolicyError { place.bad("\(operation.rawValue) does not fit \(attribute.text)") }

  private func negated(_ test: Test, when not: Set<Operation>) -> Condition {
    not.contains(operation) ? .not(.test(attribute, test)) : .test(attribute, test)
  }

  // MARK: Kinds

  private func text() throws(PolicyError) -> Condition {
    switch operation {
    case .suffix:
      let suffix = try value().text(most: 200)
      guard !suffix.isEmpty else { throw try value().bad("is empty") }
      return .test(attribute, .suffix(attribute.isLower ? suffix.lowercased() : suffix))
    case .domain:
      guard attribute == .email else { throw unfit }
      var domains: Set<String> = []
      let value = try value()
      for part in value.value.array == nil ? [value] : try value.array(most: 10_000) {
        guard let domain = EmailText.domain(try part.text(most: 253)) else { throw part.bad("is not a domain") }
        domains.insert(domain)
      }
      guard !domains.isEmpty else { throw value.bad("is empty") }
      return .test(attribute, .domain(domains))
    case .eq, .in, .notIn, .inList, .notInList:
      let set = try many { (part: Place) throws(PolicyError) in
        guard let text = attribute.normalized(try part.text(most: 1000)) else {
          throw part.bad("can never be a value of \(attribute.text)")
        }
        return text
      }
      return negated(.text(Set(set)), when: [.notIn, .notInList])
    case .exists, .cidr, .lt, .le, .gt, .ge, .between, .multipleOf: throw unfit
    }
  }

  private func units(_ place: Place) throws(PolicyError) -> UInt256 {
    // A number's text is exact too, but other programs read 1e18 into floating point before they write it again.
    let text = try place.text(most: 100)
    let decimals = try parts["decimals"]?.number(0...77) ?? 0
    do { return try DecimalText.units(Array(text.utf8), decimals: Int(decimals)) } catch {
      throw place.bad(error.message)
    }
  }

  private func amount() throws(PolicyError) -> Condition {
    let value = try value()
    switch operation {
    case .eq:
      let units = try units(value)
      return .test(attribute, .units(from: units, through: units))
    case .ge: return .test(attribute, .units(from: try units(value), through: .max))
    case .le: return .test(attribute, .units(from: .zero, through: try units(value)))
    case .lt: return .not(.test(attribute, .units(from: try units(value), through: .max)))
    case .gt: return .not(.test(attribute, .units(from: .zero, through: try units(value))))
    case .between:
      let ends = try value.array(most: 2)
      guard ends.count == 2 else { throw value.bad("is not two amounts") }
      let (from, through) = (try units(ends[0]), try units(ends[1]))
      guard !(through < from) else { throw value.bad("ends before it begins") }
      return .test(attribute, .units(from: from, through: through))
    case .multipleOf:
      guard let step = try units(value).uint64, step > 0 else {
        throw value.bad("is not from 1 to 2^64 - 1 base units")
      }
      return .test(attribute, .multipleOf(step))
    case .exists, .in, .notIn, .suffix, .domain, .cidr, .inList, .notInList: throw unfit
    }
  }

  private func count() throws(PolicyError) -> Condition {
    let value = try value()
    let all: ClosedRange<UInt64> = 0...UInt64.max
    switch operation {
    case .eq:
      let count = try value.number(all)
      return .test(attribute, .count(from: count, through: count))
    case .ge: return .test(attribute, .count(from: try value.number(all), through: .max))
    case .le: return .test(attribute, .count(from: 0, through: try value.number(all)))
    case .lt: return .not(.test(attribute, .count(from: try value.number(all), through: .max)))
    case .gt: return .not(.test(attribute, .count(from: 0, through: try value.number(all))))
    case .between:
      let ends = try value.array(most: 2)
      guard ends.count == 2 else { throw value.bad("is not two numbers") }
      let (from, through) = (try ends[0].number(all), try ends[1].number(all))
      guard from <= through else { throw value.bad("ends before it begins") }
      return .test(attribute, .count(from: from, through: through))
    case .exists, .in, .notIn, .suffix, .domain, .cidr, .multipleOf, .inList, .notInList: throw unfit
    }
  }

  private func ranges() throws(PolicyError) -> Condition {
    guard [.eq, .in, .notIn, .cidr, .inList, .notInList].contains(operation) else { throw unfit }
    let ranges = try many { (part: Place) throws(PolicyError) in
      guard let range = IPRange(try part.text(most: 60)) else {
        throw part.bad("is not an IP address or a range such as 10.0.0.0/8")
      }
      return range
    }
    return negated(.ranges(ranges), when: [.notIn, .notInList])
  }

  private func minutes() throws(PolicyError) -> Condition {
    guard operation == .between else { throw unfit }
    let value = try value()
    let ends = try value.array(most: 2)
    guard ends.count == 2 else { throw value.bad("is not two times of the day") }
    let zone = try parts["zone"]?.text(most: 64) ?? ""
    guard !zone.isEmpty else { throw place.bad("\"zone\" is empty") }
    return .test(attribute, .minutes(from: try minute(ends[0]), to: try minute(ends[1]), zone: zone))
  }

  private func minute(_ place: Place) throws(PolicyError) -> Int {
    let bytes = Array(try place.text(most: 5).utf8)
    let digits = [0, 1, 3, 4].compactMap { bytes.indices.contains($0) ? Int(bytes[$0]) - 0x30 : nil }
    guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"), digits.allSatisfy({ (0...9).contains($0) }) else {
      throw place.bad("is not a time of the day such as 09:30")
    }
    let (hour, minute) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3])
    guard hour < 24, minute < 60 else { throw place.bad("is not a time of the day such as 09:30") }
    return hour * 60 + minute
  }
}

extension Attribute {
  /// Whether `exists` means anything.
  var mayBeMissing: Bool {
    switch self {
    case .email, .ip, .country, .kyc, .metadata: true
    default: false
    }
  }

  var isLower: Bool {
    switch self {
    case .email, .kyc, .kycLevel, .chain, .token: true
    default: false
    }
  }
}
