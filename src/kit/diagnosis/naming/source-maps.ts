import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { pathOf, type Script } from '../../process/scripts.js';

/** A place in a file. Lines and columns from 1. */
export interface FilePlace {
  /** An absolute path where it is known. */
  file: string;
  line: number;
  column: number;
}

/** Maps places in the code that runs to places in the code that was written. */
export class SourceMaps {
  /** By V8's id of the script; null where there is no map, or none that can be read. */
  private readonly maps = new Map<string, TraceMap | null>();

  /** Reads the maps of these scripts, so that places in them can be mapped. */
  async load(scripts: Iterable<Script>): Promise<void> {
    for (const script of scripts) {
      if (!this.maps.has(script.id)) this.maps.set(script.id, await mapOf(script).catch(() => null));
    }
  }

  /** The place in the author's file; the place itself where there is no map. */
  place(script: Script, line: number, column: number): FilePlace {
    const map = this.maps.get(script.id);
    const found = map ? originalPositionFor(map, { line, column: column - 1 }) : null;
    if (!found || found.source === null || found.line === null) {
      return { file: pathOf(script.url), line, column };
    }
    const file = resolve(dirname(pathOf(script.url)), found.source.replace(/^(file|webpack):\/\/\/?/, '/'));
    return { file, line: found.line, column: found.column + 1 };
  }
}

async function mapOf({ url, sourceMapUrl }: Script): Promise<TraceMap | null> {
  if (sourceMapUrl === '') return null;
  const inline = /^data:[^,]*?(?<base64>;base64)?,(?<data>.*)$/s.exec(sourceMapUrl)?.groups;
  if (inline) {
    const data = inline['data'] ?? '';
    return new TraceMap(inline['base64'] ? Buffer.from(data, 'base64').toString() : decodeURIComponent(data));
  }
  if (/^https?:/.test(sourceMapUrl)) return null; // no request to another machine without being asked
  return new TraceMap(
    await readFile(resolve(dirname(pathOf(url)), decodeURIComponent(sourceMapUrl)), 'utf8'),
  );
}
