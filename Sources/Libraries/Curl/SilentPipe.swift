import Glibc

/// Runs `body` with SIGPIPE held back on this thread, and swallows the one that it may have raised.
///
/// With CURLOPT_NOSIGNAL libcurl leaves SIGPIPE to the program (https://curl.se/libcurl/c/CURLOPT_NOSIGNAL.html), and
/// OpenSSL writes to sockets without MSG_NOSIGNAL: a peer that hangs up during a TLS write would end the process. To
/// ignore the signal for the whole process is not a library's right: `almoner ... | head` should still end quietly.
func withoutBrokenPipeSignal<Result>(_ body: () -> Result) -> Result {
  var pipeOnly = sigset_t()
  var before = sigset_t()
  var pending = sigset_t()
  unsafe sigemptyset(&pipeOnly)
  unsafe sigaddset(&pipeOnly, SIGPIPE)
  unsafe sigpending(&pending)
  // One that was waiting already is somebody else's.
  let wasPending = unsafe sigismember(&pending, SIGPIPE) == 1
  guard unsafe pthread_sigmask(SIG_BLOCK, &pipeOnly, &before) == 0 else { return body() }
  let result = body()
  if !wasPending {
    var now = timespec(tv_sec: 0, tv_nsec: 0)
    unsafe sigtimedwait(&pipeOnly, nil, &now)
  }
  unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
  return result
}
