extension BandStyle {
  /// Swinging sevenths over a walking bass.
  static let plumduskLedger = BandStyle(
    name: "Plumdusk Ledger", genre: "Jazz", albums: ["Minutes of the Late Meeting", "Double Entry"],
    titleWords: (
      ["Blue", "Overdue", "Velvet", "Second", "Crooked", "Midnight"], ["Invoice", "Audit", "Balance", "Receipt"]
    ),
    tempo: 112...134, meter: Meter(beatsPerBar: 4, stepsPerBeat: 3), scale: .ionian, chordShape: .seventh,
    progressions: [[1, 4, 0, 5], [0, 5, 1, 4], [2, 5, 1, 4], [3, 4, 2, 5]],
    grooves: [
      [.ride: "X..x.ox..x.o", .kick: "o.....o.....", .closedHat: "...x.....x.."],
      [.ride: "X..x..X..x.x", .rim: "...........o", .closedHat: "...x.....x.."],
    ],
    fills: [[.ride: "X..x........", .snare: "......x.oxoo", .kick: "x.........x."]],
    bassPatterns: ["R--3--5--A--", "R--5--7--A--", "8--7--5--A--"],
    chordPatterns: ["x--..x------", "...x-.....x-", "x-----..x---"],
    melody: MelodyStyle(
      rhythms: ["x.xx.xx-----", "..xx.xx.xx.x", "x--..xx.xx--"], degrees: [0, 1, 2, 4, 5, 6], centre: 70, leaps: 0.35,
      rests: 0.15),
    basses: [.fingerBass, .subBass], chords: [.electricPiano, .organ, .nylonGuitar],
    leads: [.vibraphone, .brass, .flute, .electricPiano], pads: [.stringPad, .warmPad], kits: [.brushes, .studio],
    room: Room(reverberation: 0.18, size: 0.4))
}
