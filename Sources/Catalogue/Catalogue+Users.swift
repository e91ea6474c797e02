import Foundation
internal import GRDB

extension Catalogue {
  /// Somebody who may log in.
  public struct User: Sendable, Hashable {
    /// The name, as it is spelled at a login.
    public var name: String
    /// The password, sealed by whoever stores it.
    public var password: [UInt8]
    /// When it was added, in seconds since 1970.
    public var created: Double

    /// A user.
    public init(name: String, password: [UInt8], created: Double) {
      self.name = name
      self.password = password
      self.created = created
    }
  }

  /// What stands for a user's name and password, and can be taken back alone.
  public struct APIKey: Sendable, Hashable {
    /// The catalogue's number for it.
    public var id: Int64
    /// Whose it is.
    public var user: String
    /// When it was made, in seconds since 1970.
    public var created: Double
  }

  /// All users, in the order of their names.
  public func users() throws(CatalogueError) -> [User] {
    try read("list the users") { db in
      try Row.fetchAll(db, sql: "SELECT name, password, created FROM user ORDER BY name").map { row in
        User(
          name: try row.checked(0), password: [UInt8](try row.checked(1, as: Data.self)), created: try row.checked(2))
      }
    }
  }

  /// Stores a user, or the new password of one that is there. What was kept as long as there was no user is the first
  /// one's.
  public func store(_ user: User) throws(CatalogueError) {
    try write("store a user") { db in
      let isFirst = try Row.fetchOne(db, sql: "SELECT 1 FROM user LIMIT 1") == nil
      try db.execute(
        sql: """
          INSERT INTO user (name, password, created) VALUES (?, ?, ?)
          ON CONFLICT DO UPDATE SET password = excluded.password
          """, arguments: [user.name, Data(user.password), user.created])
      guard isFirst else { return }
      for table in Self.owned {
        try db.execute(sql: "UPDATE OR IGNORE \(table) SET owner = ? WHERE owner = ''", arguments: [user.name])
      }
    }
  }

  /// Removes a user with all keys, playlists, stars, queues and bookmarks of it.
  ///
  /// - Returns: Whether there was one of that name.
  @discardableResult
  public func removeUser(named name: String) throws(CatalogueError) -> Bool {
    try write("remove a user") { db in
      try db.execute(sql: "DELETE FROM user WHERE name = ?", arguments: [name])
      guard db.changesCount > 0 else { return false }
      for table in Self.owned { try db.execute(sql: "DELETE FROM \(table) WHERE owner = ?", arguments: [name]) }
      return true
    }
  }

  private static let owned = ["playlist", "playQueue", "star", "groupMark", "bookmark"]

  // MARK: - Keys

  /// The keys of all users, or of one, the oldest first.
  public func apiKeys(of user: String? = nil) throws(CatalogueError) -> [APIKey] {
    try read("list the API keys") { db in
      try Row.fetchAll(
        db, sql: "SELECT id, user, created FROM apiKey WHERE ?1 IS NULL OR user = ?1 ORDER BY id", arguments: [user]
      ).map { APIKey(id: try $0.checked(0), user: try $0.checked(1), created: try $0.checked(2)) }
    }
  }

  /// Stores a key of a user.
  ///
  /// - Parameter digest: What the key is known again by.
  @discardableResult
  public func addAPIKey(digest: String, of user: String, time: Double) throws(CatalogueError) -> Int64 {
    try write("store an API key") { db in
      try db.execute(
        sql: "INSERT INTO apiKey (user, digest, created) VALUES (?, ?, ?)", arguments: [user, digest, time])
      return db.lastInsertedRowID
    }
  }

  /// Whose key has a digest; nil if none has.
  public func user(apiKeyDigest digest: String) throws(CatalogueError) -> String? {
    try read("look up an API key") { db in
      try Row.fetchOne(db, sql: "SELECT user FROM apiKey WHERE digest = ?", arguments: [digest])?.checked(0)
    }
  }

  /// Takes a key back.
  ///
  /// - Returns: Whether there was one of that number.
  @discardableResult
  public func removeAPIKey(_ id: Int64) throws(CatalogueError) -> Bool {
    try write("remove an API key") { db in
      try db.execute(sql: "DELETE FROM apiKey WHERE id = ?", arguments: [id])
      return db.changesCount > 0
    }
  }
}
