extension BandStyle {
  /// The bands of the collection, in its order.
  ///
  /// Another band is a file beside this one, and a name at the end of this list: the songs of a band depend on its
  /// position in it.
  static let all: [BandStyle] = [
    .brindleFerrymen, .zincBellwether, .gravelmothUnion, .plumduskLedger,
    .isobarMangrove, .quillonDriftwave, .marrowbyHollow, .tinHeronRiot,
  ]
}
