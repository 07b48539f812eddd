/// What is set, and from where: flags beat environment beat file beat defaults. A setting whose feature is not built,
/// or whose name is unknown, is refused - never ignored.
package struct Settings: Sendable {
  package enum Source: String, Sendable {
    case flag, environment, file
    case standard = "default"
  }
  package struct Value: Sendable {
    package let text: String
    package let source: Source
  }
  private var values: [String: Value] = [:]

  /// Throws `config.unknown_setting`, `config.not_supported`.
  package init(
    flags: [String: String], environment: [String: String], file: [String: String]
  ) throws(CommandError) {
    let known = Dictionary(SettingSpec.all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    for (source, set) in [(Source.file, file), (.environment, environment), (.flag, flags)] {
      for (name, text) in set.sorted(by: { $0.key < $1.key })
      where (name.hasPrefix("AM_") || known[name] != nil) && name != "AM_CONFIG" {
        guard let spec = known[name] else {
          let near = Nearest.of(name, in: Array(known.keys).sorted()).map { "did you mean \($0)?" }
          throw CommandError(
            .unknownSetting, "\(name) (\(source.rawValue)) is not a setting",
            hint: near ?? "docs/reference/settings.md lists them all")
        }
        if let notYet = spec.notYet {
          throw CommandError(.notSupported, "\(name) is set, but its feature is not built yet", hint: notYet)
        }
        values[name] = Value(text: text, source: source)
      }
    }
    for spec in SettingSpec.all where values[spec.name] == nil {
      if let standard = spec.standard { values[spec.name] = Value(text: standard, source: .standard) }
    }
    try checkMode()
  }

  /// Throws `config.missing` for production without AM_APPROVALS, `config.not_supported` for any other mode.
  private func checkMode() throws(CommandError) {
    switch self["AM_MODE"] {
    case "development": return
    case "production":
      guard self["AM_APPROVALS"] != nil else {
        throw CommandError(
          .missingSetting, "AM_MODE=production needs AM_APPROVALS: every campaign is approved by other people",
          hint: "for example AM_APPROVALS=2/3; or leave AM_MODE unset to work as a single local operator, as every "
            + "report says")
      }
    default:
      throw CommandError(
        .notSupported, "AM_MODE is development or production", hint: "leave AM_MODE unset for development")
    }
  }

  /// The value, or nil when it is neither set nor has a default. An empty text counts as not set.
  package subscript(name: String) -> String? {
    values[name].flatMap { $0.text.isEmpty ? nil : $0.text }
  }

  package func value(_ name: String) -> Value? { values[name] }

  /// The same with another value for one, as if a flag said so.
  func setting(_ name: String, to text: String) -> Settings {
    var copy = self
    copy.values[name] = Value(text: text, source: .flag)
    return copy
  }

  /// Throws `config.missing`.
  package func required(_ name: String, for purpose: String) throws(CommandError) -> String {
    guard let text = self[name] else {
      throw CommandError(
        .missingSetting, "\(name) is not set, and \(purpose) needs it", hint: "see almoner config check")
    }
    return text
  }

  /// A whole number. Throws `config.bad_value`.
  package func number(_ name: String, in range: ClosedRange<Int64>) throws(CommandError) -> Int64? {
    guard let text = self[name] else { return nil }
    guard let number = Int64(text), range.contains(number) else {
      throw CommandError(
        .badSetting, "\(name)=\(text) is not a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// Reads `NAME=VALUE` lines; `#` starts a comment line. Throws `config.bad_value` with the line's number.
  package static func parse(file text: String) throws(CommandError) -> [String: String] {
    var out: [String: String] = [:]
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      // CR LF is one Character, and one line end.
      let trimmed = line.drop { $0 == " " || $0 == "\t" }
      guard !trimmed.isEmpty, !trimmed.hasPrefix("#") else { continue }
      guard let equals = trimmed.firstIndex(of: "=") else {
        throw CommandError(.badSetting, "line \(index + 1) of the settings file is not NAME=VALUE")
      }
      let name = String(trimmed[..<equals])
      var value = trimmed[trimmed.index(after: equals)...]
      while let last = value.last, last == " " || last == "\t" { value.removeLast() }
      let isName = name.hasPrefix("AM_") || SettingSpec.foreignNames.contains(name)
      guard isName, out.updateValue(String(value), forKey: name) == nil else {
        throw CommandError(
          .badSetting, "line \(index + 1) of the settings file: \(name) is no setting, or stands twice")
      }
    }
    return out
  }
}
