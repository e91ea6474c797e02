extension BandStyle {
  /// Off-beat stabs, one-drop drums and echoes.
  static let isobarMangrove = BandStyle(
    name: "Isobar Mangrove", genre: "Dub", albums: ["Low Pressure", "Tide Tables"],
    titleWords: (
      ["Slack", "Delta", "Brackish", "Sundown", "Anchor", "Silt"], ["Water", "Version", "Signal", "Chapter"]
    ),
    tempo: 68...80, meter: Meter(swing: 0.18), scale: .aeolian, chordShape: .triad,
    progressions: [[0, 3], [0, 6], [0, 3, 4, 3], [0, 5, 6, 0]],
    grooves: [
      [.kick: "........X.......", .rim: "........X.....o.", .closedHat: "x.xox.x.x.xox.x."],
      [.kick: "x.......X.......", .snare: "........X.......", .closedHat: "x.xox.x.x.xox.xo"],
    ],
    fills: [
      [
        .kick: "x...............", .snare: "....x.xx........", .highTom: "........x.x.....",
        .lowTom: "............x.x.",
      ]
    ],
    bassPatterns: ["R--R--5-....3-5-", "....R-R-3-5---R-", "R---..5-8-5-...."],
    chordPatterns: ["....x-......x-..", "..x...x...x...x.", "....xx......xx.."],
    melody: MelodyStyle(
      rhythms: ["x---..x-x-------", "....x-x-x---x---", "x-x---..x-------"], degrees: [0, 2, 3, 4, 6], centre: 70,
      leaps: 0.2, rests: 0.35),
    basses: [.subBass, .fingerBass], chords: [.organ, .pulseStab, .electricPiano],
    leads: [.accordion, .brass, .vibraphone, .squareLead], pads: [.warmPad, .choirPad], kits: [.studio, .machine],
    room: Room(reverberation: 0.25, size: 0.7, echo: 0.45, echoSteps: 3))
}
