/// The page's only style sheet. Its hash stands in the content security policy, so that no other style, script, image
/// or connection is allowed on the page, whatever its data says. Source: W3C Content Security Policy Level 3.
enum ReportStyle {
  /// Nothing but `css`, by its digest: when the style changes, the test of this policy prints the new one.
  static let policy =
    "default-src 'none'; style-src 'sha256-qf41HRYCagLhC88zecAhorB0+y5eC90PPJ6e3a7xjHw='; base-uri 'none'; form-action 'none'"

  static let css = """
    :root{color-scheme:light dark;--bg:#f5f6f8;--card:#fff;--ink:#17202c;--soft:#566273;--line:#dde2e9;--grid:#e8ecf1;\
    --track:#edf0f4;--confirmed:#0b7d5d;--submitted:#2b6cd4;--queued:#9aa6b5;--failed:#c5392f;--compensated:#b27612;\
    --warn-bg:#fff6e3;--warn-line:#dfa63a;--warn-ink:#5c3d00;--good:#0b7d5d;--bad:#b42318}
    @media (prefers-color-scheme:dark){:root{--bg:#10151c;--card:#181f29;--ink:#e7ecf2;--soft:#9fabba;--line:#2b3542;\
    --grid:#26303c;--track:#242d39;--confirmed:#35b48c;--submitted:#5f9bf5;--queued:#6c7989;--failed:#ee6a5f;\
    --compensated:#dba23f;--warn-bg:#2c2410;--warn-line:#a87c22;--warn-ink:#f2d799;--good:#43c79d;--bad:#f58479}}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%}
    body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,\
    "Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
    main{max-width:1060px;margin:0 auto;padding:28px 20px 40px}
    header{margin-bottom:20px}
    .over{margin:0;color:var(--soft);font-size:13px;font-weight:600;letter-spacing:.02em}
    h1{margin:2px 0 6px;font-size:30px;line-height:1.2;overflow-wrap:anywhere}
    h2{margin:0 0 4px;font-size:18px;line-height:1.3}
    h3{margin:22px 0 6px;font-size:14px}
    p{margin:0 0 10px}
    .pill{display:inline-block;margin-left:8px;padding:2px 11px;border:1px solid currentColor;border-radius:99px;\
    font-size:13px;font-weight:600;vertical-align:middle;color:var(--soft)}
    .pill.completed{color:var(--good)}
    .pill.running{color:var(--submitted)}
    .pill.failed,.pill.canceled{color:var(--bad)}
    .pill.paused{color:var(--compensated)}
    .lead{font-size:18px;margin:0 0 10px}
    .meta{display:flex;flex-wrap:wrap;gap:4px 22px;margin:0;color:var(--soft);font-size:13px}
    .meta div{display:flex;gap:6px;min-width:0}
    .meta dt{font-weight:600}
    .meta dd{margin:0;overflow-wrap:anywhere}
    .warn{margin:0 0 18px;padding:12px 16px 12px 34px;background:var(--warn-bg);border:1px solid var(--warn-line);\
    border-radius:10px;color:var(--warn-ink)}
    .warn li{margin:2px 0}
    .keys{display:grid;grid-template-columns:repeat(4,1fr);gap:14px;margin:0 0 18px}
    .key{padding:14px 16px;background:var(--card);border:1px solid var(--line);border-radius:12px;min-width:0}
    .key dt{color:var(--soft);font-size:13px;font-weight:600}
    .key dd{margin:2px 0 0;font-size:26px;font-weight:650;line-height:1.2;overflow-wrap:anywhere}
    .key dd+dd{margin-top:4px;font-size:13px;font-weight:400;color:var(--soft)}
    .key.long dd:nth-of-type(1){font-size:20px}
    section{margin:0 0 18px;padding:20px 22px;background:var(--card);border:1px solid var(--line);border-radius:12px}
    .note{color:var(--soft);max-width:88ch}
    .say{max-width:88ch}
    svg{display:block;width:100%}
    .stack{height:30px;border-radius:6px;background:var(--track);overflow:hidden}
    .stack.thin{height:12px}
    .bar{height:12px;min-width:90px;border-radius:3px;background:var(--track)}
    .cap{margin:12px 0 4px;font-size:13px;color:var(--soft)}
    .f-confirmed{fill:var(--confirmed)}
    .f-submitted{fill:var(--submitted)}
    .f-queued{fill:var(--queued)}
    .f-failed{fill:var(--failed)}
    .f-compensated{fill:var(--compensated)}
    .area{fill:var(--confirmed);fill-opacity:.22}
    .l-confirmed,.l-submitted,.grid,.axis{fill:none;vector-effect:non-scaling-stroke}
    .l-confirmed{stroke:var(--confirmed);stroke-width:2}
    .l-submitted{stroke:var(--submitted);stroke-width:2;stroke-dasharray:5 3}
    .grid{stroke:var(--grid);stroke-width:1}
    .axis{stroke:var(--soft);stroke-width:1}
    .plot{display:grid;grid-template-columns:auto minmax(0,1fr);column-gap:8px;margin:14px 0 6px;font-size:12px;\
    color:var(--soft)}
    .plot .y{display:flex;flex-direction:column;justify-content:space-between;text-align:right;\
    min-width:58px;margin:-9px 0}
    .plot .x{grid-column:2;display:flex;justify-content:space-between;gap:10px;margin-top:4px}
    .plot svg{height:210px}
    .plot.low svg{height:110px}
    .legend{display:flex;flex-wrap:wrap;gap:4px 18px;margin:8px 0 0;padding:0;list-style:none;font-size:13px}
    .dot{display:inline-block;width:11px;height:11px;margin-right:7px;border-radius:3px;vertical-align:-1px}
    .dot.confirmed{background:var(--confirmed)}
    .dot.submitted{background:var(--submitted)}
    .dot.queued{background:var(--queued)}
    .dot.failed{background:var(--failed)}
    .dot.compensated{background:var(--compensated)}
    .scroll{overflow-x:auto;margin-top:8px}
    table{width:100%;border-collapse:collapse;font-size:14px}
    caption{text-align:left;color:var(--soft);font-size:13px;padding-bottom:4px}
    th,td{padding:6px 14px 6px 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
    thead th{color:var(--soft);font-size:12px;white-space:nowrap}
    tbody th{font-weight:500}
    tfoot th,tfoot td{border-bottom:0;font-weight:650}
    th:last-child,td:last-child{padding-right:0}
    .n{text-align:right;white-space:nowrap}
    .w{width:38%}
    .w svg{margin-top:5px}
    .m{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:12.5px;\
    overflow-wrap:anywhere}
    .t{white-space:nowrap}
    .msg{min-width:150px;overflow-wrap:anywhere}
    .good{color:var(--good);font-weight:600}
    .bad{color:var(--bad);font-weight:600}
    details{margin-top:10px}
    summary{cursor:pointer;color:var(--soft);font-size:13px}
    footer{color:var(--soft);font-size:13px}
    @media (max-width:820px){.keys{grid-template-columns:repeat(2,1fr)}}
    @media (max-width:520px){main{padding:18px 12px 28px}section{padding:16px 14px}h1{font-size:24px}.lead{font-size:16px}\
    .key{padding:11px 12px}.key dd{font-size:20px}.key.long dd:nth-of-type(1){font-size:15px}.w{width:auto}\
    .pill{margin-left:4px}.mean{display:none}th,td{padding-right:9px}table{font-size:13px}.kv tr{display:block;padding:6px 0;border-bottom:1px solid var(--line)}\
    .kv th,.kv td{display:block;padding:1px 0;border:0;text-align:left;white-space:normal;overflow-wrap:anywhere}\
    .kv tfoot tr{border:0}}
    @media print{:root{color-scheme:light;--bg:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#ccc;--grid:#ddd;\
    --track:#eee;--confirmed:#0b7d5d;--submitted:#2b6cd4;--queued:#9aa6b5;--failed:#c5392f;--compensated:#b27612;\
    --warn-bg:#fff;--warn-line:#888;--warn-ink:#000;--good:#0b5d45;--bad:#9c1c12}
    *{-webkit-print-color-adjust:exact;print-color-adjust:exact}body{font-size:11pt}main{max-width:none;padding:0}\
    section,.key{break-inside:avoid}section.long{break-inside:auto}h2,h3{break-after:avoid}}
    """
}
