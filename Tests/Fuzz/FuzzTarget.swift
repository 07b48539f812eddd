import Airdrop
import Codecs
import Money

/// Parsers of outside data. Each must refuse or accept, never trap; what it accepts must survive writing and reading
/// again. A new case needs a folder of that name in `corpus/`.
enum FuzzTarget: String, CaseIterable {
  case json, address, decimal, hex, csv, recipients

  func run(_ input: [UInt8]) {
    switch self {
    case .json:
      guard let value = try? JSON.parse(input) else { return }
      guard let canonical = try? CanonicalJSON.bytes(value) else { return }
      let again = try? JSON.parse(canonical)
      precondition(again != nil, "canonical JSON does not parse")
      precondition((try? CanonicalJSON.bytes(again ?? .null)) == canonical, "canonical JSON is not stable")
    case .address:
      guard let (address, _) = try? EIP55.parse(String(decoding: input, as: UTF8.self)) else { return }
      precondition((try? EIP55.parse(EIP55.text(address)))?.address == address, "an address changed on the way")
    case .decimal:
      guard let first = input.first else { return }
      let decimals = Int(first % 78)
      guard let units = try? DecimalText.units(input.dropFirst(), decimals: decimals) else { return }
      let text = DecimalText.text(units, decimals: decimals)
      precondition((try? DecimalText.units(text.utf8, decimals: decimals)) == units, "an amount changed on the way")
    case .csv: IngestFuzz.run(input, formats: [.csv])
    case .recipients: IngestFuzz.run(input, formats: [.json, .jsonl])
    case .hex:
      guard let bytes = Hex.bytes(String(decoding: input, as: UTF8.self)) else { return }
      precondition(Hex.bytes(Hex.prefixed(bytes)) == bytes, "bytes changed on the way")
    }
  }
}
