import Engine
import Money

/// The campaign's recipients of earlier loads, read page by page beside the merge: both are in the order of addresses.
struct LoadedAddresses {
  private let loads: any LoadStore
  private let campaign: CampaignID
  private let addressLength: Int
  private let page: Int
  private var bytes: [UInt8] = []
  private var place = 0
  private var isExhausted: Bool

  /// `isEmpty`: the campaign has no recipients, so the store need not be asked.
  init(_ loads: any LoadStore, _ campaign: CampaignID, addressLength: Int, page: Int, isEmpty: Bool) {
    self.loads = loads
    self.campaign = campaign
    self.addressLength = addressLength
    self.page = page
    isExhausted = isEmpty
  }

  /// Whether the address stands in the campaign. Asked in ascending order of addresses only. Throws `StoreError`.
  mutating func contains(_ address: ArraySlice<UInt8>) throws -> Bool {
    while true {
      while place < bytes.count {
        let known = bytes[place..<(place + addressLength)]
        if known.lexicographicallyPrecedes(address) {
          place += addressLength
          continue
        }
        return known == address
      }
      guard !isExhausted else { return false }
      let last = bytes.isEmpty ? nil : Array(bytes.suffix(addressLength))
      let next = try loads.addresses(campaign, addressLength: addressLength, after: last, limit: page)
      guard next.count.isMultiple(of: addressLength) else {
        throw StoreError(.badRow, "the store gave addresses of another length than the campaign's chain has")
      }
      place = 0
      if next.isEmpty { isExhausted = true } else { bytes = next }
      if isExhausted { place = bytes.count }
    }
  }
}
