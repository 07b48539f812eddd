/// Who owns which ticket of one lottery.
package struct TicketRegister: Equatable, Sendable {
  package let schema: Schema
  package private(set) var count: UInt64 = 0

  package init(schema: Schema) { self.schema = schema }
}
