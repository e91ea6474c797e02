extension BandStyle {
  /// Waltzes on Brindle Ferrymen's instruments.
  static let marrowbyHollow = BandStyle(
    name: "Marrowby Hollow", genre: "Folk", albums: ["Threepenny Orchard", "A Barn Full of Clocks"],
    titleWords: (
      ["Cider", "Barley", "Miller's", "Juniper", "Sexton's", "Thistle"], ["Waltz", "Turning", "Daughter", "Fair"]
    ),
    tempo: 118...142, meter: Meter(beatsPerBar: 3), scale: .dorian, chordShape: .triad,
    progressions: [[0, 0, 6, 6, 0, 3, 6, 0], [0, 2, 6, 3], [0, 6, 4, 0], [0, 3, 0, 6]],
    grooves: [
      [.kick: "x...........", .rim: "....o...o...", .shaker: "....x...x.o."],
      [.kick: "x.........o.", .snare: "....o...o...", .shaker: "....x...x.o."],
    ],
    fills: [[.kick: "x...........", .snare: "....o.x.oox."]],
    bassPatterns: ["R-------....", "R-------5---"],
    chordPatterns: ["....x---x---", "....x---x-o-", "0.1.2.3.2.1."],
    melody: MelodyStyle(
      rhythms: ["x-------x---", "x---x---x-x-", "x-x-x-x-x-x-"], degrees: [0, 1, 2, 3, 4, 6], centre: 73, leaps: 0.25,
      rests: 0.08),
    basses: [.fingerBass], chords: [.nylonGuitar, .accordion, .steelGuitar], leads: [.accordion, .flute, .steelGuitar],
    pads: [.choirPad, .stringPad], kits: [.brushes, .studio], room: Room(reverberation: 0.2, size: 0.45))
}
