import Money

extension EVMSignedTransaction {
  /// Reads signed bytes. Only what a chain would take, in its one encoding, is accepted: no high s, no leading zeros,
  /// no legacy transaction without chain id.
  ///
  /// Throws any `transaction.*` code.
  package init(decoding raw: [UInt8]) throws(TransactionError) {
    let (form, fields) = try EVMTransaction.open(raw)
    var reader = FieldReader(fields)
    switch form {
    case .legacy:
      let call = try LegacyCall(&reader)
      let v = try reader.uint64()
      // 27 and 28 are the forms before EIP-155: such bytes could be replayed on every chain.
      guard v >= 37 else { throw TransactionError(.noChainID, "the signature names no chain") }
      let signature = try reader.signature(yParity: UInt8((v - 35) & 1))
      try reader.finish()
      self.init(try call.transaction(chainID: (v - 35) / 2), signature: signature)
    case .accessList, .dynamic:
      let transaction = try EVMTransaction(typed: form, &reader)
      let parity = try reader.uint64()
      guard let yParity = UInt8(exactly: parity) else {
        throw TransactionError(.badSignature, "the parity is above 1")
      }
      let signature = try reader.signature(yParity: yParity)
      try reader.finish()
      self.init(transaction, signature: signature)
    }
  }
}

extension EVMTransaction {
  /// Reads the bytes whose hash is signed: the way of a signer to see what it is asked for.
  ///
  /// Throws any `transaction.*` code.
  package init(decodingUnsigned bytes: [UInt8]) throws(TransactionError) {
    let (form, fields) = try EVMTransaction.open(bytes)
    var reader = FieldReader(fields)
    switch form {
    case .legacy:
      let call = try LegacyCall(&reader)
      let chainID = try reader.uint64()
      guard try reader.uint64() == 0, try reader.uint64() == 0 else {
        throw TransactionError(.badField, "the two fields behind the chain id must be zero")
      }
      self = try call.transaction(chainID: chainID)
    case .accessList, .dynamic: self = try EVMTransaction(typed: form, &reader)
    }
    try reader.finish()
  }

  fileprivate enum Form { case legacy, accessList, dynamic }

  /// Longest transaction that is read; nodes take at most 128 KiB (without blobs).
  fileprivate static let mostBytes = 1 << 20

  /// Tells the form by the first byte and takes the list apart. Source: EIP-2718.
  fileprivate static func open(_ bytes: [UInt8]) throws(TransactionError) -> (Form, [RLP.Item]) {
    guard let first = bytes.first else { throw TransactionError(.malformed, "there are no bytes") }
    let form: Form
    switch first {
    case 0xc0...: form = .legacy
    case 0x01: form = .accessList
    case 0x02: form = .dynamic
    default: throw TransactionError(.unknownType, "transaction type \(first) is not known")
    }
    do {
      let body = form == .legacy ? bytes[...] : bytes.dropFirst()
      return (form, try RLP.decode(body, mostBytes: mostBytes, mostDepth: 4).list())
    } catch { throw TransactionError(error) }
  }

  /// Reads the fields of type 1 or 2 up to the access list.
  fileprivate init(typed form: Form, _ reader: inout FieldReader) throws(TransactionError) {
    let chainID = try reader.uint64()
    let nonce = try reader.uint64()
    let firstPrice = try reader.uint256()
    let secondPrice = form == .dynamic ? try reader.uint256() : .zero
    let gasLimit = try reader.uint64()
    let to = try reader.recipient()
    let value = try reader.uint256()
    let data = try reader.bytes()
    let list = try reader.accessList()
    let fees: Fees =
      form == .dynamic
      ? .dynamic(maxFeePerGas: secondPrice, maxPriorityFeePerGas: firstPrice, list)
      : .accessList(gasPrice: firstPrice, list)
    try self.init(chainID: chainID, nonce: nonce, gasLimit: gasLimit, to: to, value: value, data: data, fees: fees)
  }
}

/// The fields of a legacy transaction before the chain id is known.
private struct LegacyCall {
  let nonce: UInt64
  let gasPrice: UInt256
  let gasLimit: UInt64
  let to: EVMAddress?
  let value: UInt256
  let data: [UInt8]

  init(_ reader: inout FieldReader) throws(TransactionError) {
    nonce = try reader.uint64()
    gasPrice = try reader.uint256()
    gasLimit = try reader.uint64()
    to = try reader.recipient()
    value = try reader.uint256()
    data = try reader.bytes()
  }

  func transaction(chainID: UInt64) throws(TransactionError) -> EVMTransaction {
    try EVMTransaction(
      chainID: chainID, nonce: nonce, gasLimit: gasLimit, to: to, value: value, data: data,
      fees: .legacy(gasPrice: gasPrice))
  }
}

/// Takes the fields of a list one after the other.
private struct FieldReader {
  private var rest: ArraySlice<RLP.Item>

  init(_ fields: [RLP.Item]) { rest = fields[...] }

  mutating func uint64() throws(TransactionError) -> UInt64 {
    try read { (item) throws(RLPError) in try item.uint64() }
  }
  mutating func uint256() throws(TransactionError) -> UInt256 {
    try read { (item) throws(RLPError) in try item.uint256() }
  }
  mutating func bytes() throws(TransactionError) -> [UInt8] { try read { (item) throws(RLPError) in try item.bytes() } }

  /// Twenty bytes, or none for a deployment.
  mutating func recipient() throws(TransactionError) -> EVMAddress? {
    let bytes = try bytes()
    return bytes.isEmpty ? nil : try address(bytes)
  }

  mutating func signature(yParity: UInt8) throws(TransactionError) -> EVMSignature {
    try EVMSignature(r: try uint256(), s: try uint256(), yParity: yParity)
  }

  mutating func accessList() throws(TransactionError) -> [EVMAccess] {
    var entries = try list()
    var out: [EVMAccess] = []
    while !entries.rest.isEmpty {
      var entry = try entries.list()
      let address = try address(try entry.bytes())
      var keys = try entry.list()
      try entry.finish()
      var storageKeys: [Hash32] = []
      while !keys.rest.isEmpty {
        guard let key = Hash32(try keys.bytes()) else { throw TransactionError(.badField, "a storage key is 32 bytes") }
        storageKeys.append(key)
      }
      out.append(EVMAccess(address: address, storageKeys: storageKeys))
    }
    return out
  }

  /// The fields of a list inside this one.
  mutating func list() throws(TransactionError) -> FieldReader {
    FieldReader(try read { (item) throws(RLPError) in try item.list() })
  }

  func finish() throws(TransactionError) {
    guard rest.isEmpty else { throw TransactionError(.malformed, "there are too many fields") }
  }

  private func address(_ bytes: [UInt8]) throws(TransactionError) -> EVMAddress {
    guard let address = EVMAddress(bytes) else { throw TransactionError(.badField, "an address is 20 bytes") }
    return address
  }

  private mutating func read<Value>(_ body: (RLP.Item) throws(RLPError) -> Value) throws(TransactionError) -> Value {
    guard let item = rest.popFirst() else { throw TransactionError(.malformed, "there are too few fields") }
    do { return try body(item) } catch { throw TransactionError(error) }
  }
}
