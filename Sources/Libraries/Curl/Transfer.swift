import CCurl

/// One exchange under way: the easy handle and what it has collected.
///
/// libcurl calls the sinks below from inside `curl_multi_perform`, on the thread that runs it, so nothing here is shared.
@safe final class Transfer {
  let easy: UnsafeMutableRawPointer
  private var list: UnsafeMutablePointer<curl_slist>?
  private let maximumBytes: Int
  private(set) var body: [UInt8] = []
  private(set) var headers: [CurlRequest.Header] = []
  private(set) var isTooLarge = false
  private var headerBytes = 0

  /// All header lines of all responses of one request, interim ones included: libcurl 7.88 bounds only the single line.
  private static let maximumHeaderBytes = 256 << 10

  /// Takes an easy handle that is fresh or reset, and gives it every option.
  init(_ request: CurlRequest, easy: UnsafeMutableRawPointer) throws(CurlError) {
    unsafe self.easy = easy
    maximumBytes = request.maximumResponseBytes
    try addHeaders(request.headers)
    try setSafety(request)
    try setMethod(request.method)
    try set(unsafe ccurl_set_text(easy, CURLOPT_URL, request.url))
    try set(unsafe ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeoutMilliseconds))
    try set(unsafe ccurl_set_long(easy, CURLOPT_TIMEOUT_MS, request.totalTimeoutMilliseconds))
    // Refuses by Content-Length before the first byte; the sink below counts what was not announced.
    try set(unsafe ccurl_set_size(easy, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(max(1, request.maximumResponseBytes))))
    // Unretained: `CurlMulti` holds this object until the handle is off the multi and reset.
    let me = unsafe Unmanaged.passUnretained(self).toOpaque()
    try set(unsafe ccurl_set_sinks(easy, Transfer.bodySink, Transfer.headerSink, me))
  }

  deinit { unsafe curl_slist_free_all(list) }

  private func addHeaders(_ headers: [CurlRequest.Header]) throws(CurlError) {
    // Without the empty one, libcurl waits a second for "100 Continue" before a large body.
    for line in headers.map({ $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }) + ["Expect:"] {
      guard let longer = unsafe curl_slist_append(list, line) else {
        throw CurlError(.outOfMemory, "no memory for headers", mayHaveArrived: false)
      }
      unsafe list = longer
    }
    try set(unsafe ccurl_set_list(easy, CURLOPT_HTTPHEADER, list))
  }

  private func setSafety(_ request: CurlRequest) throws(CurlError) {
    let options: [(CURLoption, Int)] = [
      (CURLOPT_NOSIGNAL, 1),
      (CURLOPT_FOLLOWLOCATION, 0),
      (CURLOPT_SSL_VERIFYPEER, 1),
      (CURLOPT_SSL_VERIFYHOST, 2),
      (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
      (CURLOPT_HTTP09_ALLOWED, 0),
      (CURLOPT_TCP_KEEPALIVE, 1),
    ]
    for (option, value) in options { try set(unsafe ccurl_set_long(easy, option, value)) }
    // Only these two, and never through what the environment says.
    try set(unsafe ccurl_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https"))
    try set(unsafe ccurl_set_text(easy, CURLOPT_PROXY, ""))
    try set(unsafe ccurl_set_text(easy, CURLOPT_USERAGENT, "almoner"))
    if let file = request.certificateAuthorityFile {
      try set(unsafe ccurl_set_text(easy, CURLOPT_CAINFO, file))
      try set(unsafe ccurl_set_text(easy, CURLOPT_CAPATH, nil))
    }
  }

  private func setMethod(_ method: CurlRequest.Method) throws(CurlError) {
    let bytes: [UInt8]
    switch method {
    case .get: return try set(unsafe ccurl_set_long(easy, CURLOPT_HTTPGET, 1))
    case .post(let body): bytes = body
    case .put(let body): bytes = body
    }
    try set(unsafe ccurl_set_long(easy, CURLOPT_POST, 1))
    if case .put = method { try set(unsafe ccurl_set_text(easy, CURLOPT_CUSTOMREQUEST, "PUT")) }
    try set(unsafe ccurl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count)))
    // libcurl copies. A nil pointer would ask it to read the body from standard input: an empty one is a text instead.
    guard !bytes.isEmpty else { return try set(unsafe ccurl_set_text(easy, CURLOPT_COPYPOSTFIELDS, "")) }
    let copied = unsafe bytes.withUnsafeBytes { bytes in
      unsafe ccurl_set_text(easy, CURLOPT_COPYPOSTFIELDS, bytes.baseAddress?.assumingMemoryBound(to: CChar.self))
    }
    try set(copied)
  }

  private func set(_ result: CURLcode) throws(CurlError) {
    guard result == CURLE_OK else { throw CurlError.from(result, mayHaveArrived: false) }
  }

  /// What the finished exchange came to.
  func outcome(_ result: CURLcode) -> Result<CurlResponse, CurlError> {
    var status = 0
    var sent = 0
    unsafe ccurl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
    let known = unsafe ccurl_get_long(easy, CURLINFO_REQUEST_SIZE, &sent)
    let mayHaveArrived = known != CURLE_OK || sent > 0
    if isTooLarge { return .failure(.tooLarge) }
    guard result == CURLE_OK else { return .failure(CurlError.from(result, mayHaveArrived: mayHaveArrived)) }
    return .success(CurlResponse(status: status, headers: headers, body: body))
  }

  // MARK: Sinks

  /// Returning another number than was offered makes libcurl end the transfer.
  private func take(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard bytes.count <= maximumBytes - body.count else {
      isTooLarge = true
      return 0
    }
    unsafe body.append(contentsOf: bytes)
    return bytes.count
  }

  private func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
    headerBytes += bytes.count
    guard headerBytes <= Transfer.maximumHeaderBytes else {
      isTooLarge = true
      return 0
    }
    let line = unsafe String(decoding: bytes, as: UTF8.self)
    if line.hasPrefix("HTTP/") {
      // An interim response came before; its headers are not the answer's.
      headers = []
    } else if let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) {
      let value = line[line.utf8.index(after: colon)...].drop(while: \.isWhitespace)
      headers.append(
        .init(name: line[..<colon].lowercased(), value: String(value.prefix { !$0.isNewline })))
    }
    return bytes.count
  }

  private static let bodySink: ccurl_sink = { bytes, size, count, context in
    unsafe Transfer.from(context)?.take(UnsafeRawBufferPointer(start: bytes, count: size &* count)) ?? 0
  }

  private static let headerSink: ccurl_sink = { bytes, size, count, context in
    unsafe Transfer.from(context)?.takeHeader(UnsafeRawBufferPointer(start: bytes, count: size &* count)) ?? 0
  }

  private static func from(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    unsafe context.map { unsafe Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
  }
}
