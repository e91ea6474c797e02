import Foundation

/// FMA's tree of genres, `genres.csv`: each genre but the roots has a parent.
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

  /// The genre's ancestors from itself to its root; empty where the genre is unknown. Ends also where parents go in a
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

  /// The most specific genre below a root of those that a track lists, empty where it lists only roots: the one
  /// deepest in the tree, of equals the one that is listed first. Where the track's root genre is known, only genres
  /// below that count.
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
