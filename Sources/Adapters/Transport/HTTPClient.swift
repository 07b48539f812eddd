import Curl
import Synchronization

/// Sends HTTP requests and waits for all of them. Synchronous, and safe from any number of threads: each call takes an
/// engine of its own from a small pool, with the connections that were kept open.
package final class HTTPClient: Sendable {
  private let idle = Mutex<[CurlMulti]>([])
  private let certificateAuthorityFile: String?
  private let maximumInFlight: Int
  private let egress: EgressHosts
  /// Engines kept between calls; more callers at once get an engine that is dropped afterwards.
  private static let maximumIdle = 8

  /// `maximumInFlight` requests of one call run at once. `certificateAuthorityFile`, in PEM, replaces the system's roots.
  /// Requests to hosts that are not of `egress` are refused; redirects are not followed to any host.
  package init(
    maximumInFlight: Int = 32, certificateAuthorityFile: String? = nil, egress: EgressHosts = .any
  ) {
    self.egress = egress
    self.maximumInFlight = maximumInFlight
    self.certificateAuthorityFile = certificateAuthorityFile
  }

  /// The answers, in the order of the requests. Every one is bounded in time and size by its request's limits.
  package func perform(_ requests: [HTTPRequest]) -> [Result<HTTPResponse, TransportError>] {
    guard requests.allSatisfy({ egress.allows($0.url) }) else {
      return requests.map { request in
        guard egress.allows(request.url) else { return .failure(.egressRefused) }
        return perform([request]).first ?? .failure(TransportError(.failed, "no answer", mayHaveArrived: true))
      }
    }
    guard !requests.isEmpty else { return [] }
    let engine: CurlMulti
    do throws(CurlError) {
      let kept = idle.withLock { $0.popLast() }
      if let kept { engine = kept } else { engine = try CurlMulti(maximumInFlight: maximumInFlight) }
    } catch {
      return requests.map { _ in .failure(TransportError(error)) }
    }
    defer {
      idle.withLock { idle in
        if idle.count < HTTPClient.maximumIdle { idle.append(engine) }
      }
    }
    return engine.perform(requests.map(translated)).map { result in
      switch result {
      case .success(let response):
        .success(
          HTTPResponse(
            status: response.status, headers: response.headers.map { ($0.name, $0.value) }, body: response.body))
      case .failure(let error): .failure(TransportError(error))
      }
    }
  }

  /// One request.
  package func perform(_ request: HTTPRequest) throws(TransportError) -> HTTPResponse {
    guard let result = perform([request]).first else {
      throw TransportError(.failed, "the request was not performed", mayHaveArrived: true)
    }
    return try result.get()
  }

  private func translated(_ request: HTTPRequest) -> CurlRequest {
    let method: CurlRequest.Method =
      switch request.method {
      case .get: .get
      case .post(let body): .post(body: body)
      case .put(let body): .put(body: body)
      }
    return CurlRequest(
      url: request.url.full, method: method, headers: request.headers.map { .init(name: $0.name, value: $0.value) },
      connectTimeoutMilliseconds: request.limits.connectTimeoutMilliseconds,
      totalTimeoutMilliseconds: request.limits.totalTimeoutMilliseconds,
      maximumResponseBytes: request.limits.responseBytes, certificateAuthorityFile: certificateAuthorityFile)
  }
}
