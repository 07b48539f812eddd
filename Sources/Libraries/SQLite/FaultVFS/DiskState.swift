/// The files of a `FaultDisk`, what is open of them, and the shared memory between connections.
struct DiskState {
  struct File {
    var name: String
    var current: [UInt8] = []
    var durable: [UInt8] = []
    /// Whether a crash leaves the name there.
    var isDurable = false
    var pending: [Change] = []
    /// How many changes a sync failed to bring to the disk: no later sync does, only writing them again.
    var doomed = 0
    var locks = FileLocks()
    var shared = SharedMemory()
    var openCount = 0
  }

  enum Change {
    case write(at: Int, [UInt8])
    case truncate(to: Int)
  }

  struct Handle {
    let file: Int
    let deletesOnClose: Bool
  }

  private static let sector = 512

  var random: UInt64
  var isDown = false
  var operations = 0
  var files: [Int: File] = [:]
  var names: [String: Int] = [:]
  /// Names that were removed, and nothing was synced since; a crash may bring them back.
  var removed: [String: [UInt8]] = [:]
  var handles: [Int: Handle] = [:]
  /// Shared memory of before a restart: connections that are still open may write to it when they close.
  private var abandoned: [SharedMemory] = []
  private var lastNumber = 0

  init(seed: UInt64) { random = seed }

  // MARK: Names and handles

  mutating func open(_ name: String?, creates: Bool, deletesOnClose: Bool) -> Int? {
    let file: Int
    if let name, let known = names[name] {
      file = known
    } else {
      guard creates || name == nil else { return nil }
      file = number()
      files[file] = File(name: name ?? "")
      if let name { names[name] = file }
    }
    files[file]?.openCount += 1
    let handle = number()
    handles[handle] = Handle(file: file, deletesOnClose: deletesOnClose || name == nil)
    return handle
  }

  mutating func close(_ handle: Int) {
    guard let closed = handles.removeValue(forKey: handle) else { return }
    files[closed.file]?.locks.drop(handle)
    files[closed.file]?.shared.drop(handle)
    files[closed.file]?.openCount -= 1
    if closed.deletesOnClose, let name = files[closed.file]?.name, !name.isEmpty, !isDown { remove(name, syncs: true) }
    forgetIfUnused(closed.file)
  }

  mutating func remove(_ name: String, syncs: Bool) {
    guard let file = names.removeValue(forKey: name) else { return }
    if let gone = files[file], gone.isDurable { removed[name] = syncs ? nil : gone.durable }
    forgetIfUnused(file)
  }

  func file(_ handle: Int) -> Int? { handles[handle]?.file }

  private mutating func forgetIfUnused(_ file: Int) {
    guard let entry = files[file], entry.openCount == 0, names[entry.name] != file else { return }
    entry.shared.free()
    files[file] = nil
  }

  private mutating func number() -> Int {
    lastNumber += 1
    return lastNumber
  }

  // MARK: Contents

  mutating func write(_ bytes: UnsafeRawBufferPointer, at offset: Int, to file: Int) {
    unsafe files[file]?.write(bytes, at: offset)
  }

  mutating func truncate(_ file: Int, to size: Int) {
    files[file]?.current.cut(to: size)
    files[file]?.pending.append(.truncate(to: size))
  }

  mutating func sync(_ file: Int) {
    guard var entry = files.removeValue(forKey: file) else { return }
    for change in entry.pending { change.apply(to: &entry.durable) }
    entry.pending.removeAll(keepingCapacity: true)
    entry.isDurable = true
    files[file] = entry
    // File systems with a journal of their own keep names in order: this sync brought earlier removals along.
    removed = [:]
  }

  /// A sync that failed: what it was asked for stays in memory only.
  mutating func failSync(_ file: Int) {
    guard var entry = files.removeValue(forKey: file) else { return }
    entry.doomed += entry.pending.count
    entry.pending = []
    files[file] = entry
  }

  // MARK: Crash

  var image: DiskImage {
    var image = DiskImage()
    for (name, file) in names { if let entry = files[file], entry.isDurable { image.files[name] = entry.durable } }
    return image
  }

