import Foundation
internal import GRDB

extension CatalogueError {
  /// The one place where foreign errors become ours.
  init(_ error: any Error, path: String, action: String) {
    switch error {
    case let error as CatalogueError:
      self = error
    case let error as DatabaseError:
      self.init(
        .init(error.extendedResultCode, path: path), path: path, action: action,
        detail: "SQLite \(error.extendedResultCode.rawValue): \(error.message ?? "no message")")
    case let error as CocoaError:
      self.init(.init(error.code), path: path, action: action, detail: error.localizedDescription)
    default:
      self.init(.other, path: path, action: action, detail: String(describing: error))
    }
  }
}

extension CatalogueError.Reason {
  fileprivate init(_ code: ResultCode, path: String) {
    self =
      switch code {
      case .SQLITE_NOTADB: .notADatabase
      case .SQLITE_CORRUPT: .damaged
      case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH: .permissionDenied
      // Shared memory beside the file, which even a reader needs, found no room.
      case .SQLITE_FULL, .SQLITE_IOERR_SHMSIZE: .diskFull
      case .SQLITE_BUSY, .SQLITE_LOCKED: .locked
      case .SQLITE_CANTOPEN: Self.causeOfFailedOpen(path)
      case .SQLITE_IOERR: .inputOutput
      case .SQLITE_INTERRUPT: .interrupted
      default: .other
      }
  }

  fileprivate init(_ code: CocoaError.Code) {
    self =
      switch code {
      case .fileWriteNoPermission, .fileReadNoPermission, .fileWriteVolumeReadOnly: .permissionDenied
      case .fileWriteOutOfSpace: .diskFull
      default: .cannotOpen
      }
  }

  /// SQLite says no more than "unable to open database file".
  private static func causeOfFailedOpen(_ path: String) -> Self {
    let files = FileManager.default
    var isFolder: ObjCBool = false
    if files.fileExists(atPath: path, isDirectory: &isFolder) {
      if isFolder.boolValue { return .isFolder }
      return files.isReadableFile(atPath: path) && files.isWritableFile(atPath: path) ? .cannotOpen : .permissionDenied
    }
    let folder = (path as NSString).deletingLastPathComponent
    return files.fileExists(atPath: folder) && !files.isWritableFile(atPath: folder) ? .permissionDenied : .cannotOpen
  }
}
