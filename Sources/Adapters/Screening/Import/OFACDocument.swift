package import Expat
package import Policy

/// Reads OFAC's XML, the plain (`sdnList`) and the advanced (`Sanctions`) form, whichever the root element says.
///
/// Source: https://ofac.treasury.gov/specially-designated-nationals-list-data-formats-data-schemas
package final class OFACDocument {
  /// More than any published list holds.
  private static let mostEntries = 1_000_000

  private var path: [String] = []
  private var form: (any OFACForm)?
  private var refusal: ListError?

  package init() {}

  /// Reads a whole document in pieces; an empty one ends it. Throws `lists.bad_file` with line and column,
  /// `lists.too_large`.
  package func read(
    limits: XMLLimits = XMLLimits(), _ next: () throws(ListError) -> [UInt8]
  ) throws(ListError) -> ImportedList {
    do throws(XMLError) {
      let stream = try XMLStream(limits) { [self] in take($0) }
      // The stream holds this object; nothing leaves this function.
      while true {
        let piece: [UInt8]
        do throws(ListError) { piece = try next() } catch {
          refusal = error
          break
        }
        if piece.isEmpty { break }
        try stream.feed(piece)
      }
      if refusal == nil { try stream.finish() }
    } catch {
      if error.code != .stopped || refusal == nil {
        let code: ListError.Code = error.code == .tooLarge || error.code == .tooDeep ? .tooLarge : .badFile
        throw ListError(
          code, "line \(error.line), column \(error.column): \(error.message) (\(error.code.rawValue))",
          hint: "download the file again from its publisher")
      }
      if let refusal {
        throw ListError(refusal.code, "line \(error.line), column \(error.column): \(refusal.message)")
      }
    }
    if let refusal { throw refusal }
    guard let form else { throw ListError(.badFile, "the document is empty") }
    return try form.finish()
  }

  private func take(_ event: XMLEvent) -> Bool {
    switch event {
    case .start(let name, let attributes):
      if path.isEmpty {
        switch name {
        case "sdnList": form = PlainOFACForm()
        case "Sanctions": form = AdvancedOFACForm()
        default: refusal = ListError(.badFile, "the root element is neither sdnList nor Sanctions")
        }
      }
      path.append(name)
      form?.start(name, attributes)
    case .end(let name, let text):
      path.removeLast()
      var trimmed = text[...]
      while let last = trimmed.last, last.isWhitespace { trimmed.removeLast() }
      form?.end(name, in: path.last ?? "", String(trimmed.drop(while: \.isWhitespace)))
    }
    if let count = form?.count, count > OFACDocument.mostEntries {
      refusal = ListError(.tooLarge, "more than \(OFACDocument.mostEntries) entries")
    }
    return refusal == nil
  }
}

/// One of the two shapes, fed with tags.
protocol OFACForm {
  var count: Int { get }
  mutating func start(_ name: String, _ attributes: [String: String])
  /// `parent` is the element around the one that ends.
  mutating func end(_ name: String, in parent: String, _ text: String)
  /// Throws `lists.bad_file` when the document contradicts itself.
  func finish() throws(ListError) -> ImportedList
}

enum OFACText {
  /// `ETH` of `Digital Currency Address - ETH`; nil for another kind of id.
  static func asset(_ kind: String) -> String? {
    let prefix = "Digital Currency Address - "
    guard kind.hasPrefix(prefix) else { return nil }
    let asset = kind.dropFirst(prefix.count)
    return asset.isEmpty ? nil : String(asset)
  }
}
