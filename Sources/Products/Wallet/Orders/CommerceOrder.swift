package import Codecs
package import Money

/// Something that is sold. Prices keep the text that was supplied.
package struct Product: Hashable, Sendable {
  package let id: String
  package let name: String
  package let price: String
  package let pointValue: String
  package let status: String

  package init(id: String, name: String, price: String, pointValue: String, status: String) {
    self.id = id
    self.name = name
    self.price = price
    self.pointValue = pointValue
    self.status = status
  }

  package var isSold: Bool { status.lowercased() == "active" }
}

/// An order put together from products. Amounts are in units of 10^-4.
package struct CommerceOrder: Hashable, Sendable {
  package static let places = 4

  package struct Line: Hashable, Sendable {
    package let product: Product
    package let quantity: UInt64
    package let amount: UInt256
    package let pointValue: UInt256
  }

  package let lines: [Line]
  package let total: UInt256
  package let pointValue: UInt256

  /// Throws `wallet.empty_order`, `wallet.bad_order` for a quantity of zero, `wallet.product_unavailable`,
  /// `wallet.bad_amount` for a price that is no number.
  package init(
    items: [(product: String, quantity: UInt64)], product: (String) -> Product?
  ) throws(WalletError) {
    guard !items.isEmpty else { throw WalletError(.emptyOrder, "Order must contain at least one item.") }
    var lines: [Line] = []
    for item in items {
      guard item.quantity > 0 else { throw WalletError(.badOrder, "Quantity must be positive.") }
      guard let found = product(item.product), found.isSold else {
        throw WalletError(.productUnavailable, "Product '\(item.product)' is unavailable.")
      }
      lines.append(
        Line(
          product: found, quantity: item.quantity, amount: try CommerceOrder.units(found.price, item.quantity),
          pointValue: try CommerceOrder.units(found.pointValue, item.quantity)))
    }
    self.lines = lines
    total = try counted { () throws(MoneyError) in
      var sum = UInt256.zero
      for line in lines { sum = try sum.adding(line.amount) }
      return sum
    }
    pointValue = try counted { () throws(MoneyError) in
      var sum = UInt256.zero
      for line in lines { sum = try sum.adding(line.pointValue) }
      return sum
    }
  }

  private static func units(_ text: String, _ quantity: UInt64) throws(WalletError) -> UInt256 {
    try counted { () throws(MoneyError) in
      try ExactDecimal(text).multiplied(by: ExactDecimal(UInt256(quantity), scale: 0)).rounded(
        places: places, .halfEven)
    }
  }

  /// Lines as stored beside the order; the caller's own members win.
  package func metadata(_ own: JSONObject?) -> JSONObject {
    var object = JSONObject()
    _ = object.append(
      "lines",
      .array(
        lines.map { line in
          [
            "product_id": .string(line.product.id), "name": .string(line.product.name),
            "quantity": .integer(line.quantity), "unit_price": .string(line.product.price),
            "unit_pv": .string(line.product.pointValue), "line_amount": .string(CommerceOrder.text(line.amount)),
            "line_pv": .string(CommerceOrder.text(line.pointValue)),
          ]
        }))
    return merged(object, over: own ?? JSONObject())
  }

  /// Four digits after the point, always.
  package static func text(_ units: UInt256) -> String {
    let digits = units.description
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.utf8.count)) + digits
    return "\(padded.dropLast(places)).\(padded.suffix(places))"
  }

  /// Whether the order goes to the partner as well: only when that is asked for, and the key for it is there.
  package static func isForwarded(isAsked: Bool, key: String?) -> Bool { isAsked && key?.isEmpty == false }
}
