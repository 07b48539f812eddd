import CSQLite

/// What a connection lends at the moment. One for each connection; freed when SQLite lets go of the module.
@unsafe struct LentTable {
  /// One column where it lies in memory, good while it is lent. An array without bytes has no address.
  @unsafe enum View {
    case missing
    case integers(UnsafePointer<Int64>)
    case blobs(UnsafePointer<UInt8>?, width: Int)
    case texts(UnsafePointer<UInt8>?, ends: UnsafePointer<Int>, emptyIsNull: Bool)
  }

  var count: Int64 = 0
  /// `LentRows.mostColumns` of them while something is lent.
  var views: UnsafePointer<View>?

  /// Runs a body while the columns stay where they are.
  static func withViews<Value>(of rows: LentRows, _ body: (UnsafePointer<View>?) -> Value) -> Value {
    unsafe withUnsafeTemporaryAllocation(of: View.self, capacity: LentRows.mostColumns) { views in
      unsafe views.initialize(repeating: .missing)
      return unsafe pin(rows.columns[...], into: views) { unsafe body(UnsafePointer(views.baseAddress)) }
    }
  }

  /// One column inside the other: an array lends its memory to a closure only.
  private static func pin<Value>(
    _ columns: ArraySlice<LentRows.Column>, into views: UnsafeMutableBufferPointer<View>, _ body: () -> Value
  ) -> Value {
    guard let column = columns.first else { return body() }
    let (place, rest) = (columns.startIndex, columns.dropFirst())
    switch column {
    case .integers(let values):
      return unsafe values.withUnsafeBufferPointer { values in
        if let start = values.baseAddress { unsafe views[place] = .integers(start) }
        return unsafe pin(rest, into: views, body)
      }
    case .blobs(let bytes, let width):
      return unsafe bytes.withUnsafeBufferPointer { bytes in
        unsafe views[place] = .blobs(bytes.baseAddress, width: width)
        return unsafe pin(rest, into: views, body)
      }
    case .texts(let bytes, let ends):
      return unsafe pin(bytes, ends, emptyIsNull: false, at: place, rest, into: views, body)
    case .textsOrNull(let bytes, let ends):
      return unsafe pin(bytes, ends, emptyIsNull: true, at: place, rest, into: views, body)
    }
  }

  private static func pin<Value>(
    _ bytes: [UInt8], _ ends: [Int], emptyIsNull: Bool, at place: Int, _ rest: ArraySlice<LentRows.Column>,
    into views: UnsafeMutableBufferPointer<View>, _ body: () -> Value
  ) -> Value {
    unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe ends.withUnsafeBufferPointer { ends in
        if let start = ends.baseAddress {
          unsafe views[place] = .texts(bytes.baseAddress, ends: start, emptyIsNull: emptyIsNull)
        }
        return unsafe pin(rest, into: views, body)
      }
    }
  }
}
