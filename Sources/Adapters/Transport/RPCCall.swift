package import Codecs

/// One JSON-RPC 2.0 call.
package struct RPCCall: Equatable, Sendable {
  package let method: String
  /// An array or an object.
  package let params: JSON

  package init(_ method: String, _ params: JSON = []) {
    self.method = method
    self.params = params
  }
}
