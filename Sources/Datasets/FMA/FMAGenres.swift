import Foundation

/// FMA's tree of genres, `genres.csv`: each genre has a parent, except for the roots.
struct FMAGenres {
  /// One genre.
  struct Genre {
    var title: String
    /// 0 for a root.
    var parent: Int
  }

  private let genres: [Int: Genre]

  init(contentsOf file: URL) throws(DatasetError) {
    var table = try FMATable(contentsOf: file, headerLines: 1)
    let (id, parent, title) = (try table.column("genre_id"), try table.column("parent"), try table.column("title"))
    var genres: [Int: Genre] = [:]
    while let row = try table.next() {
      genres[try row.number(id)] = Genre(title: row.cells[title], parent: try row.number(parent))
    }
    self.genres = genres
  }

  /// How many genres there are.
  var count: Int { genres.count }

  /// The genre and its ancestors, up to its root; empty if the genre is unknown. It also ends if the parents form a
  /// circle.
  func lineage(of id: Int) -> [Genre] {
    var lineage: [Genre] = []
    var next = id
    while let genre = genres[next], lineage.count <= genres.count {
      lineage.append(genre)
      next = genre.parent
    }
    return lineage
  }

  /// The most specific of the genres that a track lists: the deepest in the tree, or the first of equally deep ones.
  /// Roots do not count; nor do genres below another root, if the track's root genre is known. Empty if none is left.
  func subgenre(of ids: [Int], root: String) -> String {
    var best: (depth: Int, title: String) = (1, "")
    for id in ids {
      let lineage = lineage(of: id)
      guard let genre = lineage.first, let top = lineage.last, lineage.count > best.depth else { continue }
      if root.isEmpty || top.title == root { best = (lineage.count, genre.title) }
    }
    return best.title
  }
}
