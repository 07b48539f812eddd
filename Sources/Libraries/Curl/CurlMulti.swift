import CCurl
import Synchronization

/// Performs sets of HTTP requests at once, on the caller's thread, and keeps connections open between sets.
///
/// Threads: any, one at a time; a second caller waits for the first set to end, so give each worker one of its own.
/// libcurl allows a multi handle to move between threads as long as no two use it at once
/// (https://curl.se/libcurl/c/threadsafe.html), and the lock sees to that.
///
/// libcurl repeats a request by itself in one case: a kept connection that turns out to be closed before any byte of
/// the answer. A request whose repetition would do harm needs a key of its own that the server knows.
package final class CurlMulti: Sendable {
  private let engine: Mutex<Engine>

  /// `maximumInFlight` requests run at once; the others of a set wait, and their time starts when they start.
  package init(maximumInFlight: Int = 32) throws(CurlError) {
    engine = Mutex(try Engine(maximumInFlight: maximumInFlight))
  }

  /// Blocks until every request has an answer or an error, in the order of the requests. Bounded by the requests' own
  /// total timeouts.
  package func perform(_ requests: [CurlRequest]) -> [Result<CurlResponse, CurlError>] {
    engine.withLock { engine in withoutBrokenPipeSignal { engine.perform(requests) } }
  }
}

/// The handles behind the lock.
@safe private struct Engine: ~Copyable {
  private let multi: UnsafeMutableRawPointer
  private var idle: [UnsafeMutableRawPointer] = unsafe []
  private let maximumInFlight: Int

  /// Once per process and before anything else; a static is initialised by one thread.
  private static let isReady = ccurl_global_init() == CURLE_OK

  init(maximumInFlight: Int) throws(CurlError) {
    guard Engine.isReady, let made = unsafe curl_multi_init() else {
      throw CurlError(.outOfMemory, "libcurl did not start", mayHaveArrived: false)
    }
    self.maximumInFlight = max(1, maximumInFlight)
    unsafe multi = made
    // Connections kept between sets.
    unsafe ccurl_multi_set_long(made, CURLMOPT_MAXCONNECTS, max(1, maximumInFlight))
  }

  deinit {
    unsafe idle.forEach { unsafe curl_easy_cleanup($0) }
    // Says goodbye on kept TLS connections, whose peers may be long gone.
    withoutBrokenPipeSignal { _ = unsafe curl_multi_cleanup(multi) }
  }

  mutating func perform(_ requests: [CurlRequest]) -> [Result<CurlResponse, CurlError>] {
    var results = [Result<CurlResponse, CurlError>](
      repeating: .failure(CurlError(.failed, "the transfer was not started", mayHaveArrived: false)),
      count: requests.count)
    var running: [UnsafeMutableRawPointer: (index: Int, transfer: Transfer)] = unsafe [:]
    var next = 0
    while unsafe next < requests.count || !running.isEmpty {
      while unsafe next < requests.count && running.count < maximumInFlight {
        do throws(CurlError) {
          let transfer = try start(requests[next])
          unsafe running[transfer.easy] = (next, transfer)
        } catch {
          results[next] = .failure(error)
        }
        next += 1
      }
      if unsafe running.isEmpty { continue }
      var count: Int32 = 0
      let performed = unsafe curl_multi_perform(multi, &count)
      while let (easy, result) = unsafe nextFinished() {
        guard let (index, transfer) = unsafe running.removeValue(forKey: easy) else { continue }
        results[index] = transfer.outcome(result)
        retire(transfer)
      }
      guard performed == CURLM_OK, unsafe running.isEmpty || count == 0 || wait() else {
        // libcurl itself is broken: nothing more will be reported, and what was sent is unknown.
        for (index, transfer) in unsafe Array(running.values) {
          results[index] = .failure(CurlError(.failed, "libcurl stopped", mayHaveArrived: true))
          retire(transfer)
        }
        unsafe running.removeAll()
        continue
      }
    }
    return results
  }

  private mutating func start(_ request: CurlRequest) throws(CurlError) -> Transfer {
    if let fault = request.fault { throw CurlError(.badRequest, fault, mayHaveArrived: false) }
    guard let easy = unsafe idle.popLast() ?? curl_easy_init() else {
      throw CurlError(.outOfMemory, "no memory for a transfer", mayHaveArrived: false)
    }
    do throws(CurlError) {
      let transfer = try unsafe Transfer(request, easy: easy)
      guard unsafe curl_multi_add_handle(multi, easy) == CURLM_OK else {
        throw CurlError(.failed, "libcurl refused the transfer", mayHaveArrived: false)
      }
      return transfer
    } catch {
      unsafe curl_easy_cleanup(easy)
      throw error
    }
  }

  /// Off the multi first, then reset: after this libcurl holds no pointer to the transfer.
  private mutating func retire(_ transfer: Transfer) {
    let easy = unsafe transfer.easy
    unsafe curl_multi_remove_handle(multi, easy)
    unsafe curl_easy_reset(easy)
    unsafe idle.append(easy)
  }

  private func nextFinished() -> (UnsafeMutableRawPointer, CURLcode)? {
    var left: Int32 = 0
    while let message = unsafe curl_multi_info_read(multi, &left) {
      guard unsafe message.pointee.msg == CURLMSG_DONE, let easy = unsafe ccurl_message_easy(message) else { continue }
      return unsafe (easy, ccurl_message_result(message))
    }
    return nil
  }

  /// Sleeps until a socket or one of libcurl's own timers has work; at most a second.
  private func wait() -> Bool {
    unsafe curl_multi_poll(multi, nil, 0, 1000, nil) == CURLM_OK
  }
}
