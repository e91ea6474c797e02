#if os(Linux)
  import AudioFiles
  import Foundation
  import Glibc

  /// Is told by the kernel what happens in folders (inotify(7)).
  final class FolderWatch {
    /// Whether the kernel takes no more folders, so that changes in some of them are missed.
    private(set) var isFull = false

    private let descriptor: Int32
    /// The folders by the kernel's numbers for them.
    private var folders: [Int32: String] = [:]
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)

    private static let events = UInt32(
      IN_CREATE | IN_DELETE | IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF
        | IN_MOVE_SELF | IN_ONLYDIR)
    private static let headerBytes = 16

    /// A watch on no folder yet; nil if the kernel allows none.
    init?() {
      descriptor = inotify_init1(Int32(O_NONBLOCK | O_CLOEXEC))
      if descriptor < 0 { return nil }
    }

    deinit { close(descriptor) }

    /// How many folders are watched.
    var count: Int { folders.count }

    /// Watches folders, too; those that are watched already may have another path now.
    func add(_ paths: [String]) {
      isFull = false
      for path in paths {
        let number = inotify_add_watch(descriptor, path, Self.events)
        if number >= 0 {
          folders[number] = path
        } else if errno == ENOSPC || errno == ENOMEM {
          isFull = true
          return
        }
      }
    }

    /// Waits for at most so many milliseconds until something happens, and notes all that has happened.
    func wait(milliseconds: Int32, into changes: inout ChangeLog) {
      var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&request, 1, milliseconds) > 0 else { return }
      while true {
        let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { return }
        note(count, into: &changes)
      }
    }

    private func note(_ count: Int, into changes: inout ChangeLog) {
      let now = ContinuousClock.now
      var place = 0
      while place + Self.headerBytes <= count {
        func field(_ index: Int) -> UInt32 {
          buffer.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place + 4 * index, as: UInt32.self) }
        }
        let (number, mask, size) = (Int32(bitPattern: field(0)), field(1), Int(field(3)))
        let name = buffer[min(place + Self.headerBytes, count)..<min(place + Self.headerBytes + size, count)]
        note(mask, folder: number, name: String(decoding: name.prefix { $0 != 0 }, as: UTF8.self), now, into: &changes)
        place += Self.headerBytes + size
      }
    }

    private func note(
      _ mask: UInt32, folder number: Int32, name: String, _ now: ChangeLog.Instant, into changes: inout ChangeLog
    ) {
      func has(_ event: Int32) -> Bool { mask & UInt32(bitPattern: event) != 0 }
      // What was lost may have been anything.
      if has(Int32(IN_Q_OVERFLOW)) { return changes.noteChange(at: now) }
      if has(Int32(IN_IGNORED)) {
        folders[number] = nil
        return
      }
      guard let folder = folders[number] else { return }
      if has(Int32(IN_ISDIR)) || name.isEmpty { return changes.noteChange(at: now) }
      // Others write here, too: covers, lists, and perhaps the library itself.
      guard AudioFileEndings.isAudio(name) || AudioFileEndings.isCueSheet(name) else { return }
      let path = folder == "/" ? "/" + name : folder + "/" + name
      if has(Int32(IN_CLOSE_WRITE)) || has(Int32(IN_MOVED_TO)) || has(Int32(IN_MOVED_FROM)) || has(Int32(IN_DELETE)) {
        changes.noteComplete(path, at: now)
      } else if has(Int32(IN_ATTRIB)) {
        changes.noteChange(at: now)
      } else {
        changes.noteWriting(path, at: now)
      }
    }
  }
#endif
