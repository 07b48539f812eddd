import CSQLite

/// The locks of one file among the connections of this process. Source: https://sqlite.org/lockingv3.html
struct FileLocks {
  /// By handle: SHARED, RESERVED, PENDING or EXCLUSIVE.
  private var levels: [Int: Int32] = [:]

  /// Whether the handle now holds the level.
  mutating func raise(_ handle: Int, to level: Int32) -> Bool {
    let mine = levels[handle] ?? SQLITE_LOCK_NONE
    guard level > mine else { return true }
    let highest = levels.filter { $0.key != handle }.values.max() ?? SQLITE_LOCK_NONE
    let isAllowed =
      switch level {
      case SQLITE_LOCK_SHARED: highest < SQLITE_LOCK_PENDING
      case SQLITE_LOCK_RESERVED: highest < SQLITE_LOCK_RESERVED
      default: highest == SQLITE_LOCK_NONE
      }
    if isAllowed {
      levels[handle] = level
    } else if level == SQLITE_LOCK_EXCLUSIVE, highest < SQLITE_LOCK_RESERVED {
      // Readers finish; nobody new comes in.
      levels[handle] = SQLITE_LOCK_PENDING
    }
    return isAllowed
  }

  mutating func lower(_ handle: Int, to level: Int32) {
    if level == SQLITE_LOCK_NONE { levels[handle] = nil } else { levels[handle] = min(levels[handle] ?? level, level) }
  }

  mutating func drop(_ handle: Int) { levels[handle] = nil }

  var isReserved: Bool { levels.values.contains { $0 >= SQLITE_LOCK_RESERVED } }
}

/// The index of a write-ahead log, shared by the connections of a file. Volatile: a crash forgets it.
struct SharedMemory {
  /// Addresses of the regions. SQLite keeps pointers into them, so they stay where they are.
  private var regions: [UInt] = []
  private var shared: [Int: Set<Int>] = [:]
  private var exclusive: [Int: Int] = [:]
  private var users: Set<Int> = []

  /// The address of a region; nil when it is not there and shall not be made.
  mutating func region(_ index: Int, size: Int, extends: Bool, for handle: Int) -> UInt? {
    users.insert(handle)
    while regions.count <= index {
      guard extends else { return nil }
      let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
      unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
      regions.append(UInt(bitPattern: memory))
    }
    return regions[index]
  }

  /// Whether the lock or unlock was possible. Source: https://sqlite.org/c3ref/c_shm_exclusive.html
  mutating func lock(_ handle: Int, _ slots: Range<Int>, _ flags: Int32) -> Bool {
    if flags & SQLITE_SHM_UNLOCK != 0 {
      for slot in slots {
        shared[slot]?.remove(handle)
        if exclusive[slot] == handle { exclusive[slot] = nil }
      }
      return true
    }
    if flags & SQLITE_SHM_SHARED != 0 {
      guard slots.allSatisfy({ exclusive[$0] == nil || exclusive[$0] == handle }) else { return false }
      for slot in slots { shared[slot, default: []].insert(handle) }
      return true
    }
    let isFree = slots.allSatisfy { slot in
      (exclusive[slot] == nil || exclusive[slot] == handle)
        && (shared[slot] ?? []).allSatisfy { $0 == handle }
    }
    guard isFree else { return false }
    for slot in slots { exclusive[slot] = handle }
    return true
  }

  mutating func unmap(_ handle: Int, deletes: Bool) {
    drop(handle)
    if deletes, users.isEmpty {
      free()
      regions = []
    }
  }

  mutating func drop(_ handle: Int) {
    users.remove(handle)
    for slot in shared.keys { shared[slot]?.remove(handle) }
    exclusive = exclusive.filter { $0.value != handle }
  }

  func free() {
    for region in regions { unsafe UnsafeMutableRawPointer(bitPattern: region)?.deallocate() }
  }
}
