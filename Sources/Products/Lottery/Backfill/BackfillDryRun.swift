package import Codecs

/// What importing a summary file would do, without doing it. Source: spec of the operator tools, 1.16.
package struct BackfillDryRun: Hashable, Sendable {
  /// How the bytes of the file are read.
  package enum Format: String, CaseIterable, Sendable {
    /// Hex if the file is hex text, else the bytes as they are. A binary file that looks like hex is misread.
    case auto
    case hex
    case raw
  }

  /// Where an import would go.
  package struct Target: Hashable, Sendable {
    package let lotteryId: UInt64
    /// As it stands on the command line, before quoting.
    package let config: String
    package let script: String

    package init(lotteryId: UInt64, config: String, script: String) {
      self.lotteryId = lotteryId
      self.config = config
      self.script = script
    }
  }

  package let summary: [UInt8]
  /// As printed; absolute.
  package let summaryPath: String
  package let target: Target?

  /// Reads a file. Throws `historyDecode` when it is not hex though it should be, and, unless `force`, when its bytes are
  /// no summary of a lottery.
  package init(
    file: [UInt8], format: Format = .auto, summaryPath: String, target: Target?, force: Bool = false
  ) throws(LotteryError) {
    summary = try BackfillDryRun.bytes(of: file, format)
    self.summaryPath = summaryPath
    self.target = target
    if !force { _ = try LotterySummary(bcs: summary, schema: .v1) }
  }

  /// SHA3-256 of the bytes: what the import has to name.
  package var expectedHash: Hash32 { Keccak.sha3(summary) }

  package var summaryHex: String { Hex.prefixed(summary) }

  /// The command that imports; nil without a lottery.
  package var suggestedCommand: String? {
    guard let target else { return nil }
    return [target.script, target.config, "import", "\(target.lotteryId)", summaryHex, expectedHash.description]
      .map(BackfillDryRun.quoted).joined(separator: " ")
  }

  /// The object for programs.
  package var json: JSON {
    var object = JSONObject()
    _ = object.append("summary_hex", .string(summaryHex))
    _ = object.append("expected_hash", .string(expectedHash.description))
    _ = object.append("size_bytes", .integer(summary.count))
    _ = object.append("summary_path", .string(summaryPath))
    if let target, let suggestedCommand {
      _ = object.append("lottery_id", .integer(target.lotteryId))
      _ = object.append("config", .string(target.config))
      _ = object.append("script", .string(target.script))
      _ = object.append("suggested_command", .string(suggestedCommand))
    }
    return .object(object)
  }

  /// The lines for people.
  package var lines: [String] {
    var lines = [
      "Summary size: \(summary.count) bytes",
      "Summary hex preview: \(preview)",
      "Expected hash: \(expectedHash)",
    ]
    if let suggestedCommand { lines += ["Suggested import command:", "  \(suggestedCommand)"] }
    return lines
  }

  /// Characters, the `0x` among them.
  private static let previewDigits = 80

  private var preview: String {
    let digits = summary.count * 2
    guard summaryHex.utf8.count > BackfillDryRun.previewDigits else { return summaryHex }
    return "\(summaryHex.prefix(BackfillDryRun.previewDigits))… (total \(digits) hex chars)"
  }

  // MARK: Reading

  private static func bytes(of file: [UInt8], _ format: Format) throws(LotteryError) -> [UInt8] {
    if format == .raw { return file }
    if let decoded = hexText(file) { return decoded }
    guard format == .auto else {
      throw LotteryError(.historyDecode, "the file is no hex text", hint: "Say --input-format raw for a binary file.")
    }
    return file
  }

  /// The bytes of hex text: blanks around it, `0x` and `_` do not count; an odd digit gets a 0 in front. nil for other text.
  private static func hexText(_ file: [UInt8]) -> [UInt8]? {
    var digits = file[...]
    while let first = digits.first, isBlank(first) { digits.removeFirst() }
    while let last = digits.last, isBlank(last) { digits.removeLast() }
    if digits.starts(with: [0x30, 0x78]) || digits.starts(with: [0x30, 0x58]) { digits.removeFirst(2) }
    var values = digits.filter { $0 != UInt8(ascii: "_") }
    if !values.count.isMultiple(of: 2) { values.insert(0x30, at: 0) }
    guard values.allSatisfy({ Hex.value(ofDigit: $0) != nil }) else { return nil }
    return Hex.bytes(String(decoding: values, as: UTF8.self))
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

  /// One word of a shell's command line.
  private static func quoted(_ word: String) -> String {
    let plain = word.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
      default: "@%_+=:,./-".utf8.contains(byte)
      }
    }
    if plain && !word.isEmpty { return word }
    return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\"'\"'") + "'"
  }
}
