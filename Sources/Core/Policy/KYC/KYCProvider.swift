/// A provider of KYC answers.
package protocol KYCProvider: Sendable {
  /// Which provider it is: answers of another one are not its answers.
  var name: String { get }
  /// One result for each question, in order; bounded in time.
  func ask(_ questions: [KYCQuestion]) -> [Result<KYCAnswer, KYCError>]
}
