extension BandStyle {
  /// Fast surf songs on Gravelmoth Union's guitars.
  static let tinHeronRiot = BandStyle(
    name: "Tin Heron Riot", genre: "Rock", albums: ["Boardwalk Telegraph", "Wet Cement Summer"],
    titleWords: (
      ["Coral", "Salt", "Turbo", "Pelican", "Cherry", "Sandbar"], ["Racer", "Stomp", "Postcard", "Getaway"]
    ),
    tempo: 156...178, meter: Meter(), scale: .mixolydian, chordShape: .triad,
    progressions: [[0, 6, 3, 0], [0, 3, 0, 4], [0, 0, 3, 6], [0, 4, 3, 3]],
    grooves: [
      [.kick: "X.......X.x.....", .snare: "....X.x.....X...", .ride: "x.x.x.x.x.x.x.x."],
      [.kick: "X...X...X...X...", .snare: "..x...x...x...x.", .ride: "x.x.x.x.x.x.x.x."],
    ],
    fills: [
      [
        .kick: "X.......X.......", .snare: "xxxxxxxx........", .highTom: "........xxxx....",
        .lowTom: "............xxxx",
      ]
    ],
    bassPatterns: ["R-R-3-R-5-R-3-R-", "R-R-8-8-5-5-3-3-", "R-R-R-R-5-5-5-5-"],
    chordPatterns: ["..x...x...x...x.", "x..x..x.x..x..x.", "x.xox.xox.xox.xo"],
    melody: MelodyStyle(
      rhythms: ["xxxxx-x-xxxxx-x-", "x-x-x-x-x-x-x---", "x---xxx-x---xxx-"], degrees: [0, 1, 2, 3, 4, 6], centre: 66,
      leaps: 0.12, rests: 0.1),
    basses: [.pickBass, .fingerBass], chords: [.twangGuitar, .driveGuitar, .steelGuitar, .organ],
    leads: [.twangGuitar, .organ, .driveGuitar], pads: [.choirPad, .stringPad], kits: [.garage, .studio],
    room: Room(reverberation: 0.28, size: 0.6))
}
