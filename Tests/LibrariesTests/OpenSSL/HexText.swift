/// Lower-case hex of bytes, and back, for published vectors.
func hex(_ bytes: [UInt8]) -> String {
  bytes.map { byte in
    let text = String(byte, radix: 16)
    return text.utf8.count == 1 ? "0\(text)" : text
  }.joined()
}

func bytes(hex text: String) -> [UInt8] {
  let digits = text.compactMap(\.hexDigitValue).map { UInt8($0) }
  return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}
