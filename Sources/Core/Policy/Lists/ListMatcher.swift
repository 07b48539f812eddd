/// One version of a list, ready to be asked: exact addresses, and names that are alike.
package struct ListMatcher: Sendable {
  package let snapshot: ListSnapshot
  private let addresses: AddressSet
  /// Of each name of the index: the entry, and which of its names.
  private let owners: [(entry: Int, name: Int)]
  private let index: NameIndex

  /// The score from which a weak alias is a hit: its own publisher says that it is too broad to decide by.
  package static let weakThreshold = 9_500

  /// Throws `lists.changed` for an entry that cannot be compared: nobody could be cleared against it.
  package init(_ snapshot: ListSnapshot) throws(ListError) {
    self.snapshot = snapshot
    var keys: [(key: AddressKey, value: UInt32)] = []
    var names: [NameText] = []
    var owners: [(Int, Int)] = []
    for (place, entry) in snapshot.entries.enumerated() {
      do throws(ListError) {
        for address in entry.addresses {
          keys.append((try AddressKey(address.text), UInt32(truncatingIfNeeded: place)))
        }
        for (number, name) in entry.names.enumerated() {
          names.append(try NameText(name.text))
          owners.append((place, number))
        }
      } catch {
        throw ListError(.changed, "entry \(entry.id) of \(snapshot.name) cannot be compared: \(error.message)")
      }
    }
    addresses = AddressSet(keys)
    index = NameIndex(names)
    self.owners = owners
  }

  /// The listed parties that a subject is, or is like. Throws `lists.bad_query`.
  package func hits(
    _ subject: ScreeningSubject, threshold: Int, _ scratch: inout NameIndex.Scratch
  ) throws(ListError) -> [ListHit] {
    var out: [ListHit] = []
    for address in subject.addresses {
      guard let place = addresses.value(of: address.key) else { continue }
      out.append(hit(on: address, snapshot.entries[Int(place)]))
    }
    for name in subject.names {
      let query = NameQuery(try NameText(name))
      // The best name of each entry is enough.
      var seen: Set<Int> = []
      for found in index.hits(query, threshold: threshold, &scratch) {
        let owner = owners[found.place]
        let entry = snapshot.entries[owner.entry]
        let listed = entry.names[owner.name]
        if listed.kind == .weakAlias, found.score < ListMatcher.weakThreshold { continue }
        guard seen.insert(owner.entry).inserted else { continue }
        out.append(
          ListHit(
            list: snapshot.name, entry: entry.id, title: entry.title, programs: entry.programs,
            reason: .name(asked: name, listed: listed.text, kind: listed.kind), score: found.score))
      }
    }
    return out
  }

  private func hit(on address: ScreeningSubject.Place, _ entry: ListEntry) -> ListHit {
    let listed = entry.addresses.first { (try? AddressKey($0.text)) == address.key }
    return ListHit(
      list: snapshot.name, entry: entry.id, title: entry.title, programs: entry.programs,
      reason: .address(asset: listed?.asset ?? address.asset, text: listed?.text ?? entry.id), score: NameQuery.most)
  }

  package var addressCount: Int { addresses.count }
  package var nameCount: Int { index.names.count }
}
