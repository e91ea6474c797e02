extension BandStyle {
  /// Arpeggios over a four-to-the-floor machine.
  static let zinc = BandStyle(
    name: "Zinc Bellwether", genre: "Electronic", albums: ["Flock Protocol", "Chrome Pasture"],
    titleWords: (
      ["Vector", "Neon", "Silver", "Binary", "Static", "Polar"], ["Shepherd", "Meadow", "Parade", "Hours"]
    ),
    tempo: 114...128, meter: Meter(), scale: .aeolian, chordShape: .triad,
    progressions: [[0, 5, 2, 6], [0, 6, 5, 6], [5, 6, 0, 2], [0, 3, 5, 6]],
    grooves: [
      [.kick: "X...X...X...X...", .clap: "....X.......X...", .openHat: "..x...x...x...x."],
      [
        .kick: "X...X...X...X...", .snare: "....X.......X...", .openHat: "..x...x...x...x.",
        .closedHat: "x..ox..ox..ox..o",
      ],
    ],
    fills: [[.kick: "X...X...X.......", .snare: "....X...x.x.xxxx"]],
    bassPatterns: ["R.8.R.8.R.8.R.8.", "RRRRRRRRRRRRRRRR", "..R...R...R...RR"],
    chordPatterns: ["0123012301230123", "0.1.2.3.0.1.2.3.", "0120312001203120"],
    melody: MelodyStyle(
      rhythms: ["x---x---x-x-x---", "x-----x-----x---", "x-x-x-x-x-------"], degrees: [0, 1, 2, 4, 6], centre: 76,
      leaps: 0.25, rests: 0.1),
    basses: [.synthBass, .subBass], chords: [.synthPluck, .pulseStab, .glassBell],
    leads: [.squareLead, .sawLead, .brass],
    pads: [.warmPad, .stringPad], kits: [.machine], room: Room(reverberation: 0.2, size: 0.6, echo: 0.25, echoSteps: 3))

  /// Broken beats and ninths on the same machines.
  static let quillon = BandStyle(
    name: "Quillon Driftwave", genre: "Electronic", albums: ["Harbour Lights, Dimmed", "Soft Machinery Manual"],
    titleWords: (
      ["Amber", "Paper", "Slow", "Velour", "Orbital", "Glass"], ["Tram", "Aquarium", "Escalator", "Monsoon"]
    ),
    tempo: 84...98, meter: Meter(swing: 0.3), scale: .dorian, chordShape: .ninth,
    progressions: [[0, 3], [0, 2, 3, 1], [0, 4, 3, 3], [0, 0, 3, 4]],
    grooves: [
      [.kick: "X..x......x..x..", .snare: "....X..o.o..X...", .closedHat: "x.xxx.xxx.xxx.x."],
      [.kick: "X.....x...x.....", .clap: "....X.......X..o", .closedHat: "xxxoxxxoxxxoxxxo"],
    ],
    fills: [[.kick: "X..x......x.....", .snare: "....X..o.x..X.xx"]],
    bassPatterns: ["R-----....R-5---", "R--R----..7-8---", "R---------..3-5-"],
    chordPatterns: ["x--x--......x---", "x-----x---------", "..x---..x---x---"],
    melody: MelodyStyle(
      rhythms: ["..x-x-..x---....", "x-x-....x-x-x---", "....x-x-x-..x---"], degrees: [0, 2, 3, 4, 6], centre: 74,
      leaps: 0.4, rests: 0.3),
    basses: [.subBass, .synthBass], chords: [.electricPiano, .synthPluck, .pulseStab],
    leads: [.glassBell, .vibraphone, .squareLead, .flute], pads: [.warmPad, .choirPad], kits: [.machine, .studio],
    room: Room(reverberation: 0.28, size: 0.7, echo: 0.2, echoSteps: 6))

  /// Power chords in eighths.
  static let gravelmoth = BandStyle(
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

  /// Fast surf songs on the same guitars.
  static let tinHeron = BandStyle(
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

  /// The bands of the collection, in its order.
  static let all: [BandStyle] = [
    brindle, zinc, gravelmoth, plumdusk, isobar, quillon, marrowby, tinHeron,
  ]
}
