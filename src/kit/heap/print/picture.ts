import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { HeapSnapshotError } from '../errors.js';
import { toDot } from './dot.js';
import { Drawing } from './drawing.js';

/** Twice the size of the SVG, so that small names stay readable. */
const PNG_SCALE = 2;
/** As wide as Courier, which Graphviz reckons with. */
const FONT_FILE = '@expo-google-fonts/roboto-mono/400Regular/RobotoMono_400Regular.ttf';
const FONT_FAMILIES = "'Roboto Mono', Menlo, Consolas, 'Courier New', monospace";
/** Viewers give up beyond this, and so does memory. */
const MAX_PNG_PIXELS = 16_384;

/** Lays a drawing out with Graphviz, which comes compiled to WebAssembly and is loaded when first used. */
export async function toSvg(drawing: Drawing): Promise<string> {
  try {
    // oxlint-disable-next-line no-restricted-imports -- loaded when a picture is asked for, and only then
    const { Graphviz } = await import('@hpcc-js/wasm-graphviz');
    const svg = (await Graphviz.load()).dot(toDot(drawing));
    return svg.replaceAll(/font-family="[^"]*"/g, `font-family="${FONT_FAMILIES}"`);
  } catch (cause) {
    throw new HeapSnapshotError('HEAP_PICTURE', `Graphviz failed: ${String(cause)}`, null, { cause });
  }
}

export async function toPng(drawing: Drawing): Promise<Uint8Array> {
  const svg = await toSvg(drawing);
  try {
    const { Resvg, font } = await loadResvg();
    const { width, height } = new Resvg(svg);
    const scale = Math.min(PNG_SCALE, MAX_PNG_PIXELS / Math.max(width, height));
    return new Resvg(svg, {
      fitTo: { mode: 'zoom', value: scale },
      font: { fontBuffers: [font], defaultFontFamily: 'Roboto Mono', monospaceFamily: 'Roboto Mono' },
    })
      .render()
      .asPng();
  } catch (cause) {
    throw new HeapSnapshotError('HEAP_PICTURE', `the PNG could not be drawn: ${String(cause)}`, null, {
      cause,
    });
  }
}

/** Writes `.svg`, `.png` or `.dot`, as the file's name says. */
export async function writePicture(file: string, drawing: Drawing): Promise<void> {
  switch (extname(file).toLowerCase()) {
    case '.svg':
      return writeFile(file, await toSvg(drawing));
    case '.png':
      return writeFile(file, await toPng(drawing));
    case '.dot':
    case '.gv':
      return writeFile(file, toDot(drawing));
    default:
      throw new HeapSnapshotError('HEAP_PICTURE', `"${file}" ends in none of .svg, .png, .dot`);
  }
}

let resvg: Promise<{ Resvg: typeof import('@resvg/resvg-wasm').Resvg; font: Uint8Array }> | undefined;

function loadResvg() {
  return (resvg ??= (async () => {
    // oxlint-disable-next-line no-restricted-imports -- loaded when a picture is asked for, and only then
    const { Resvg, initWasm } = await import('@resvg/resvg-wasm').catch(() => {
      throw new HeapSnapshotError(
        'HEAP_PICTURE',
        'a .png needs two packages more: npm install @resvg/resvg-wasm @expo-google-fonts/roboto-mono. A .svg needs none',
      );
    });
    const require = createRequire(import.meta.url);
    const [wasm, font] = await Promise.all([
      readFile(require.resolve('@resvg/resvg-wasm/index_bg.wasm')),
      readFile(require.resolve(FONT_FILE)),
    ]);
    await initWasm(wasm);
    return { Resvg, font };
  })());
}
