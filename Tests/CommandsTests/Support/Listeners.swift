import Foundation

/// What a process listens on, by the kernel's word (proc(5)).
enum Listeners {
  /// TCP, as `ADDRESS:PORT` in the kernel's hexadecimal: 127.0.0.1 is 0100007F.
  static func tcp(of process: Int32) throws -> [String] {
    let files = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd")
    let sockets = Set(
      files.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/fd/\($0)") }
        .filter { $0.hasPrefix("socket:[") }.map { String($0.dropFirst(8).dropLast()) })
    return try ["tcp", "tcp6"].flatMap { table in
      let lines = try String(contentsOfFile: "/proc/\(process)/net/\(table)", encoding: .utf8).split(separator: "\n")
      return lines.dropFirst().compactMap { line -> String? in
        let words = line.split(separator: " ")
        // 0A is LISTEN; the tenth word is the socket's inode.
        guard words.count > 9, words[3] == "0A", sockets.contains(String(words[9])) else { return nil }
        return String(words[1])
      }
    }
  }
}
