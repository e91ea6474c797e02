/// Why a catalogue could not do what it was asked.
public struct CatalogueError: Error, Sendable, Hashable {
  /// What was wrong.
  public enum Reason: Sendable, Hashable {
    /// The file is not an SQLite database.
    case notADatabase
    /// The file is an SQLite database, but of another program.
    case otherDatabase
    /// A newer version of this program has changed the catalogue's layout.
    case newerSchema
    /// The database is damaged.
    case damaged
    /// The path is that of a folder.
    case isFolder
    /// The file or its folder may not be read or written.
    case permissionDenied
    /// The file can be read only, and is of an earlier layout, which has to be brought up to date first.
    case olderLayoutReadOnly
    /// The file can be read only, and changes lie beside it that have to be brought into it first.
    case unfinishedChangesReadOnly
    /// No space is left on the disk.
    case diskFull
    /// Another process has kept the catalogue locked for too long.
    case locked
    /// The file cannot be opened or created for another cause, which `detail` tells.
    case cannotOpen
    /// The disk failed to read or write.
    case inputOutput
    /// The file was deleted, or replaced by another one, since it was opened.
    case replaced
    /// The file has a name that SQLite gives to files beside a database.
    case reservedName
    /// It was asked to stop before the end.
    case interrupted
    /// The catalogue holds no model with this identifier.
    case unknownModel(identifier: String)
    /// A model with this identifier is there already, and is of another kind or dimension.
    case conflictingModel(identifier: String)
    /// A vector does not fit its model: wrong length, or values that are not finite.
    case malformedEmbedding(track: String)
    /// Two tracks would have this path.
    case takenPath(String)
    /// A folder was to be mapped in which no track lies.
    case nothingToMove(String)
    /// SQLite refused for a cause that is not in this list; `detail` tells which.
    case other
  }

  /// What was wrong.
  public let reason: Reason
  /// The catalogue's file.
  public let path: String
  /// What was being done, such as "open the catalogue".
  public let action: String
  /// SQLite's or the system's own words, if there are any.
  public let detail: String?

  package init(_ reason: Reason, path: String, action: String, detail: String? = nil) {
    self.reason = reason
    self.path = path
    self.action = action
    self.detail = detail
  }

  /// What can be done about it.
  public var remedy: String {
    switch reason {
    case .notADatabase, .otherDatabase, .isFolder, .reservedName:
      "Name another file."
    case .newerSchema:
      "Update akin, or name another library."
    case .damaged, .malformedEmbedding:
      "Restore the file from a backup, or move it away and index again."
    case .permissionDenied:
      "Give yourself permission to read and write the file and its folder, or name another library."
    case .olderLayoutReadOnly, .unfinishedChangesReadOnly:
      "Copy the file, and the files beside it whose names begin alike, into a folder that you can write to, and name the "
        + "copy with --library."
    case .diskFull:
      "Free some space on the disk; what was stored before is kept."
    case .locked:
      "Wait for the other process, or end it, and try again."
    case .cannotOpen, .inputOutput:
      "Check the path and the disk, or name another library."
    case .replaced:
      "Start again with the library that is there now, if there is one: akin index makes it otherwise."
    case .interrupted:
      "Run it again."
    case .unknownModel:
      "Index with the model first, or name one that the library holds."
    case .conflictingModel:
      "Name another library, or give the new model another identifier."
    case .nothingToMove:
      "Map a folder that songs lie in: `akin status --library` names those of the copy."
    case .takenPath:
      "Map one of the folders elsewhere."
    case .other:
      "Try again; if it happens again, please report it with this message."
    }
  }
}

extension CatalogueError: CustomStringConvertible {
  /// One line: what failed, where, why, and what to do.
  public var description: String {
    let words = detail.map { " (\($0))" } ?? ""
    return "Cannot \(action) in the library \(path): \(explanation)\(words). \(remedy)"
  }

  private var explanation: String {
    switch reason {
    case .notADatabase: "the file is not an SQLite database"
    case .otherDatabase: "the file is the database of another program"
    case .newerSchema: "a newer version of akin has changed its layout"
    case .damaged: "the database is damaged"
    case .isFolder: "it is a folder"
    case .permissionDenied: "permission denied"
    case .olderLayoutReadOnly: "an earlier version of akin made it, and it cannot be written to"
    case .unfinishedChangesReadOnly: "there are changes in its write-ahead log, and it cannot be written to"
    case .diskFull: "the disk is full"
    case .locked: "another process keeps it locked"
    case .cannotOpen: "the file cannot be opened or created"
    case .inputOutput: "the disk failed to read or write"
    case .replaced: "the file was deleted, or another one has taken its place"
    case .reservedName: "SQLite keeps its own files under names that end in -wal, -shm and -journal"
    case .interrupted: "it was interrupted"
    case .unknownModel(let identifier): "it holds no model \(identifier)"
    case .conflictingModel(let identifier): "it holds another model \(identifier), of another kind or dimension"
    case .malformedEmbedding(let track): "the vector of \(track) does not fit its model"
    case .nothingToMove(let path): "no song lies in \(path)"
    case .takenPath(let path): "two songs would have the path \(path)"
    case .other: "SQLite refused"
    }
  }
}
