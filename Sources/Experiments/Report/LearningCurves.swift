import Figures
import MetricLearning

/// Loss and validation MAP by epoch.
struct LearningCurves {
  let results: ExperimentResults

  /// The charts of the shared pre-training and of the last phase of every trained feature set.
  var figures: [ReportFigure] {
    var figures: [ReportFigure] = []
    let trained = results.configuration.featureSets.filter { $0.isTrained && !results.results(of: $0).isEmpty }
    if let strategy = trained.first(where: { results.results(of: $0).contains { $0.phases.count > 1 } }) {
      figures += charts(of: strategy, phase: 0, name: "pretraining", title: "Pre-training")
    }
    for featureSet in trained {
      let phase = (results.results(of: featureSet).map(\.phases.count).max() ?? 1) - 1
      figures += charts(of: featureSet, phase: phase, name: featureSet.rawValue, title: featureSet.title)
    }
    return figures
  }

  private func charts(of featureSet: FeatureSet, phase: Int, name: String, title: String) -> [ReportFigure] {
    let histories = results.results(of: featureSet).map { $0.history.filter { $0.phase == phase } }
    func lines(_ value: (EpochRecord) -> Double?) -> [[LineChart.Point]] {
      histories.map { history in
        history.compactMap { record in
          value(record).flatMap { $0.isFinite ? LineChart.Point(x: Double(record.epoch), y: $0) : nil }
        }
      }.filter { !$0.isEmpty }
    }
    return [
      (suffix: "loss", unit: "loss", lines: lines(\.loss)),
      (suffix: "validation-map", unit: "validation MAP", lines: lines(\.validationMAP)),
    ].filter { !$0.lines.isEmpty }.map { chart in
      let caption = "\(title): \(chart.unit) by epoch"
      return ReportFigure(
        name: "\(name)-\(chart.suffix)", caption: caption,
        picture: .lines(LineChart(title: caption, unit: chart.unit, lines: chart.lines)))
    }
  }
}
