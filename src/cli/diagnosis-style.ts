/** Light and dark, for narrow and wide screens. The dark colours of pictures replace those that the kit draws with. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1f2328; --quiet: #59636e; --line: #d1d9e0; --back: #fff; --card: #f6f8fa;
  --leak: #b3261e; --bounded: #1a7f37; --unsettled: #9a6700; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --quiet: #9198a1; --line: #3d444d; --back: #0d1117;
  --card: #151b23; --leak: #ff8a80; --bounded: #4ade80; --unsettled: #fbbf24; } }
* { box-sizing: border-box; }
body { font: 16px/1.55 system-ui, sans-serif; color: var(--text); background: var(--back); max-width: 62rem;
  margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: .2rem 0 .6rem; }
h1.leak { color: var(--leak); } h1.bounded { color: var(--bounded); } h1.unsettled { color: var(--unsettled); }
h2 { font-size: 1.15rem; line-height: 1.35; margin: 2rem 0 .6rem; }
p { margin: .4rem 0; } figure { margin: 1rem 0; } ul { padding-left: 1.2rem; }
code { font: .92em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.quiet { color: var(--quiet); font-size: .9rem; }
.scroll { overflow-x: auto; } .chart { min-width: 34rem; width: 100%; height: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .45rem .6rem; border-bottom: 1px solid var(--line); vertical-align: baseline; }
th { color: var(--quiet); font-weight: 500; font-size: .85rem; white-space: nowrap; }
td code { overflow-wrap: normal; }
.number, .share { white-space: nowrap; } .number { text-align: right; }
.bar { display: inline-block; width: 5rem; height: .6rem; border-radius: .3rem; background: var(--line); overflow: hidden; }
.bar span { display: block; height: 100%; background: var(--leak); min-width: 1px; }
a { color: inherit; text-decoration-color: var(--line); text-underline-offset: .2em; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .1rem 1.1rem .8rem;
  margin: 1.2rem 0; }
section h2 { margin-top: 1rem; font-weight: 600; }
.rank { color: var(--quiet); margin-right: .3rem; }
.columns { display: flex; flex-wrap: wrap; gap: 1rem 2rem; align-items: flex-start; }
.columns dl { flex: 1 1 20rem; margin: .5rem 0; } .path { flex: 0 1 auto; margin: .5rem 0; max-width: 100%; }
dt { color: var(--quiet); font-size: .85rem; margin-top: .6rem; } dt:first-child { margin-top: 0; } dd { margin: .1rem 0; }
.path svg { display: block; max-width: 100%; height: auto; } .path polygon[fill="#ffffff"] { fill: none; }
@media (prefers-color-scheme: dark) {
  .path text { fill: #e6edf3; } .path path[fill="#fde2e1"] { fill: #4a1714; stroke: #ff8a80; }
  .path path[fill="#fff1cc"] { fill: #3b2f0b; stroke: #fbbf24; } .path path[fill="#f6f8fa"] { fill: #21262d; stroke: #9198a1; }
}
@media (max-width: 40rem) {
  thead { display: none; } tr { display: flex; flex-wrap: wrap; gap: .15rem .9rem; padding: .5rem 0;
    border-bottom: 1px solid var(--line); } td { border: 0; padding: 0; } td:nth-child(2) { flex: 1 1 85%; }
}
@media print { body { max-width: none; } section { break-inside: avoid; } }
`;
