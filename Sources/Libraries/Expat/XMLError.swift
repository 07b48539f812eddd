/// Why bytes are not the XML that we read. It names a place and no content.
package struct XMLError: Error, Hashable, Sendable {
  /// Stable across releases. Add cases freely; never rename or reuse one.
  package enum Code: String, CaseIterable, Sendable {
    /// Not well-formed, or not UTF-8.
    case syntax = "xml.syntax"
    /// The document ends before its root element does.
    case truncated = "xml.truncated"
    /// The document declares a type or entities, which the files we read never do.
    case doctype = "xml.doctype"
    /// Elements are nested deeper than any published file's.
    case tooDeep = "xml.too_deep"
    /// The document, a text, a name or a number of attributes is larger than any published one.
    case tooLarge = "xml.too_large"
    /// Whoever reads the events asked to stop.
    case stopped = "xml.stopped"
    /// The library has no memory.
    case outOfMemory = "xml.out_of_memory"
  }
  package let code: Code
  /// From 1.
  package let line: Int
  /// In bytes, from 1.
  package let column: Int
  package let message: String

  package init(_ code: Code, line: Int, column: Int, _ message: String) {
    self.code = code
    self.line = line
    self.column = column
    self.message = message
  }
}
