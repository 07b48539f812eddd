import Chains

/// Where real money lives, as far as anybody can list it.
///
/// Why a list of main networks and not of test networks: private development chains carry any number, and refusing all of
/// them would teach people to reuse a public test network's number. The price is that a main network born tomorrow is not
/// on the list: an id on neither list is allowed, and `KeystoreKey.warnings` says so each time.
/// Source of the numbers: https://chainid.network (EIP-155 ids).
enum KnownChains {
  /// A main network: a software key is refused.
  static func isMain(_ chain: ChainID) -> Bool {
    switch chain.family {
    case .simulated: false
    // 0 is no chain, and a signature without a chain id (before EIP-155) is valid on all of them.
    case .evm: chain.number == 0 || main.contains(chain.number)
    }
  }

  /// Neither a main network nor a test network on our lists.
  static func isUnknown(_ chain: ChainID) -> Bool {
    switch chain.family {
    case .simulated: false
    case .evm: !isMain(chain) && !test.contains(chain.number)
    }
  }

  private static let main: Set<UInt64> = [
    1,  // Ethereum
    8,  // Ubiq
    10,  // OP Mainnet
    14,  // Flare
    19,  // Songbird
    20,  // Elastos
    24,  // KardiaChain
    25,  // Cronos
    30,  // Rootstock
    40,  // Telos
    42,  // LUKSO
    50,  // XDC
    52,  // CoinEx
    56,  // BNB Smart Chain
    57,  // Syscoin
    60,  // GoChain
    61,  // Ethereum Classic
    66,  // OKXChain
    82,  // Meter
    88,  // Viction
    100,  // Gnosis
    106,  // Velas
    108,  // ThunderCore
    122,  // Fuse
    128,  // Huobi ECO
    130,  // Unichain
    137,  // Polygon
    143,  // Monad
    146,  // Sonic
    148,  // Shimmer
    169,  // Manta Pacific
    177,  // HashKey
    185,  // Mint
    196,  // X Layer
    204,  // opBNB
    232,  // Lens
    239,  // TAC
    248,  // Oasys
    250,  // Fantom
    252,  // Fraxtal
    255,  // Kroma
    269,  // High Performance Blockchain
    288,  // Boba
    291,  // Orderly
    295,  // Hedera
    314,  // Filecoin
    321,  // KCC
    324,  // zkSync Era
    336,  // Shiden
    361,  // Theta
    369,  // PulseChain
    388,  // Cronos zkEVM
    416,  // SX
    480,  // World Chain
    570,  // Rollux
    592,  // Astar
    690,  // Redstone
    747,  // Flow
    820,  // Callisto
    888,  // Wanchain
    957,  // Lyra
    988,  // Stable
    999,  // HyperEVM
    1030,  // Conflux eSpace
    1088,  // Metis
    1101,  // Polygon zkEVM
    1111,  // WEMIX
    1116,  // Core
    1135,  // Lisk
    1231,  // Ultron
    1284,  // Moonbeam
    1285,  // Moonriver
    1329,  // Sei
    1514,  // Story
    1559,  // Tenet
    1625,  // Gravity Alpha
    1729,  // Reya
    1750,  // Metal L2
    1868,  // Soneium
    1890,  // LightLink
    1923,  // Swellchain
    1996,  // Sanko
    2000,  // Dogechain
    2020,  // Ronin
    2109,  // Exosama
    2152,  // Findora
    2222,  // Kava
    2345,  // GOAT
    2741,  // Abstract
    2818,  // Morph
    3073,  // Movement
    3637,  // Botanix
    4158,  // CrossFi
    4200,  // Merlin
    4326,  // MegaETH
    4337,  // Beam
    4689,  // IoTeX
    5000,  // Mantle
    5165,  // Bahamut
    5330,  // Superseed
    6001,  // BounceBit
    7000,  // ZetaChain
    7560,  // Cyber
    7700,  // Canto
    8008,  // Polynomial
    8217,  // Kaia
    8333,  // B3
    8453,  // Base
    8822,  // IOTA EVM
    9001,  // Evmos
    9745,  // Plasma
    10000,  // smartBCH
    10849,  // Lamina1
    11501,  // BEVM
    12553,  // RSS3
    13371,  // Immutable zkEVM
    16661,  // 0G
    17777,  // EOS EVM
    23294,  // Oasis Sapphire
    32659,  // Fusion
    32769,  // Zilliqa
    33139,  // ApeChain
    34443,  // Mode
    39797,  // Energi
    41923,  // Edu Chain
    42161,  // Arbitrum One
    42170,  // Arbitrum Nova
    42220,  // Celo
    42262,  // Oasis Emerald
    42793,  // Etherlink
    43111,  // Hemi
    43114,  // Avalanche C-Chain
    47763,  // Neo X
    48900,  // Zircuit
    50104,  // Sophon
    53935,  // DFK
    55244,  // Superposition
    55555,  // REI
    57073,  // Ink
    59144,  // Linea
    60808,  // BOB
    70700,  // Proof of Play Apex
    71402,  // Godwoken
    80094,  // Berachain
    81457,  // Blast
    88888,  // Chiliz
    98866,  // Plume
    105105,  // Stratis
    111188,  // re.al
    167000,  // Taiko
    200901,  // Bitlayer
    210425,  // PlatON
    245022934,  // Neon EVM
    534352,  // Scroll
    543210,  // Zero
    660279,  // Xai
    666666666,  // Degen
    747474,  // Katana
    810180,  // zkLink Nova
    888888888,  // Ancient8
    994873017,  // Lumia
    1313161554,  // Aurora
    1380012617,  // RARI
    1666600000,  // Harmony
    7777777,  // Zora
    11297108109,  // Palm
    21000000,  // Corn
  ]

  private static let test: Set<UInt64> = [
    3,  // Ropsten
    4,  // Rinkeby
    5,  // Goerli
    31,  // Rootstock testnet
    97,  // BNB testnet
    1337,  // development default (geth, Ganache)
    1442,  // Polygon zkEVM testnet
    2442,  // Polygon zkEVM Cardona
    4002,  // Fantom testnet
    5001,  // Mantle testnet
    5003,  // Mantle Sepolia
    10200,  // Chiado
    17000,  // Holesky
    31337,  // development default (Hardhat, Anvil, our own chain)
    43113,  // Avalanche Fuji
    44787,  // Celo Alfajores
    59141,  // Linea Sepolia
    80001,  // Mumbai
    80002,  // Amoy
    80084,  // Berachain bArtio
    84532,  // Base Sepolia
    168_587_773,  // Blast Sepolia
    300,  // zkSync Sepolia
    421614,  // Arbitrum Sepolia
    534351,  // Scroll Sepolia
    560048,  // Hoodi
    11_155_111,  // Sepolia
    11_155_420,  // OP Sepolia
  ]
}
