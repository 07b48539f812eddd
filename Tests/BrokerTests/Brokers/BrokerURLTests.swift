import Broker
import Engine
import Testing

@Suite("Broker URLs and topics")
struct BrokerURLTests {
  @Test(
    arguments: [
      ("redis://host", "redis://host:6379/0"), ("redis://host:7000/3", "redis://host:7000/3"),
      ("redis://user:p%40ss@host", "redis://host:6379/0"), ("redis://:only@[::1]:6380/", "redis://[::1]:6380/0"),
      ("REDIS://host?maxlen=5", "redis://host:6379/0"),
      ("redis+unix:///run/a%20b.sock?db=2", "redis+unix:///run/a b.sock"),
      ("nats://a,b:4333,[::1]", "nats://a:4222,b:4333,[::1]:4222"), ("nats://u:p@a:1", "nats://a:1"),
      ("kafka://a,b:9093,c", "kafka://a:9092,b:9093,c:9092"), ("memory://", "memory://"),
    ])
  func `every form is understood, and shown without its password`(text: String, shown: String) throws {
    let url = try BrokerURL(text)
    #expect(url.shown == shown)
    #expect("\(url)" == shown && String(reflecting: url) == shown)
    var dumped = ""
    dump(url, to: &dumped)
    #expect(!dumped.contains("p@ss") && !dumped.contains("only"))
  }

  @Test func `user and password are those of the URL, escapes resolved`() throws {
    let url = try BrokerURL("redis://us%65r:p%40%3A%2F%25ss@host")
    #expect(url.user == "user" && url.password == "p@:/%ss")
    let bare = try BrokerURL("nats://host", password: "x")
    #expect(bare.password == "x" && bare.user == nil)
    let split = try BrokerURL("nats://desk@host", password: "x")
    #expect(split.password == "x" && split.user == "desk")
  }

  @Test(
    arguments: [
      "", "redis", "redis:", "redis:host", "redis://", "redis:///1", "redis://host:0", "redis://host:65536",
      "redis://host:x",
      "redis://a,b", "redis://host/x", "redis://host/-1", "redis://host?maxlen=0", "redis://host?maxlen=1&maxlen=2",
      "redis://host?other=1", "redis://user@host", "redis://ho st", "redis://host\n", "redis://h\u{0}",
      "redis://%zz@host",
      "redis://:%00@host", "redis://:%0a@host", "redis://:%ff@host", "redis://[::1", "redis://ho/st/1", "nats://a,",
      "nats://a/path", "nats://a?x=1", "kafka://u:p@a", "kafka://", "memory://x", "memory:///x", "redis+unix://host",
      "redis+unix:///", "http://host", "amqp://host", "://host", String(repeating: "a", count: 5_000),
      "redis://h\u{e4}st", "redis://host:+80", "redis://a:b@c@", "redis://:%+1@host",
    ])
  func `anything else is refused, and nothing of it is repeated`(text: String) throws {
    let error = #expect(throws: BrokerError.self, "\(text)") { try BrokerURL(text) }
    #expect(error?.code == .badURL && error?.message.contains("%") != true)
  }

  @Test(arguments: ["rediss://host", "tls://host", "nats+tls://host", "kafka+ssl://host"])
  func `TLS is refused by a code of its own that says why`(text: String) throws {
    let error = #expect(throws: BrokerError.self) { try BrokerURL(text) }
    #expect(error?.code == .noTLS && error?.message.contains("TLS") == true && error?.hint != nil)
  }

  @Test func `a password has one place`() throws {
    for text in ["redis://:a@host", "kafka://host", "memory://"] {
      #expect(throws: BrokerError.self) { try BrokerURL(text, password: "x") }
    }
  }

  @Test(
    arguments: [
      ("airdrop.outbox", true), ("a", true), ("A-b_9.c", true), ("", false), (".", false), ("a.", false), (".a", false),
      ("a..b", false), ("a b", false), ("a*", false), ("a.>", false), ("a/b", false), ("\u{e4}", false), ("a\n", false),
      (String(repeating: "a", count: 200), true), (String(repeating: "a", count: 201), false), ("$JS.API", false),
    ])
  func `a topic is a name that every broker takes`(name: String, isTopic: Bool) {
    #expect(((try? Topic(name)) != nil) == isTopic, "\(name)")
  }
}
