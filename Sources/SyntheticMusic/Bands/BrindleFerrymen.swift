extension BandStyle {
  /// Finger-picked songs in four.
  static let brindleFerrymen = BandStyle(
    name: "Brindle Ferrymen", genre: "Folk", albums: ["Oars for Breakfast", "The Tollkeeper's Almanac"],
    titleWords: (
      ["Willow", "Lantern", "Ferry", "Oat", "Heron", "Kettle"], ["Crossing", "Morning", "Letters", "Weather"]
    ),
    tempo: 94...110, meter: Meter(), scale: .ionian, chordShape: .triad,
    progressions: [[0, 4, 5, 3], [0, 3, 0, 4], [0, 5, 3, 4], [3, 0, 4, 5]],
    grooves: [
      [.kick: "x.......x.......", .rim: "....x.......x...", .shaker: "x.o.x.o.x.o.x.o."],
      [.kick: "x.....x.x.......", .rim: "....x.......x..o", .shaker: "x.o.x.oox.o.x.oo"],
    ],
    fills: [[.kick: "x.......x.......", .snare: "....o...o.oox.x."]],
    bassPatterns: ["R-------5-------", "R-----5-R---5-3-"],
    chordPatterns: ["0.2.1.3.0.2.1.3.", "0.1.2.3.4.3.2.1.", "0-2-3.2.1-2-3.2."],
    melody: MelodyStyle(
      rhythms: ["x---x-x-x---x---", "x-x-x---x-x-x---", "..x-x-x-x-------"], degrees: [0, 1, 2, 4, 5], centre: 74,
      leaps: 0.15, rests: 0.15),
    basses: [.fingerBass], chords: [.steelGuitar, .nylonGuitar], leads: [.flute, .accordion, .nylonGuitar],
    pads: [.stringPad, .choirPad], kits: [.brushes, .studio], room: Room(reverberation: 0.22, size: 0.5))
}
