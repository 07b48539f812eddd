import CPKCS11
import Glibc

/// Attributes to search by or to make an object from, in the layout that a module reads.
struct AttributeTemplate {
  private var entries: [(type: CK_ATTRIBUTE_TYPE, value: [UInt8])] = []

  init(class objectClass: CK_OBJECT_CLASS) {
    add(CKA_CLASS, number: objectClass)
    add(CKA_KEY_TYPE, number: CKK_EC)
  }

  mutating func add(_ type: CK_ATTRIBUTE_TYPE, _ value: [UInt8]) { entries.append((type, value)) }

  mutating func add(_ type: CK_ATTRIBUTE_TYPE, number value: CK_ULONG) {
    add(type, unsafe withUnsafeBytes(of: value) { unsafe Array($0) })
  }

  mutating func add(_ type: CK_ATTRIBUTE_TYPE, flag value: Bool) { add(type, [value ? 1 : 0]) }

  /// Lends the template. The copy of the values is wiped afterwards: an imported key is among them.
  func withPointers<Result>(_ body: (UnsafeMutablePointer<CK_ATTRIBUTE>, CK_ULONG) -> Result) -> Result {
    // Modules cast values to their number types, so each begins at a multiple of 16.
    let starts = entries.reduce(into: [0]) { starts, entry in
      starts.append((starts.last ?? 0) + (entry.value.count + 15) / 16 * 16)
    }
    let total = max(starts.last ?? 0, 16)
    let values = UnsafeMutableRawBufferPointer.allocate(byteCount: total, alignment: 16)
    let template = UnsafeMutablePointer<CK_ATTRIBUTE>.allocate(capacity: entries.count)
    defer {
      if let start = values.baseAddress { unsafe explicit_bzero(start, total) }
      unsafe values.deallocate()
      unsafe template.deallocate()
    }
    for (index, entry) in entries.enumerated() {
      let place = unsafe UnsafeMutableRawBufferPointer(
        rebasing: values[starts[index]..<starts[index] + entry.value.count])
      unsafe place.copyBytes(from: entry.value)
      unsafe (template + index).initialize(
        to: CK_ATTRIBUTE(
          type: entry.type, pValue: place.baseAddress, ulValueLen: CK_ULONG(entry.value.count)))
    }
    return unsafe body(template, CK_ULONG(entries.count))
  }
}