  mutating func load(_ image: DiskImage) {
    clear()
    for name in image.files.keys.sorted() {
      guard let bytes = image.files[name] else { continue }
      let file = number()
      files[file] = File(name: name, current: bytes, durable: bytes, isDurable: true)
      names[name] = file
    }
  }

  mutating func restart(_ survival: Survival) -> DiskLosses {
    var losses = DiskLosses()
    var kept = DiskImage()
    for name in names.keys.sorted() {
      guard let file = names[name], let entry = files[file] else { continue }
      if let bytes = survivor(entry, survival, &losses) { kept.files[name] = bytes }
    }
    for name in removed.keys.sorted() where survival == .torn && kept.files[name] == nil && next() % 2 == 0 {
      kept.files[name] = removed[name]
    }
    // A killed process leaves the system's memory behind: what is not synced is still not synced.
    let unsynced = survival == .all ? files.values.filter { names[$0.name] != nil } : []
    load(kept)
    for entry in unsynced {
      guard let file = names[entry.name] else { continue }
      files[file]?.durable = entry.durable
      files[file]?.isDurable = entry.isDurable
      files[file]?.pending = entry.pending
      files[file]?.doomed = entry.doomed
    }
    isDown = false
    return losses
  }

  /// What a crash leaves of a file; nil when not even its name is there.
  private mutating func survivor(_ file: File, _ survival: Survival, _ losses: inout DiskLosses) -> [UInt8]? {
    switch survival {
    case .all: return file.current
    case .synced:
      losses.lostWrites += file.pending.count + file.doomed
      return file.isDurable ? file.durable : nil
    case .torn:
      guard file.isDurable || next() % 2 == 0 else {
        losses.lostWrites += file.pending.count + file.doomed
        return nil
      }
      var content = file.durable
      losses.lostWrites += file.doomed
      for change in file.pending { tear(change, into: &content, &losses) }
      return content
    }
  }

  private mutating func tear(_ change: Change, into content: inout [UInt8], _ losses: inout DiskLosses) {
    switch next() % 3 {
    case 0: losses.lostWrites += 1
    case 1: change.apply(to: &content)
    default:
      guard case .write(let offset, let bytes) = change, bytes.count > 1 else {
        losses.lostWrites += 1
        return
      }
      losses.tornWrites += 1
      var start = 0
      while start < bytes.count {
        // Sectors lie at multiples of their size in the file, not in the write.
        let end = min(bytes.count, ((offset + start) / DiskState.sector + 1) * DiskState.sector - offset)
        if next() % 2 == 0 { content.put(bytes[start..<end], at: offset + start) }
        start = end
      }
    }
  }

  private mutating func clear() {
    abandoned += files.values.map(\.shared)
    files = [:]
    names = [:]
    removed = [:]
    handles = [:]
  }

  func free() {
    for entry in files.values { entry.shared.free() }
    for memory in abandoned { memory.free() }
  }

  /// SplitMix64. Source: Steele, Lea and Flood, OOPSLA 2014.
  mutating func next() -> UInt64 {
    random &+= 0x9e37_79b9_7f4a_7c15
    var z = random
    z = (z ^ (z &>> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z &>> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z &>> 31)
  }
}

extension DiskState.File {
  mutating func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
    unsafe current.put(bytes, at: offset)
    pending.append(.write(at: offset, unsafe Array(bytes)))
  }
}

extension DiskState.Change {
  func apply(to content: inout [UInt8]) {
    switch self {
    case .write(let offset, let bytes): content.put(bytes[...], at: offset)
    case .truncate(let size): content.cut(to: size)
    }
  }
}

extension [UInt8] {
  /// Shorter or filled up with zeros.
  fileprivate mutating func cut(to size: Int) {
    if size < count { removeLast(count - size) } else { append(contentsOf: [UInt8](repeating: 0, count: size - count)) }
  }

  fileprivate mutating func put(_ bytes: ArraySlice<UInt8>, at offset: Int) {
    unsafe bytes.withUnsafeBytes { unsafe put($0, at: offset) }
  }

  fileprivate mutating func put(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
    let end = offset + bytes.count
    guard end > offset else { return }
    if count < end { cut(to: end) }
    unsafe withUnsafeMutableBytes { content in
      unsafe UnsafeMutableRawBufferPointer(rebasing: content[offset..<end]).copyMemory(from: bytes)
    }
  }
}
