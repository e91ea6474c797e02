import Foundation
import Tags

/// The names of the audio files in one folder, to be found by what a CUE sheet calls them.
package struct AudioNames: Sendable {
  private var byKey: [String: [String]] = [:]
  private var byStem: [String: [String]] = [:]

  /// These names.
  package init(_ names: some Sequence<String>) {
    for name in names {
      byKey[CueFileName.key(of: name), default: []].append(name)
      byStem[CueFileName.stem(of: name), default: []].append(name)
    }
  }

  /// The names that are in a folder now; none if it cannot be listed.
  package static func inFolder(_ folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter(AudioFileEndings.isAudio)
  }

  /// The very name; or else the only one that differs in case and normalisation; or else the only one that differs in the
  /// ending, too.
  func match(_ name: String) -> String? {
    let alike = byKey[CueFileName.key(of: name)] ?? []
    if let same = alike.first(where: { $0.utf8.elementsEqual(name.utf8) }) { return same }
    return alike.count == 1 ? alike[0] : only(like: name)
  }

  /// The only name like another but for the ending; nil if there are none or several.
  func only(like name: String) -> String? {
    let alike = byStem[CueFileName.stem(of: name)] ?? []
    return alike.count == 1 ? alike[0] : nil
  }
}
