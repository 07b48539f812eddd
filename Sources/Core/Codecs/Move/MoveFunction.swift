/// Where a function is declared, and its name: `0x1::supra_account::transfer`.
package struct MoveFunction: Hashable, Sendable, CustomStringConvertible {
  package let address: MoveAddress
  package let module: String
  package let name: String

  package init(_ address: MoveAddress, _ module: String, _ name: String) {
    self.address = address
    self.module = module
    self.name = name
  }

  /// Throws `move.bad_function`. The address may be shortened: a function that is not there moves nothing.
  package init(parsing text: String) throws(MoveError) { try self.init(parsing: text, refusal: .badFunction) }

  init(parsing text: String, refusal code: MoveError.Code) throws(MoveError) {
    let parts = text.components(between: "::")
    guard parts.count == 3, parts.dropFirst().allSatisfy(MoveFunction.isName),
      let address = try? MoveAddress(shortened: parts[0])
    else { throw MoveError(code, "that is not ADDRESS::module::name", hint: "such as 0x1::coin::transfer") }
    self.init(address, parts[1], parts[2])
  }

  package var description: String { "\(address)::\(module)::\(name)" }

  /// Letters, digits and underscores, not beginning with a digit; the language allows 128 of them.
  private static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, text.utf8.count <= 128, !(0x30...0x39).contains(first) else { return false }
    return text.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) || byte == 0x5f
    }
  }
}

extension String {
  /// Parts between every occurrence of `separator`, which is not empty.
  fileprivate func components(between separator: String) -> [String] {
    var parts = [""]
    var rest = self[...]
    while let character = rest.first {
      if rest.hasPrefix(separator) {
        parts.append("")
        rest = rest.dropFirst(separator.count)
      } else {
        parts[parts.count - 1].append(character)
        rest.removeFirst()
      }
    }
    return parts
  }
}

/// A call of a function, of a view or for a transaction: the same words for both.
package struct MoveCall: Equatable, Sendable, CustomStringConvertible {
  /// `ADDRESS::module::name`. Kept as it was configured: who sends it reads it, and refuses what is none.
  package let function: String
  package let typeArguments: [String]
  package let arguments: [MoveValue]

  package init(_ function: String, types typeArguments: [String] = [], _ arguments: [MoveValue] = []) {
    self.function = function
    self.typeArguments = typeArguments
    self.arguments = arguments
  }

  /// `0xa1::hub::get_registration u64:0`.
  package var description: String { ([function] + arguments.map(\.text)).joined(separator: " ") }

  /// The body of a view request.
  package var viewBody: JSON {
    [
      "function": .string(function), "type_arguments": .array(typeArguments.map { .string($0) }),
      "arguments": .array(arguments.map(\.json)),
    ]
  }

  /// For programs: what would be sent.
  package var json: JSON {
    [
      "function": .string(function), "type_arguments": .array(typeArguments.map { .string($0) }),
      "arguments": .array(arguments.map { .string($0.text) }),
    ]
  }
}
