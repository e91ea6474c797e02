extension ScatterPlot {
  /// The plot as one HTML page that needs no other file and no network: zoom (wheel, pinch, keys), pan, search, names
  /// under the pointer, classes to pick out; light or dark as the system is.
  public func page() -> String {
    let heading = MarkupText.escaped(title)
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" \
      content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
      <link rel="icon" href="data:,">
      <title>\(heading)</title>
      <style>\(Self.pageStyle)</style>
      </head>
      <body>
      <header>
      <h1>\(heading)</h1>
      <label>Search <input id="search" type="search" autocomplete="off" spellcheck="false" \
      aria-controls="found"></label>
      <span class="tools">
      <button id="closer" title="Closer (+)" aria-label="Closer">+</button>
      <button id="farther" title="Farther (-)" aria-label="Farther">−</button>
      <button id="whole" title="All of it (0)">All</button>
      </span>
      </header>
      <main>
      <div id="stage">
      <canvas id="map" tabindex="0" role="application" aria-describedby="help" \
      aria-label="Map. Arrow keys move, plus and minus zoom, 0 shows all, N and P go from song to song."></canvas>
      <div id="tip" role="status" aria-live="polite" hidden></div>
      </div>
      <aside>
      <p id="count" role="status" aria-live="polite"></p>
      <ol id="found"></ol>
      <h2>\(MarkupText.escaped(classKind))</h2>
      <ul id="legend"></ul>
      <p id="help">Wheel or pinch to zoom, drag to move. Keys on the map: arrows, + and −, 0; N and P go from song to \
      song. Esc ends a search.</p>
      </aside>
      </main>
      <script id="data" type="application/json">\(MarkupText.scriptJSON(pageData))</script>
      <script>\(Self.pageScript)</script>
      </body>
      </html>

      """
  }

  /// What the script reads.
  struct PageData: Encodable {
    struct Entry: Encodable {
      var name: String
      var count: Int
      var style: Int?
    }
    struct Song: Encodable {
      var x, y: Double
      var label: String
      var name: String?
      var style: Int?
    }
    struct Colour: Encodable { var light, dark: String }
    var legend: [Entry]
    var songs: [Song]
    var colours: [Colour]
    var other: Colour
    var shapes: [String]
  }

  private var pageData: PageData {
    let styles = styles
    return PageData(
      legend: legend.map { .init(name: $0.name, count: $0.count, style: $0.style) },
      songs: points.filter(\.isDrawn).map { point in
        .init(
          x: point.x, y: point.y, label: point.label, name: point.className,
          style: point.className.flatMap { styles[$0] })
      },
      colours: ScatterStyle.colours.map { .init(light: $0.light, dark: $0.dark) },
      other: .init(light: ScatterStyle.otherColour.light, dark: ScatterStyle.otherColour.dark),
      shapes: ScatterStyle.Shape.allCases.map(\.rawValue))
  }

  private static var pageStyle: String {
    """
    :root{color-scheme:light dark;--ground:#fff;--text:#222;--line:#d5d5d5;--panel:#f6f6f6}
    @media(prefers-color-scheme:dark){:root{--ground:#16181c;--text:#eee;--line:#3a3d42;--panel:#1f2227}}
    *{box-sizing:border-box}
    html,body{height:100%}
    body{margin:0;display:flex;flex-direction:column;font:15px/1.4 system-ui,sans-serif;background:var(--ground);\
    color:var(--text)}
    header{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;padding:.5rem 1rem;\
    border-bottom:1px solid var(--line)}
    h1{font-size:1.1rem;margin:0;flex:1 1 12rem;overflow-wrap:anywhere}
    h2{font-size:1rem;margin:.8rem 0 .3rem}
    input,button{font:inherit;color:inherit}
    main{flex:1;min-height:0;display:flex}
    #stage{position:relative;flex:1;min-width:0}
    canvas{position:absolute;inset:0;width:100%;height:100%;touch-action:none;cursor:grab}
    canvas:focus-visible,button:focus-visible{outline:3px solid #3d9bd6;outline-offset:-3px}
    #tip{position:absolute;pointer-events:none;max-width:20rem;padding:.3rem .6rem;border:1px solid var(--line);\
    border-radius:.3rem;background:var(--panel);overflow-wrap:anywhere;z-index:1}
    #tip[hidden]{display:none}
    aside{width:17rem;overflow:auto;padding:.5rem 1rem;border-left:1px solid var(--line);background:var(--panel)}
    aside ol,aside ul{list-style:none;margin:0;padding:0}
    aside button{display:flex;gap:.5rem;width:100%;padding:.2rem .3rem;border:0;border-radius:.3rem;background:none;\
    text-align:left;cursor:pointer;overflow-wrap:anywhere}
    aside button:hover,aside button[aria-pressed=true]{background:var(--line)}
    #legend span:first-of-type{flex:1}
    #help{font-size:.85rem;opacity:.75}
    @media(max-width:40rem){main{flex-direction:column}#stage{min-height:55vh}\
    aside{width:auto;border-left:0;border-top:1px solid var(--line)}}
    """
  }
}
