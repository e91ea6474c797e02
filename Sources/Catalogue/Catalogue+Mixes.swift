internal import GRDB

extension Catalogue {
  /// A playlist that is written anew from time to time.
  public struct Mix: Sendable, Hashable {
    /// What the listener calls it.
    public var name: String
    /// What is asked for, as whoever stores it writes it.
    public var request: String
    /// The absolute path of the playlist.
    public var file: String
    /// The songs that it had when it was last written, in their order.
    public var songs: [TrackID]
    /// When it was last written, in seconds since 1970; nil if it never was.
    public var refreshed: Double?

    /// A mix.
    public init(name: String, request: String, file: String, songs: [TrackID] = [], refreshed: Double? = nil) {
      self.name = name
      self.request = request
      self.file = file
      self.songs = songs
      self.refreshed = refreshed
    }
  }

  static let mixColumns = "name, request, file, songs, refreshed"

  /// All saved mixes, in the order of their names.
  public func mixes() throws(CatalogueError) -> [Mix] {
    try read("read the mixes") { db in
      try Row.fetchAll(db, sql: "SELECT \(Self.mixColumns) FROM mix ORDER BY name").map(Mix.init)
    }
  }

  /// Stores a mix in the place of one with the same name.
  public func store(_ mix: Mix) throws(CatalogueError) {
    let songs = mix.songs.map { String($0.rawValue) }.joined(separator: " ")
    try write("store a mix") { db in
      try db.execute(
        sql: "INSERT OR REPLACE INTO mix (name, request, file, songs, refreshed) VALUES (?, ?, ?, ?, ?)",
        arguments: [mix.name, mix.request, mix.file, songs, mix.refreshed])
    }
  }

  /// Removes a mix; its playlist stays.
  ///
  /// - Returns: Whether there was one of that name.
  @discardableResult
  public func removeMix(named name: String) throws(CatalogueError) -> Bool {
    try write("remove a mix") { db in
      try db.execute(sql: "DELETE FROM mix WHERE name = ?", arguments: [name])
      return db.changesCount > 0
    }
  }
}

extension Catalogue.Mix {
  /// The mix in a row of `Catalogue.mixColumns`.
  init(_ row: Row) throws {
    let songs = try row.checked(3, as: String.self).split(separator: " ").compactMap { Int64($0) }
    self.init(
      name: try row.checked(0), request: try row.checked(1), file: try row.checked(2),
      songs: songs.map { TrackID(rawValue: $0) },
      refreshed: (row[4] as DatabaseValue).isNull ? nil : try row.checkedTime(4))
  }
}
