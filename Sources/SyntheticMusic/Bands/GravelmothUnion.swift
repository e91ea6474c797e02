extension BandStyle {
  /// Power chords in eighths.
  static let gravelmothUnion = BandStyle(
    name: "Gravelmoth Union", genre: "Rock", albums: ["Night Shift Anthem", "Local 47"],
    titleWords: (
      ["Diesel", "Rusted", "Broken", "Furnace", "Iron", "Concrete"], ["Saints", "Holiday", "Engine", "Moth"]
    ),
    tempo: 124...142, meter: Meter(), scale: .aeolian, chordShape: .power,
    progressions: [[0, 5, 6, 0], [0, 0, 5, 6], [0, 3, 5, 6], [5, 6, 0, 0]],
    grooves: [
      [.kick: "X.....x.X.x.....", .snare: "....X.......X...", .closedHat: "x.x.x.x.x.x.x.x."],
      [.kick: "X..x..x.X.......", .snare: "....X.......X..o", .closedHat: "x.x.x.x.x.x.xox."],
    ],
    fills: [
      [.kick: "X...X...X...X...", .snare: "....X...xxxx....", .lowTom: "............xxxx"],
      [
        .kick: "X.......X.......", .snare: "X.xxX.xx........", .highTom: "........xxx.....",
        .lowTom: "............xxx.",
      ],
    ],
    bassPatterns: ["R.R.R.R.R.R.R.R.", "R.R.R.R.R.R.5.3.", "R-----R.R-----5."],
    chordPatterns: ["x.x.x.x.x.x.x.x.", "X---x.x.X---x.x.", "X-----x-----x.x."],
    melody: MelodyStyle(
      rhythms: ["x---x---x-------", "x-x-x---x-x-x---", "x-----x-x-------"], degrees: [0, 2, 3, 4, 6], centre: 69,
      leaps: 0.2, rests: 0.2),
    basses: [.pickBass], chords: [.driveGuitar, .twangGuitar], leads: [.driveGuitar, .sawLead, .organ],
    pads: [.stringPad, .choirPad], kits: [.garage, .studio], room: Room(reverberation: 0.12, size: 0.4))
}
