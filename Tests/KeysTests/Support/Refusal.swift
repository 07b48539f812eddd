import Signing
import Testing

/// Runs what must be refused and gives the code; anything else is an issue.
func refusal<Result>(
  _ sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Result
) -> SigningError.Code? {
  refusedError(sourceLocation, body)?.code
}

/// As `refusal`, with the whole error.
func refusedError<Result>(
  _ sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Result
) -> SigningError? {
  do {
    _ = try body()
    Issue.record("it was accepted", sourceLocation: sourceLocation)
  } catch let error as SigningError {
    return error
  } catch {
    Issue.record("another error: \(error)", sourceLocation: sourceLocation)
  }
  return nil
}
