/** The style of every page, readable light and dark and on paper. Its hash is in the content security policy. */
export const styleSheet = `:root{color-scheme:light dark;--text:#1f2328;--soft:#59636e;--line:#d1d9e0;--back:#fff;--panel:#f6f8fa;--accent:#0550ae}
@media (prefers-color-scheme:dark){:root{--text:#e6edf3;--soft:#9198a1;--line:#3d444d;--back:#0d1117;--panel:#151b23;--accent:#79c0ff}}
body{margin:0 auto;padding:1.5rem;max-width:80rem;font:15px/1.5 system-ui,sans-serif;color:var(--text);background:var(--back)}
a{color:var(--accent)}
h1{font-size:1.6rem;margin:.3rem 0}h2{font-size:1.2rem;margin:2rem 0 .5rem}h3{font-size:1rem;margin:1.2rem 0 .3rem}
code{font:13px ui-monospace,monospace;overflow-wrap:break-word}
nav,.soft{color:var(--soft)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid var(--line)}
th{background:var(--panel);white-space:nowrap}
.number{text-align:right}
:target{outline:2px solid var(--accent);outline-offset:4px}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{color:var(--soft)}dd{margin:0}
.diagram{max-width:100%;height:auto}
.diagram .box{fill:var(--panel);stroke:var(--line)}
.diagram .here{stroke:var(--accent);stroke-width:2}
.diagram .link{fill:none;stroke:var(--soft)}
.diagram .id{font:12px ui-monospace,monospace;fill:var(--text)}
.diagram a .id{fill:var(--accent)}
.diagram .name{font:11px system-ui,sans-serif;fill:var(--soft);stroke:var(--back);stroke-width:4px;paint-order:stroke}
@media print{body{max-width:none;padding:0}tr{break-inside:avoid}}
`;

/** SHA-256 of {@link styleSheet}, base64; a test computes it anew, for there is no hash function here. */
export const styleSheetHash = 'HYQ417REp98u8Xm61p9EGQmR896rMhlsKr2Do1p6BZ8=';
