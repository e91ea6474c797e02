/// The style of the page: light or dark as the reader's system is, and for printing.
enum ReportStyle {
  static let css = """
    :root { color-scheme: light dark; --ink: #1c1c1e; --paper: #fff; --line: #d0d0d5; --accent: #3478c6; }
    @media (prefers-color-scheme: dark) { :root { --ink: #ececee; --paper: #1c1c1e; --line: #48484c; } }
    body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
    main { max-width: 72rem; margin: 0 auto; padding: 1rem 1.25rem 4rem; }
    h1, h2 { line-height: 1.2; }
    h2 { margin-top: 2.5rem; }
    p, li { max-width: 46rem; overflow-wrap: anywhere; }
    .scroll { overflow-x: auto; margin: 1rem 0; }
    table { border-collapse: collapse; font-size: 0.9rem; }
    caption { text-align: left; padding-bottom: 0.5rem; }
    th, td { padding: 0.25rem 0.7rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
    thead th { border-bottom: 2px solid var(--line); }
    th[scope=colgroup] { text-align: center; }
    .numbers td, .numbers thead th[scope=col]:not(:first-child) {
      text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap;
    }
    tbody th { font-weight: normal; }
    td { background: color-mix(in srgb, var(--accent) calc(var(--shade, 0%) * 0.6), transparent); }
    pre { overflow-x: auto; padding: 0.75rem 1rem; border: 1px solid var(--line); border-radius: 6px; }
    .figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(18rem, 1fr)); gap: 1rem; }
    .figures.wide { grid-template-columns: repeat(auto-fill, minmax(min(100%, 30rem), 1fr)); }
    a { color: inherit; text-decoration-color: var(--accent); }
    figure { margin: 0; break-inside: avoid; }
    figcaption { font-size: 0.9rem; }
    svg { width: 100%; height: auto; }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    @media print {
      :root { color-scheme: light; --ink: #000; --paper: #fff; --line: #999; }
      main { max-width: none; padding: 0; }
      .scroll { overflow: visible; }
      table { font-size: 0.7rem; }
      td { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
      tr, pre { break-inside: avoid; }
      h2, caption { break-after: avoid; }
    }
    """
}
