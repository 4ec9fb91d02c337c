import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { HeapSnapshotError } from '../errors.js';
import { toDot } from './dot.js';
import { Drawing } from './drawing.js';

/** The PNG is twice the size of the SVG, so that small names are readable. */
const PNG_SCALE = 2;
/** A font with the widths of Courier, which Graphviz computes with. */
const FONT_FILE = '@expo-google-fonts/roboto-mono/400Regular/RobotoMono_400Regular.ttf';
const FONT_FAMILIES = "'Roboto Mono', Menlo, Consolas, 'Courier New', monospace";
/** Larger pictures fail in many viewers, and may take gigabytes of memory. */
const MAX_PNG_PIXELS = 16_384;

/**
 * A drawing as SVG, laid out by Graphviz (compiled to WebAssembly, and loaded when first used).
 *
 * @throws HeapSnapshotError HEAP_PICTURE
 */
export async function toSvg(drawing: Drawing): Promise<string> {
  try {
    // oxlint-disable-next-line no-restricted-imports -- loaded only when a picture is drawn
    const { Graphviz } = await import('@hpcc-js/wasm-graphviz');
    const svg = (await Graphviz.load()).dot(toDot(drawing));
    return svg.replaceAll(/font-family="[^"]*"/g, `font-family="${FONT_FAMILIES}"`);
  } catch (cause) {
    throw new HeapSnapshotError('HEAP_PICTURE', `Graphviz failed: ${String(cause)}`, null, { cause });
  }
}

/**
 * A drawing as PNG.
 *
 * @throws HeapSnapshotError HEAP_PICTURE, also where the optional packages for it are not installed
 */
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

/**
 * Writes a drawing as `.svg`, `.png`, `.dot` or `.gv`, by the extension of the file.
 *
 * @throws HeapSnapshotError HEAP_PICTURE
 */
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
      throw new HeapSnapshotError('HEAP_PICTURE', `"${file}" does not end in .svg, .png, .dot or .gv`);
  }
}

let resvg: Promise<{ Resvg: typeof import('@resvg/resvg-wasm').Resvg; font: Uint8Array }> | undefined;

function loadResvg() {
  return (resvg ??= (async () => {
    // oxlint-disable-next-line no-restricted-imports -- loaded only when a picture is drawn
    const { Resvg, initWasm } = await import('@resvg/resvg-wasm').catch(() => {
      throw new HeapSnapshotError(
        'HEAP_PICTURE',
        'a .png needs two more packages (npm install @resvg/resvg-wasm @expo-google-fonts/roboto-mono), a .svg needs none',
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
