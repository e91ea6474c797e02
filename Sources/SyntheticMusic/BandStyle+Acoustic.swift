extension BandStyle {
  /// Finger-picked songs in four.
  static let brindle = BandStyle(
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

  /// Waltzes on the same instruments.
  static let marrowby = BandStyle(
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

  /// Swinging sevenths over a walking bass.
  static let plumdusk = BandStyle(
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

  /// Off-beat stabs, one-drop drums and echoes.
  static let isobar = BandStyle(
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
