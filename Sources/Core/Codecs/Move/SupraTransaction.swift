/// What a transaction of a Move chain does: it calls one entry function with these bytes.
package struct MoveEntry: Hashable, Sendable {
  package let function: MoveFunction
  package let types: [MoveType]
  /// Each argument in BCS.
  package let arguments: [[UInt8]]

  package init(_ function: MoveFunction, types: [MoveType] = [], arguments: [[UInt8]]) {
    self.function = function
    self.types = types
    self.arguments = arguments
  }

  /// Throws `move.*` for a call that no transaction can make.
  package init(_ call: MoveCall) throws(MoveError) {
    function = try MoveFunction(parsing: call.function)
    var types: [MoveType] = []
    for type in call.typeArguments { types.append(try MoveType(parsing: type)) }
    self.types = types
    var arguments: [[UInt8]] = []
    for argument in call.arguments { arguments.append(try argument.bcs) }
    self.arguments = arguments
  }
}

/// A transaction of Supra before it is signed.
///
/// Source: BCS of RawTransaction; Supra signs under a domain of its own, so that bytes for another Move chain are
/// worth nothing there.
package struct SupraTransaction: Hashable, Sendable, BCSEncodable {
  package let sender: MoveAddress
  package let sequenceNumber: UInt64
  package let entry: MoveEntry
  package let maxGasAmount: UInt64
  /// In quants.
  package let gasUnitPrice: UInt64
  /// Seconds since 1970: a block of this time or later does not take it.
  package let expiration: UInt64
  package let chainID: UInt8

  package init(
    sender: MoveAddress, sequenceNumber: UInt64, entry: MoveEntry, maxGasAmount: UInt64, gasUnitPrice: UInt64,
    expiration: UInt64, chainID: UInt8
  ) {
    self.sender = sender
    self.sequenceNumber = sequenceNumber
    self.entry = entry
    self.maxGasAmount = maxGasAmount
    self.gasUnitPrice = gasUnitPrice
    self.expiration = expiration
    self.chainID = chainID
  }

  private static let entryFunction: UInt8 = 2

  /// What the signature is about begins with this hash, so that it fits nothing else.
  package static let domain = Keccak.sha3(Array("SUPRA::RawTransaction".utf8))

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(sender.bytes)
    bytes.append(sequenceNumber)
    bytes.append(SupraTransaction.entryFunction)
    bytes.append(entry.function.address.bytes)
    bytes.append(entry.function.module)
    bytes.append(entry.function.name)
    bytes.append(entry.types)
    bytes.append(length: entry.arguments.count)
    for argument in entry.arguments { bytes.append(bytes: argument) }
    bytes.append(maxGasAmount)
    bytes.append(gasUnitPrice)
    bytes.append(expiration)
    bytes.append(chainID)
  }

  /// Reads the bytes back. Throws `move.bad_transaction` for anything that is not one entry-function transaction.
  package init(bcs bytes: [UInt8]) throws(MoveError) {
    do throws(BCSError) {
      var reader = BCS.Reader(bytes)
      try self.init(from: &reader)
      try reader.finish()
    } catch {
      throw MoveError(.badTransaction, "the bytes are no transaction: \(error.message)")
    }
  }

  private init(from bytes: inout BCS.Reader) throws(BCSError) {
    sender = MoveAddress(try bytes.hash())
    sequenceNumber = try bytes.uint64()
    let offset = bytes.offset
    guard try bytes.uleb128() == UInt64(SupraTransaction.entryFunction) else {
      throw BCSError(.badVariant, at: offset)
    }
    let function = MoveFunction(MoveAddress(try bytes.hash()), try bytes.text(), try bytes.text())
    let types = try bytes.list { bytes throws(BCSError) in try MoveType(from: &bytes) }
    let arguments = try bytes.list { bytes throws(BCSError) in try bytes.byteString() }
    entry = MoveEntry(function, types: types, arguments: arguments)
    maxGasAmount = try bytes.uint64()
    gasUnitPrice = try bytes.uint64()
    expiration = try bytes.uint64()
    chainID = try bytes.uint8()
  }

  /// What Ed25519 signs.
  package var signingMessage: [UInt8] { SupraTransaction.domain.bytes + bcs }
}

/// A transaction of Supra with the signature of a single Ed25519 key.
package struct SupraSignedTransaction: Hashable, Sendable, BCSEncodable {
  package let transaction: SupraTransaction
  /// 32 bytes.
  package let publicKey: [UInt8]
  /// 64 bytes; all zero for a simulation.
  package let signature: [UInt8]

  package init(_ transaction: SupraTransaction, publicKey: [UInt8], signature: [UInt8]) {
    self.transaction = transaction
    self.publicKey = publicKey
    self.signature = signature
  }

  /// What a node simulates: a valid signature is refused there.
  package init(simulating transaction: SupraTransaction, publicKey: [UInt8]) {
    self.init(transaction, publicKey: publicKey, signature: [UInt8](repeating: 0, count: 64))
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(transaction)
    bytes.append(UInt8(0))
    bytes.append(bytes: publicKey)
    bytes.append(bytes: signature)
  }

  /// The body of a submission in bytes: the kind of transaction (1, a Move transaction), then the transaction.
  package var submitBody: [UInt8] { [1] + bcs }

  /// The body of a submission or simulation in JSON.
  package var submitJSON: JSON {
    let raw = transaction
    let payload: JSON = [
      "EntryFunction": [
        "module": ["address": .string(raw.entry.function.address.long), "name": .string(raw.entry.function.module)],
        "function": .string(raw.entry.function.name), "ty_args": .array(raw.entry.types.map(\.tagJSON)),
        "args": .array(raw.entry.arguments.map { .array($0.map { .integer($0) }) }),
      ]
    ]
    let body: JSON = [
      "sender": .string(raw.sender.long), "sequence_number": .integer(raw.sequenceNumber), "payload": payload,
      "max_gas_amount": .integer(raw.maxGasAmount), "gas_unit_price": .integer(raw.gasUnitPrice),
      "expiration_timestamp_secs": .integer(raw.expiration), "chain_id": .integer(raw.chainID),
    ]
    return [
      "Move": [
        "raw_txn": body,
        "authenticator": [
          "Ed25519": [
            "public_key": .string(Hex.prefixed(publicKey)), "signature": .string(Hex.prefixed(signature)),
          ]
        ],
      ]
    ]
  }
}

extension MoveType {
  /// As serde writes a TypeTag: a word, or an object of one key.
  var tagJSON: JSON {
    switch self {
    case .vector(let element): ["vector": element.tagJSON]
    case .structure(let structure):
      [
        "struct": [
          "address": .string(structure.address.long), "module": .string(structure.module),
          "name": .string(structure.name), "type_args": .array(structure.types.map(\.tagJSON)),
        ]
      ]
    case .bool, .u8, .u16, .u32, .u64, .u128, .u256, .address, .signer: .string(description)
    }
  }
}
