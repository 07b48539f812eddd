import Glibc

/// The terminal that standard input is connected to.
package enum Console {
  /// Whether standard input is a terminal. A pseudo terminal (ssh -t, tmux, docker -t) is one as well: nothing tells them
  /// apart that a user could not imitate.
  package static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }

  /// A line that is typed while the terminal shows nothing of it; nil at the end of input, and when it was broken off with
  /// Ctrl-C. Its end is not part of it. Throws `file.io` where there is no terminal.
  ///
  /// As getpass(3): neither echo nor signals while it is typed, so that no way out leaves the terminal dumb.
  package static func readHidden(most: Int = 1_024) throws(FileError) -> [UInt8]? {
    var before = termios()
    guard unsafe tcgetattr(STDIN_FILENO, &before) == 0 else { throw FileError(errno, "asking the terminal") }
    var hidden = before
    hidden.c_lflag &= ~(tcflag_t(ECHO) | tcflag_t(ISIG))
    hidden.c_lflag |= tcflag_t(ICANON) | tcflag_t(ECHONL)
    guard unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0 else { throw FileError(errno, "asking the terminal") }
    defer { _ = unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &before) }
    var line = [UInt8](repeating: 0, count: max(2, most))
    while true {
      let got = unsafe line.withUnsafeMutableBytes { unsafe Glibc.read(STDIN_FILENO, $0.baseAddress, $0.count) }
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw FileError(errno, "reading the terminal") }
      defer { for place in line.indices { line[place] = 0 } }
      guard got > 0 else { return nil }
      var typed = Array(line.prefix(got))
      // 3 is what Ctrl-C sends.
      guard !typed.contains(3) else { return nil }
      if typed.last == UInt8(ascii: "\n") { typed.removeLast() }
      return typed
    }
  }
}
