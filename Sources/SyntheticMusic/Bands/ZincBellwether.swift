extension BandStyle {
  /// Arpeggios over a four-to-the-floor machine.
  static let zincBellwether = BandStyle(
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
}
