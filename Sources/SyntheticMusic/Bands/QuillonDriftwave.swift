extension BandStyle {
  /// Broken beats and ninths on Zinc Bellwether's machines.
  static let quillonDriftwave = BandStyle(
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
}
