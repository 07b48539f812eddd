import Money

/// Sizes are added up before the first byte is written, so that each form is one allocation.
extension EVMTransaction {
  /// The bytes whose hash is signed.
  package var unsignedBytes: [UInt8] {
    var out: [UInt8] = []
    appendUnsigned(to: &out)
    return out
  }

  /// The digest to sign.
  package var signingHash: Hash32 { Keccak.hash256(unsignedBytes) }

  /// As `signingHash`; `scratch` is overwritten, and a caller that keeps it saves an allocation each time.
  package func signingHash(scratch: inout [UInt8]) -> Hash32 {
    scratch.removeAll(keepingCapacity: true)
    appendUnsigned(to: &scratch)
    return Keccak.hash256(scratch)
  }

  /// Appends the bytes whose hash is signed.
  package func appendUnsigned(to out: inout [UInt8]) {
    var payload = fieldsSize
    if isLegacy { payload += RLP.size(of: chainID) + 2 }
    out.reserveCapacity(out.count + payload + 10)
    appendHeader(payload: payload, to: &out)
    appendFields(to: &out)
    if isLegacy {
      RLP.append(chainID, to: &out)
      RLP.append(0, to: &out)
      RLP.append(0, to: &out)
    }
  }

  /// The signed bytes, ready to send.
  package func raw(_ signature: EVMSignature) -> [UInt8] {
    var out: [UInt8] = []
    appendRaw(signature, to: &out)
    return out
  }

  /// Appends the signed bytes.
  package func appendRaw(_ signature: EVMSignature, to out: inout [UInt8]) {
    let v = v(signature)
    let payload = fieldsSize + RLP.size(of: v) + RLP.size(of: signature.r) + RLP.size(of: signature.s)
    out.reserveCapacity(out.count + payload + 10)
    appendHeader(payload: payload, to: &out)
    appendFields(to: &out)
    RLP.append(v, to: &out)
    RLP.append(signature.r, to: &out)
    RLP.append(signature.s, to: &out)
  }

  /// The parity; for legacy transactions with the chain id mixed in, as EIP-155 says.
  func v(_ signature: EVMSignature) -> UInt64 {
    // The initialiser keeps the chain id small enough for this sum.
    isLegacy ? chainID * 2 + 35 + UInt64(signature.yParity) : UInt64(signature.yParity)
  }

  private var isLegacy: Bool { if case .legacy = fees { true } else { false } }

  private func appendHeader(payload: Int, to out: inout [UInt8]) {
    switch fees {
    case .legacy: break
    case .accessList: out.append(0x01)
    case .dynamic: out.append(0x02)
    }
    RLP.appendListHeader(payload: payload, to: &out)
  }

  /// The size of what `appendFields` writes.
  private var fieldsSize: Int {
    let common =
      RLP.size(of: nonce) + RLP.size(of: gasLimit) + (to == nil ? 1 : 21) + RLP.size(of: value)
      + RLP.size(ofBytes: data.count, first: data.first)
    switch fees {
    case .legacy(let price): return common + RLP.size(of: price)
    case .accessList(let price, let list):
      return common + RLP.size(of: chainID) + RLP.size(of: price) + EVMAccess.size(of: list)
    case .dynamic(let cap, let tip, let list):
      return common + RLP.size(of: chainID) + RLP.size(of: cap) + RLP.size(of: tip) + EVMAccess.size(of: list)
    }
  }

  /// The fields that both forms share, from the nonce or chain id to the data or access list.
  private func appendFields(to out: inout [UInt8]) {
    switch fees {
    case .legacy(let price):
      RLP.append(nonce, to: &out)
      RLP.append(price, to: &out)
      appendCall(to: &out)
    case .accessList(let price, let list):
      RLP.append(chainID, to: &out)
      RLP.append(nonce, to: &out)
      RLP.append(price, to: &out)
      appendCall(to: &out)
      EVMAccess.append(list, to: &out)
    case .dynamic(let cap, let tip, let list):
      RLP.append(chainID, to: &out)
      RLP.append(nonce, to: &out)
      RLP.append(tip, to: &out)
      RLP.append(cap, to: &out)
      appendCall(to: &out)
      EVMAccess.append(list, to: &out)
    }
  }

  private func appendCall(to out: inout [UInt8]) {
    RLP.append(gasLimit, to: &out)
    if let to { RLP.append(to, to: &out) } else { out.append(0x80) }
    RLP.append(value, to: &out)
    RLP.append(data, to: &out)
  }
}

extension EVMAccess {
  private var keysPayload: Int { storageKeys.count * 33 }
  private var payload: Int { 21 + RLP.size(ofListPayload: keysPayload) }

  fileprivate static func size(of list: [EVMAccess]) -> Int {
    RLP.size(ofListPayload: list.reduce(0) { $0 + RLP.size(ofListPayload: $1.payload) })
  }

  fileprivate static func append(_ list: [EVMAccess], to out: inout [UInt8]) {
    RLP.appendListHeader(payload: list.reduce(0) { $0 + RLP.size(ofListPayload: $1.payload) }, to: &out)
    for entry in list {
      RLP.appendListHeader(payload: entry.payload, to: &out)
      RLP.append(entry.address, to: &out)
      RLP.appendListHeader(payload: entry.keysPayload, to: &out)
      for key in entry.storageKeys {
        out.append(0xa0)
        key.append(to: &out)
      }
    }
  }
}
