/// What may go wrong beside the chain: on these machines, with their disk, clocks and leases, and the people before them.
enum Fault: String, CaseIterable, Sendable {
  /// The process is killed between two steps, or in the middle of an effect.
  case processKilled = "process_killed"
  /// Power fails: what was not synced is gone or torn.
  case powerCut = "power_cut"
  /// Power fails at a write, sync, truncation or deletion of SQLite.
  case powerCutInWrite = "power_cut_in_write"
  case diskFull = "disk_full"
  case diskError = "disk_error"
  /// A read fails.
  case readError = "read_error"
  /// A commit succeeds or fails, and its answer is lost.
  case commitUnknown = "commit_unknown"
  case storeBusy = "store_busy"
  /// The signer's log cannot be written; or was written, and says it was not.
  case logFailed = "log_failed"
  case keyUnavailable = "key_unavailable"
  /// The clock of all workers jumps, forwards or backwards.
  case clockJump = "clock_jump"
  /// One worker's clock goes wrong against those of the others.
  case workerClock = "worker_clock"
  /// One worker dies and leaves its lease behind; the others live on.
  case workerKilled = "worker_killed"
  /// A worker sleeps between two steps until another has taken its lane.
  case sleeper
  /// A write to the store, or its answer, takes so long that another worker takes the lane meanwhile.
  case slowCommit = "slow_commit"
  /// The same with the signer: its log or its key.
  case slowSigner = "slow_signer"
  /// The same with a broadcast.
  case slowNode = "slow_node"
  /// One worker's connection to the store is cut for a while. It still reaches the signer and the nodes.
  case storeUnreachable = "store_unreachable"
  /// A worker takes a lane of which another, alive, still believes that it holds it. A consequence: never planned.
  case twoAwake = "two_awake"
  /// A worker acts under a fence that another has overtaken, and is refused. A consequence as well.
  case staleFence = "stale_fence"
  /// The store is put back to an older state, and is told so.
  case restored
  /// The store's file is replaced by an older copy, and nobody says so.
  case swapped
  /// An operator pauses, resumes or cancels.
  case operatorActs = "operator"
  /// The sanctions list does not answer.
  case listsUnreachable = "lists_unreachable"
  /// It is too old to be relied on, and says so.
  case listsStale = "lists_stale"
  /// It answers about fewer than it was asked about.
  case listsShort = "lists_short"
  /// Another version of it is out, which names others.
  case listsChanged = "lists_changed"
  /// Another policy is put in force.
  case policyChanged = "policy_changed"

  /// How often it happens at an opportunity of a world that knows it, in 1/4096.
  var usual: Int {
    switch self {
    case .processKilled: 40
    case .powerCut: 25
    case .powerCutInWrite: 30
    case .diskFull, .diskError: 6
    case .readError: 4
    case .commitUnknown: 120
    case .storeBusy: 80
    case .logFailed: 250
    case .keyUnavailable: 300
    case .clockJump: 40
    case .workerClock: 30
    case .workerKilled: 60
    case .sleeper: 60
    case .slowCommit: 60
    case .slowSigner, .slowNode: 100
    case .storeUnreachable: 40
    case .twoAwake, .staleFence: 0
    case .restored, .swapped: 15
    case .operatorActs: 60
    case .listsUnreachable, .listsStale, .listsShort, .listsChanged: 120
    case .policyChanged: 60
    }
  }

  var most: Int {
    switch self {
    case .restored, .swapped: 1
    case .diskFull, .diskError, .readError: 3
    case .operatorActs: 6
    default: 5
    }
  }
}
