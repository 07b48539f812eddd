import Codecs
import Foundation
import TestSupport
import Testing

/// `almoner outbox ...` as a user runs it, over a real Redis.
@Suite("The outbox commands")
struct OutboxTests {
  /// A desk with `count` events in its outbox, one campaign each.
  static func desk(_ count: Int) throws -> Desk {
    let desk = try Desk()
    for n in 0..<count {
      try desk.run(["airdrop", "campaigns", "create", "--name", "C\(n)", "--chain", "evm"]).succeeded()
    }
    return desk
  }

  /// The envelopes of a stream, in order.
  static func stream(_ server: BrokerServer, _ topic: String = "airdrop.outbox") throws -> [JSON] {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/redis-cli")
    process.arguments = ["-p", "\(server.port)", "--json", "XRANGE", topic, "-", "+"]
    let out = Pipe()
    process.standardOutput = out
    try process.run()
    let bytes = Array(try out.fileHandleForReading.readToEnd() ?? Data())
    process.waitUntilExit()
    let entries = try #require(JSON.parse(String(decoding: bytes, as: UTF8.self).trimmingSuffix).array)
    return try entries.map { entry in
      let fields = try #require(entry.array?.last?.array)
      let event = try JSON.parse(try #require(fields.last?.string))
      #expect(event["id"] == fields[1] && event["type"] == fields[3] && event["key"] == fields[5])
      return event
    }
  }

  @Test func `status, relay, replay: what they say is what the stream holds`() throws {
    let server = try BrokerServer(.redis)
    let desk = try Self.desk(3)
    let queue = ["AM_QUEUE_URL": server.url]
    func status() throws -> JSON {
      try #require(try desk.run(["outbox", "status", "--json"], environment: queue).succeeded().events.first)
    }
    let before = try status()
    #expect(before["waiting"]?.uint64 == 3 && before["cursor"]?.uint64 == 0 && before["newest"]?.uint64 == 3)
    #expect(before["relay"]?.string == "redis:airdrop.outbox" && before["topic"]?.string == "airdrop.outbox")
    let sent = try desk.run(["outbox", "relay", "--once", "--json"], environment: queue).succeeded().events
    #expect(sent.first?["event"]?.string == "relayed" && sent.first?["events"]?.uint64 == 3)
    let stream = try Self.stream(server)
    #expect(stream.map { $0["type"]?.string } == Array(repeating: "campaign.created", count: 3))
    #expect(stream.map { $0["payload"]?["name"]?.string } == ["C0", "C1", "C2"])
    #expect(Set(stream.compactMap { $0["id"]?.string }).count == 3)
    let after = try status()
    #expect(after["waiting"]?.uint64 == 0 && after["cursor"]?.uint64 == 3 && after["oldest_age_ms"] == .null)
    #expect(
      try desk.run(["outbox", "relay", "--once"], environment: queue).succeeded().out.hasPrefix("0 events relayed"))

    try desk.run(["outbox", "replay", "--from", "2"], environment: queue).succeeded()
    #expect(try Self.stream(server) == stream + stream[1...])
    try desk.run(["outbox", "replay", "--from", "1", "--to", "1"], environment: queue).succeeded()
    #expect(try Self.stream(server).count == 6)
    #expect(try desk.run(["outbox", "replay", "--from", "4"], environment: queue).status == 64)
    #expect(try desk.run(["outbox", "replay", "--from", "3", "--to", "2"], environment: queue).status == 64)
    #expect(try desk.run(["outbox", "replay"], environment: queue).status == 64)

    // Another topic is another stream, from the beginning.
    let other = queue.merging(["AM_OUTBOX_TOPIC": "other.topic"]) { $1 }
    try desk.run(["outbox", "relay", "--once"], environment: other).succeeded()
    #expect(try Self.stream(server, "other.topic") == stream)
  }

