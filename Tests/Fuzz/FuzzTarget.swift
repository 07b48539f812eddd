import Airdrop

/// Parsers of outside data. Each must refuse or accept, never trap; what it accepts must survive writing and reading
/// again, or keep another promise that its case names. A new case needs a folder of that name in `corpus/`.
enum FuzzTarget: String, CaseIterable {
  // Text and bytes of the core: FuzzCodecs.
  case json, address, decimal, hex, rlp, abi, transaction
  // Lists of recipients: FuzzIngest.
  case csv, jsonl, jsonlist
  // What nodes answer: FuzzNodes.
  case rpc, node, endpoint
  // What lies beside a key, and settings: FuzzFiles.
  case keystore, offline, hsm, settings
  // What brokers answer, and where they are: FuzzBrokers.
  case redis, jetstream, queue
  // Lists of sanctioned parties: FuzzLists.
  case sdn, plainlist, version, name
  // Between an engine and its signer: FuzzSigner.
  case signer

  func run(_ input: [UInt8]) {
    switch self {
    case .json: FuzzCodecs.json(input)
    case .address: FuzzCodecs.address(input)
    case .decimal: FuzzCodecs.decimal(input)
    case .hex: FuzzCodecs.hex(input)
    case .rlp: FuzzCodecs.rlp(input)
    case .abi: FuzzCodecs.abi(input)
    case .transaction: FuzzTransactions.run(input)
    case .csv: FuzzIngest.run(input, .csv)
    case .jsonl: FuzzIngest.run(input, .jsonl)
    case .jsonlist: FuzzIngest.run(input, .json)
    case .rpc: FuzzNodes.batch(input)
    case .node: FuzzNodes.rail(input)
    case .endpoint: FuzzNodes.endpoint(input)
    case .keystore: FuzzFiles.keystore(input)
    case .offline: FuzzFiles.offline(input)
    case .hsm: FuzzFiles.hsm(input)
    case .settings: FuzzFiles.settings(input)
    case .redis: FuzzBrokers.redis(input)
    case .jetstream: FuzzBrokers.jetStream(input)
    case .queue: FuzzBrokers.queue(input)
    case .sdn: FuzzLists.document(input)
    case .plainlist: FuzzLists.plain(input)
    case .version: FuzzLists.version(input)
    case .name: FuzzLists.name(input)
    case .signer: FuzzSigner.run(input)
    }
  }
}
