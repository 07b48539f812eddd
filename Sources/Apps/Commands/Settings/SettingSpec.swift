/// One setting: its name, what it is for, its default, and whether its feature is built.
package struct SettingSpec: Sendable {
  package let name: String
  package let summary: String
  package let standard: String?
  /// The flag that beats it, without dashes; nil for none.
  package let flag: String?
  /// Why it is refused for now; nil when it works.
  package let notYet: String?
  package let isSecret: Bool

  init(
    _ name: String, _ summary: String, standard: String? = nil, flag: String? = nil, notYet: String? = nil,
    isSecret: Bool = false
  ) {
    self.name = name
    self.summary = summary
    self.standard = standard
    self.flag = flag
    self.notYet = notYet
    self.isSecret = isSecret
  }

  /// Every name that is read. Anything else that starts with AM_ is refused.
  package static let all: [SettingSpec] = desk + operations

  /// Names that do not begin with AM_: those of the operators' scripts.
  static let foreignNames = Set(all.map(\.name).filter { !$0.hasPrefix("AM_") })

  private static let desk: [SettingSpec] = [
    SettingSpec(
      "AM_DB_DSN", "the store: sqlite:PATH or postgresql://USER@HOST/NAME", standard: "sqlite:almoner.db", flag: "dsn"),
    SettingSpec(
      "AM_MODE", "development, or production: then AM_APPROVALS must be set and another approver enrolled",
      standard: "development"),
    SettingSpec("AM_CHAIN_DRIVERS", "drivers that may be used: evm, simulated", standard: "evm"),
    SettingSpec("AM_EVM_RPC", "nodes, as a comma list of URLs; a majority must agree"),
    SettingSpec("AM_EVM_CHAIN_ID", "EIP-155 chain id of the nodes"),
    SettingSpec("AM_EVM_FINALITY", "`finalized`, or a depth in blocks", standard: "finalized"),
    SettingSpec("AM_EVM_QUORUM", "how many nodes must agree; at least a majority"),
    SettingSpec("AM_EVM_BATCH_CONTRACT", "address of the batch contract; without it, one transfer per transaction"),
    SettingSpec("AM_EVM_TRANSACTION_TYPE", "eip1559 or legacy", standard: "eip1559"),
    SettingSpec("AM_EVM_TIMEOUT_MS", "longest wait for one answer of a node", standard: "10000"),
    SettingSpec("AM_POLL_MS", "wait between two looks at the chain while nothing moves", standard: "500"),
    SettingSpec("AM_RESEND_MS", "wait before the same bytes are handed over again", standard: "15000"),
    SettingSpec("AM_BUMP_MS", "wait before a transaction that is not final gets a higher fee", standard: "60000"),
    SettingSpec(
      "AM_LEASE_MS",
      "how long a worker holds a lane without renewing; a dead worker's lanes move within it and a third",
      standard: "15000"),
    SettingSpec("AM_PATIENCE_MS", "wait before the fate of a transaction is called unknown", standard: "3600000"),
    SettingSpec("AM_KEYSTORE", "development keystore: a file, or a folder with one file per lane"),
    SettingSpec("AM_KEYSTORE_PASSWORD_FILE", "file with the keystore's password"),
    SettingSpec("AM_HSM_URI", "PKCS#11 key by RFC 7512; slot= is an alias of slot-id"),
    SettingSpec("AM_HSM_PIN_FILE", "file with the PIN of the token"),
    SettingSpec("AM_WEB3SIGNER_URL", "Web3Signer, whose Ethereum keys are used by its REST API"),
    SettingSpec("AM_KMS_URL", "AWS KMS, such as https://kms.eu-central-1.amazonaws.com"),
    SettingSpec("AM_KMS_REGION", "region that requests to KMS are signed for"),
    SettingSpec("AM_KMS_KEYS", "ids of the keys in KMS (ECC_SECG_P256K1), as a comma list"),
    SettingSpec("AM_KMS_CREDENTIALS_FILE", "file with two lines: the access key's id and its secret"),
    SettingSpec("AM_SIGNING_LOG", "the signer's own log; next to the store unless set, better on another disk"),
    SettingSpec("AM_VRF_KEY", "at the keeper of a VRF key: the key's file"),
    SettingSpec(
      "AM_VRF_LOG", "at the keeper of a VRF key: what the key was asked for; made with the key and never again"),
    SettingSpec("AM_VRF_PASSWORD_FILE", "at the keeper of a VRF key: file with the key's password"),
    SettingSpec("AM_SIGNER", "the signer apart: unix:PATH or tls://HOST:PORT; unset where the engine has the keys"),
    SettingSpec(
      "AM_SIGNER_TIMEOUT_MS", "longest wait for an answer of the signer apart; at the signer, for a call to be whole",
      standard: "30000"),
    SettingSpec(
      "AM_SIGNER_APPROVERS", "at the signer: file with its own list of approvers, a line each: NAME KEY"),
    SettingSpec("AM_SIGNER_TLS_CA", "between engine and signer: the authority of both certificates, PEM"),
    SettingSpec("AM_SIGNER_TLS_CERT", "between engine and signer: one's own certificate, PEM"),
    SettingSpec("AM_SIGNER_TLS_KEY", "between engine and signer: file with that certificate's key, PEM"),
    SettingSpec(
      "AM_SIGNER_TLS_PEER",
      "the name in the other side's certificate: the host of AM_SIGNER unless set; at the signer, those that may ask"),
    SettingSpec(
      "AM_DRAND_URL", "servers of drand's rounds for lotteries, comma list; none is believed, each round is verified"),
    SettingSpec("AM_CHECKPOINT_KEY", "folder with the key that seals the audit trail; next to the store unless set"),
    SettingSpec("AM_MAX_FEE", "most that one transaction may cost in fees, in wei", standard: "1000000000000000000"),
    SettingSpec("AM_MAX_PER_TRANSACTION", "most that one transaction may move, in base units; unset for no cap"),
    SettingSpec("AM_MAX_BATCH_SIZE", "most recipients in one transaction", standard: "500", flag: "max-batch"),
    SettingSpec(
      "AM_MAX_CONCURRENCY", "most transactions on their way at once, per lane", standard: "8", flag: "concurrency"),
    SettingSpec("AM_JSONL_PATH", "file that events are appended to; next to the store unless set"),
    SettingSpec(
      "AM_QUEUE_URL",
      "message broker: redis://host:6379, redis+unix:///socket, nats://host:4222,..., kafka://host:9092,... or memory://"
    ),
    SettingSpec("AM_QUEUE_PASSWORD_FILE", "file with the broker's password, better than one in the URL"),
    SettingSpec("AM_QUEUE_TIMEOUT_MS", "longest wait for the broker's answer to a page of events", standard: "10000"),
    SettingSpec("AM_OUTBOX_TOPIC", "topic on the broker: a stream, a subject or a topic", standard: "airdrop.outbox"),
    SettingSpec("AM_LISTS_DIR", "folder of the imported sanctions lists; next to the store unless set"),
    SettingSpec(
      "AM_LISTS_MAX_AGE", "age since import at which a list answers no more, 1h to 7d; a daily import may fail once",
      standard: "48h"),
    SettingSpec("AM_LISTS_REQUIRED", "lists that must be there, as a comma list; otherwise whichever were imported"),
    SettingSpec("AM_WATCHMAN_URL", "Moov Watchman, asked about sanctions besides the imported lists"),
    SettingSpec("AM_YENTE_URL", "OpenSanctions yente, asked about sanctions besides the imported lists"),
    SettingSpec("AM_YENTE_DATASET", "yente's data set", standard: "sanctions"),
    SettingSpec("AM_YENTE_KEY_FILE", "file with the API key of yente, if it wants one"),
    SettingSpec(
      "AM_SANCTIONS_ORACLE", "address of a contract that answers isSanctioned(address), asked through AM_EVM_RPC"),
    SettingSpec("AM_SANCTIONS_TIMEOUT_MS", "longest wait for one answer of a sanctions provider", standard: "10000"),
    SettingSpec(
      "AM_EGRESS_HOSTS",
      "hosts that HTTP requests may go to, as a comma list of HOST or HOST:PORT; unset, exactly those that settings name"
    ),
    SettingSpec("AM_PROMETHEUS", "metrics for Prometheus", notYet: "see airdrop report for figures"),
    SettingSpec("AM_PROM_PORT", "port for Prometheus", notYet: "see airdrop report for figures"),
    SettingSpec(
      "AM_RATE_LIMIT_GLOBAL",
      "most payouts that are promised in how many seconds: 300:60, or 300:60:fixed for windows that begin together; what is over it waits"
    ),
    SettingSpec("AM_GEO_COUNTRY_DB", "database (mmdb) of countries by IP address, for ip.country in policies"),
    SettingSpec("AM_GEO_ASN_DB", "database (mmdb) of autonomous systems by IP address, for ip.asn in policies"),
    SettingSpec(
      "AM_GEO_MAX_AGE", "age since it was built at which such a database answers no more, 1h to 366d", standard: "35d"),
    SettingSpec("AM_KYC_URL", "KYC provider; then its word counts, and not the column kyc of the recipients file"),
    SettingSpec("AM_KYC_KEY_FILE", "file with the key of the KYC provider, if it wants one"),
    SettingSpec(
      "AM_KYC_MAX_AGE", "age of the provider's check at which an answer counts no more, 1h to 366d", standard: "30d"),
    SettingSpec("AM_KYC_TIMEOUT_MS", "longest wait for one answer of the KYC provider", standard: "5000"),
    SettingSpec(
      "AM_APPROVALS",
      "m/n: how many people must approve a campaign, of at least how many who may; unset for one local operator"
    ),
    SettingSpec(
      "AM_ADDRESS_BOOK_DELAY", "how long a new or changed entry of the address book does not count yet, 0h to 90d",
      standard: "48h"),
    SettingSpec(
      "AM_ADDRESS_BOOK_ONLY", "yes: this program's accounts pay only to usable entries of the address book",
      standard: "no"),
    SettingSpec(
      "AM_SAFE_MODE", "yes: this program signs nothing; it screens, watches, reconciles and reports", standard: "no"),
    SettingSpec(
      "AM_SESSION_FILE", "file with the token of `almoner login`; .almoner-session in the home directory unless set"),
    SettingSpec(
      "AM_SECRETS_MAX_AGE", "age at which secrets are due: for all, then by setting, such as 90d,AM_HSM_PIN_FILE=180d",
      standard: "90d"),
    SettingSpec(
      "AM_OPS_JOURNAL",
      "file of the operations journal: incidents, rows of the log and runs of runbooks; next to the store unless set"),
    SettingSpec(
      "AM_PEOPLE_KEY", "file with the key that seals people's one-time-code secrets; next to the store unless set"),
  ]
}
