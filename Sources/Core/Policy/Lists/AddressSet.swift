package import Codecs

/// Hundreds of thousands of listed addresses in flat memory: who is on it is found without an allocation.
///
/// Two tables of open addressing, for EVM addresses and for text. A table holds 16-bit tags, of which the usual question -
/// an address that is not listed - reads one, and half a megabyte of them covers 100,000 addresses; only where tags agree
/// are the keys themselves compared. Tables are at most half full, so a search is short; their contents come from
/// signed lists only, so nobody who is looked up can lengthen it.
package struct AddressSet: Sendable {
  private var evm: Table
  private var evmKeys: [EVMAddress] = []
  private var text: Table
  private var textKeys: [[UInt8]] = []
  /// By key: the number that the caller gave, which for two of one key is the first.
  private var evmValues: [UInt32] = []
  private var textValues: [UInt32] = []

  /// `keys` with a number each, such as the place of the entry that lists it. The same key again is left out.
  package init(_ keys: [(key: AddressKey, value: UInt32)]) {
    var evmCount = 0
    for (key, _) in keys { if case .evm = key { evmCount += 1 } }
    evm = Table(capacity: evmCount)
    text = Table(capacity: keys.count - evmCount)
    for (key, value) in keys where self.value(of: key) == nil {
      switch key {
      case .evm(let address):
        evm.insert(AddressSet.hash(address), UInt32(truncatingIfNeeded: evmKeys.count))
        evmKeys.append(address)
        evmValues.append(value)
      case .text(let bytes):
        text.insert(AddressSet.hash(bytes.span), UInt32(truncatingIfNeeded: textKeys.count))
        textKeys.append(bytes)
        textValues.append(value)
      }
    }
  }

  package var count: Int { evmKeys.count + textKeys.count }

  /// The number given with the key; nil when it is not listed.
  package func value(of key: AddressKey) -> UInt32? {
    switch key {
    case .evm(let address): value(of: address)
    case .text(let bytes): text.place(AddressSet.hash(bytes.span)) { textKeys[$0] == bytes }.map { textValues[$0] }
    }
  }

  /// As `value(of:)`, for the usual kind.
  package func value(of address: EVMAddress) -> UInt32? {
    evm.place(AddressSet.hash(address)) { evmKeys[$0] == address }.map { evmValues[$0] }
  }

  /// What a look through many lines found.
  package struct Scan: Hashable, Sendable {
    package var lines = 0
    /// Lines that hold no address; a caller that pays must treat them as not cleared.
    package var unreadable = 0
    /// Line numbers from 0, with the value of the listed address.
    package var hits: [Hit] = []

    package init() {}

    package struct Hit: Hashable, Sendable {
      package let line: Int
      package let value: UInt32

      package init(line: Int, value: UInt32) {
        self.line = line
        self.value = value
      }
    }
  }

  /// Looks up one address a line (LF or CR LF; an empty last line is none), from the bytes of a file to the verdicts.
  package func scan(_ bytes: Span<UInt8>) -> Scan {
    var out = Scan()
    var start = 0
    while start < bytes.count {
      // Nearly every line of an EVM list is 42 characters: then there is no need to search for its end.
      var end = start &+ 42
      if end >= bytes.count || bytes[end] != 0x0a {
        end = start
        while end < bytes.count, bytes[end] != 0x0a { end &+= 1 }
      }
      look(bytes.extracting(start..<end), &out)
      start = end &+ 1
    }
    return out
  }

  private func look(_ line: Span<UInt8>, _ out: inout Scan) {
    defer { out.lines &+= 1 }
    if let address = EIP55.addressOfAnyCase(line) {
      if let value = value(of: address) { out.hits.append(.init(line: out.lines, value: value)) }
      return
    }
    var end = line.count
    while end > 0, line[end &- 1] <= 0x20 { end &-= 1 }
    var copy: [UInt8] = []
    for index in 0..<end where !copy.isEmpty || line[index] > 0x20 { copy.append(line[index]) }
    guard let key = AddressKey(trimmed: copy[...]) else {
      out.unreadable += 1
      return
    }
    if let value = value(of: key) { out.hits.append(.init(line: out.lines, value: value)) }
  }

  // MARK: Tables

  private struct Table: Sendable {
    /// 0 for a free slot.
    private(set) var tags: [UInt16]
    private(set) var places: [UInt32]
    let mask: Int

    init(capacity: Int) {
      var slots = 16
      while slots < capacity * 2 { slots *= 2 }
      mask = slots - 1
      tags = [UInt16](repeating: 0, count: slots)
      places = [UInt32](repeating: 0, count: slots)
    }

    @inline(__always)
    static func tag(_ hash: UInt64) -> UInt16 { UInt16(truncatingIfNeeded: hash &>> 48) | 1 }

    mutating func insert(_ hash: UInt64, _ place: UInt32) {
      var slot = Int(truncatingIfNeeded: hash) & mask
      while tags[slot] != 0 { slot = (slot &+ 1) & mask }
      tags[slot] = Table.tag(hash)
      places[slot] = place
    }

    /// The place among the keys of the one that `isKey` accepts.
    @inline(__always)
    func place(_ hash: UInt64, _ isKey: (Int) -> Bool) -> Int? {
      let tag = Table.tag(hash)
      var slot = Int(truncatingIfNeeded: hash) & mask
      while tags[slot] != 0 {
        if tags[slot] == tag, isKey(Int(places[slot])) { return Int(places[slot]) }
        slot = (slot &+ 1) & mask
      }
      return nil
    }
  }

  @inline(__always)
  private static func hash(_ address: EVMAddress) -> UInt64 {
    let (high, middle, low) = address.words
    return mix(high ^ (middle &* 0x9e37_79b9_7f4a_7c15) ^ UInt64(low) &<< 17)
  }

  private static func hash(_ bytes: Span<UInt8>) -> UInt64 {
    var state: UInt64 = 0xcbf2_9ce4_8422_2325
    for index in bytes.indices { state = (state ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01b3 }
    return mix(state)
  }

  /// Spreads every bit over the word. Source: the finaliser of SplitMix64.
  @inline(__always)
  private static func mix(_ value: UInt64) -> UInt64 {
    var word = value
    word = (word ^ word &>> 30) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ word &>> 27) &* 0x94d0_49bb_1331_11eb
    return word ^ word &>> 31
  }
}
