/// The song that a collection is asked about.
package enum SongQuery: Sendable {
  /// The song of a row.
  case row(Int)
  /// A vector of the model; `excluding` is a row that is not counted, such as what the same file was before.
  case embedding([Float], excluding: Int? = nil)
}
