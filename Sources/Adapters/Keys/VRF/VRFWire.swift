import Codecs
import Curves

/// What goes between a draw and the keeper of a VRF key: frames as a signer's, with records of their own.
enum VRFCall: Hashable, Sendable {
  /// Which key is kept.
  case describe
  /// The proof for a closing commitment.
  case prove([UInt8])

  static let mostFrame = 16 << 10

  var bytes: [UInt8] {
    var writer = CanonicalBytes.Writer(tag: "almoner/vrf-call/1")
    switch self {
    case .describe: writer.append(UInt8(0))
    case .prove(let commitment):
      writer.append(UInt8(1))
      writer.append(commitment)
    }
    return writer.bytes
  }

  /// Nil for bytes that are no call.
  init?(_ bytes: [UInt8]) {
    do throws(CanonicalBytesError) {
      var reader = try CanonicalBytes.Reader(bytes, tag: "almoner/vrf-call/1")
      switch try reader.uint8() {
      case 0: self = .describe
      case 1: self = .prove(try reader.bytes())
      default: return nil
      }
      try reader.finish()
    } catch { return nil }
  }
}

enum VRFAnswer: Hashable, Sendable {
  /// The public key.
  case key([UInt8])
  /// 80 bytes.
  case proof([UInt8])
  case refused(RandomnessError)

  var bytes: [UInt8] {
    var writer = CanonicalBytes.Writer(tag: "almoner/vrf-answer/1")
    switch self {
    case .key(let key):
      writer.append(UInt8(0))
      writer.append(key)
    case .proof(let proof):
      writer.append(UInt8(1))
      writer.append(proof)
    case .refused(let error):
      writer.append(UInt8(2))
      writer.append(error.code.rawValue)
      writer.append(error.message)
      writer.append(error.hint ?? "")
    }
    return writer.bytes
  }

  /// Nil for bytes that are no answer.
  init?(_ bytes: [UInt8]) {
    do throws(CanonicalBytesError) {
      var reader = try CanonicalBytes.Reader(bytes, tag: "almoner/vrf-answer/1")
      switch try reader.uint8() {
      case 0: self = .key(try reader.bytes())
      case 1: self = .proof(try reader.bytes())
      case 2:
        guard let code = RandomnessError.Code(rawValue: try reader.string()) else { return nil }
        let (message, hint) = (try reader.string(), try reader.string())
        self = .refused(RandomnessError(code, message, hint: hint.isEmpty ? nil : hint))
      default: return nil
      }
      try reader.finish()
    } catch { return nil }
  }
}
