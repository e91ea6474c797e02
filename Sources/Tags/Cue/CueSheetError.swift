/// Why the songs of a CUE sheet cannot be found.
package struct CueSheetError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong with the sheet, and where.
  package let reason: String
  /// What to do.
  package let remedy: String
  /// Whether the sheet could not be read at all, which may be over soon.
  package let isUnreadable: Bool

  /// Something wrong with a sheet.
  package init(_ reason: String, remedy: String = "Correct the sheet, or delete it.", isUnreadable: Bool = false) {
    self.reason = reason
    self.remedy = remedy
    self.isUnreadable = isUnreadable
  }

  /// The reason and the remedy.
  package var description: String { "\(reason). \(remedy)" }
}
