import Foundation
import MetricLearning
import Testing

@Suite struct EarlyStoppingTests {
  @Test func stopsWhenPatienceRunsOut() {
    var stopping = EarlyStopping(goal: .highest, patience: 3, minimumImprovement: 0.01)
    let values = [0.2, 0.5, 0.505, 0.4, 0.6, 0.59, 0.605, 0.6]
    #expect(values.map { stopping.record($0) } == [true, true, false, false, true, false, false, false])
    #expect(stopping.bestEpoch == 4 && stopping.bestValue == 0.6 && stopping.epochCount == 8)
    #expect(stopping.shouldStop)
  }

  @Test func aLowerLossIsBetterAndNaNNever() {
    var stopping = EarlyStopping(goal: .lowest, patience: 2)
    let values: [Double] = [.nan, .infinity, 3, 3, 2.5]
    let steps = values.map { value in (stopping.record(value), stopping.shouldStop) }
    #expect(steps.map(\.0) == [false, false, true, false, true], "as good is not better")
    #expect(steps.map(\.1) == [false, true, false, false, false])
    #expect(stopping.bestEpoch == 4 && stopping.bestValue == 2.5)
  }

  @Test func aResumedRunStopsAtTheSameEpoch() throws {
    let values = [1, 0.9, 0.95, .nan, 0.91, 0.92]
    var whole = EarlyStopping(goal: .lowest, patience: 4)
    var resumed = whole
    for value in values {
      _ = whole.record(value)
      resumed = try JSONDecoder().decode(EarlyStopping.self, from: JSONEncoder().encode(resumed))
      _ = resumed.record(value)
      #expect(resumed == whole)
    }
    #expect(resumed.shouldStop)
  }

  @Test(arguments: [
    #"{"goal":"lowest","patience":0,"minimumImprovement":0,"epochCount":0}"#,
    #"{"goal":"lowest","patience":2,"minimumImprovement":0,"epochCount":9223372036854775807}"#,
    #"{"goal":"lowest","patience":2,"minimumImprovement":0,"epochCount":2,"bestEpoch":2,"bestValue":1}"#,
    #"{"goal":"lowest","patience":2,"minimumImprovement":0,"epochCount":2,"bestEpoch":1}"#,
  ])
  func refusesACorruptedCheckpoint(json: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(EarlyStopping.self, from: Data(json.utf8))
    }
  }
}