  @Test func `the settings are refused with their code, and a password is shown nowhere`() throws {
    let desk = try Self.desk(1)
    func run(_ settings: [String: String], _ line: [String] = ["outbox", "relay", "--once"]) throws -> Program.Ended {
      try desk.run(line, environment: settings)
    }
    let port = try LoopbackSocket.freePort()
    for (settings, status, code) in [
      ([:], 78, "config.missing"), (["AM_QUEUE_URL": "amqp://host"], 78, "broker.bad_url"),
      (["AM_QUEUE_URL": "rediss://:hunter2@host"], 78, "broker.tls_not_supported"),
      (["AM_QUEUE_URL": "redis://host", "AM_OUTBOX_TOPIC": "a b"], 78, "broker.bad_topic"),
      (["AM_QUEUE_URL": "redis://:hunter2@127.0.0.1:\(port)"], 69, "broker.unavailable"),
      (["AM_QUEUE_URL": "memory://"], 69, "broker.no_subscriber"),
      (["AM_QUEUE_URL": "redis://host", "AM_QUEUE_TIMEOUT_MS": "0"], 78, "config.bad_value"),
      (["AM_QUEUE_URL": "redis://host", "AM_QUEUE_PASSWORD_FILE": "/nonexistent"], 74, "signing.file_failed"),
    ] as [([String: String], Int32, String)] {
      let ended = try run(settings)
      #expect(ended.status == status && ended.code == code, "\(settings): \(ended.error)")
      #expect(!(ended.out + ended.error).contains("hunter2"))
    }
    let check = try run(["AM_QUEUE_URL": "redis://user:hunter2@host:7000/2"], ["config", "check"])
    #expect(check.out.contains("redis://host:7000/2") && !check.out.contains("hunter2"))
    let bad = try run(["AM_QUEUE_URL": "redis://hunter2@"], ["config", "check", "--json"])
    #expect(bad.out.contains("broker.bad_url") && !bad.out.contains("hunter2"))
  }

  @Test func `a password comes from a file`() throws {
    let server = try BrokerServer(.redis, ["--requirepass", "p@ss word"])
    let desk = try Self.desk(1)
    try desk.scratch.write("p@ss word\n", to: "secret")
    var settings = ["AM_QUEUE_URL": server.url]
    #expect(try desk.run(["outbox", "relay", "--once"], environment: settings).code == "broker.denied")
    settings["AM_QUEUE_PASSWORD_FILE"] = desk.scratch("secret")
    try desk.run(["outbox", "relay", "--once"], environment: settings).succeeded()
  }

  @Test func `a relay waits for a broker that is down, goes on, and ends well on a signal`() throws {
    let server = try BrokerServer(.redis)
    let desk = try Self.desk(2)
    server.kill()
    let settings = desk.environment.merging(["AM_QUEUE_URL": server.url, "AM_POLL_MS": "20"]) { $1 }
    let relay = try Program.Running(["outbox", "relay"], environment: settings, folder: desk.scratch.path)
    try relay.wait { $0.error.contains("events wait: broker.unavailable") }
    try server.start()
    try relay.wait { $0.error.contains("events go on") }
    try desk.run(["airdrop", "campaigns", "create", "--name", "late", "--chain", "evm"]).succeeded()
    try relay.wait { _ in try Self.stream(server).count == 3 }
    relay.send(SIGTERM)
    let ended = try relay.finish()
    #expect(ended.status == 0 && ended.out.hasPrefix("3 events relayed"))
    #expect(ended.error.split(separator: "\n").filter { $0.hasPrefix("events wait") }.count == 1)
  }

  /// Between the broker's acknowledgement and the cursor there is no moment at which a kill leaves a hole.
  @Test func `killed again and again, it repeats and never skips`() throws {
    let server = try BrokerServer(.redis)
    let desk = try Self.desk(1)
    let names = (0..<60).map { "K\($0)" }
    let settings = desk.environment.merging(["AM_QUEUE_URL": server.url, "AM_POLL_MS": "1"]) { $1 }
    var random = SplitMix64(seed: 3)
    for name in names {
      let relay = try Program.Running(["outbox", "relay"], environment: settings, folder: desk.scratch.path)
      try desk.run(["airdrop", "campaigns", "create", "--name", name, "--chain", "evm"]).succeeded()
      usleep(UInt32(random.next() % 40_000))
      relay.send(SIGKILL)
      _ = try relay.finish(killing: true)
    }
    try desk.run(["outbox", "relay", "--once"], environment: settings).succeeded()
    var seen: Set<String> = []
    let firsts = try Self.stream(server).filter { seen.insert($0["id"]?.string ?? "").inserted }
    #expect(firsts.map { $0["payload"]?["name"]?.string } == ["C0"] + names)
  }
}

extension String {
  fileprivate var trimmingSuffix: String { String(reversed().drop { $0.isWhitespace }.reversed()) }
}
