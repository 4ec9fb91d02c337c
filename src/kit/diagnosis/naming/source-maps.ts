import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { FlattenMap, type TraceMap } from '@jridgewell/trace-mapping';
import { isNodeFile, isPackageFile } from '../../heap/index.js';
import { pathOf, type Script } from '../../process/scripts.js';
import type { CodePosition } from '../probe/index.js';
import { MappedScript, type SeenVariable, type WrittenPlace } from './mapped-script.js';

/** The text of a larger script is not parsed: it takes seconds, and hundreds of megabytes. */
const LONGEST_BYTES = 8e6;

/** Maps places and names in the code that runs to those in the code that was written. */
export class SourceMaps {
  /** By V8's id of the script; null where there is no map, or none that can be read. */
  private readonly scripts = new Map<string, MappedScript | null>();

  /** Reads the maps of these scripts, so that places in them can be mapped. */
  async load(scripts: Iterable<Script>): Promise<void> {
    for (const script of scripts) {
      if (!this.scripts.has(script.id)) {
        this.scripts.set(script.id, await mappedScript(script).catch(() => null));
      }
    }
  }

  has({ id }: Script): boolean {
    return Boolean(this.scripts.get(id));
  }

  /** The place in the author's file; the place itself where there is no map. */
  place({ id, url }: Script, line: number, column: number): WrittenPlace {
    const mapped = this.scripts.get(id);
    return (
      mapped?.place(line, column) ?? {
        file: pathOf(url),
        line,
        column,
        isOwn: !isNodeFile(url) && !isPackageFile(url),
      }
    );
  }

  /** The variable under its author's name, at its declaration; null where there is no map, or it is not certain. */
  variable(script: string, variable: SeenVariable): SeenVariable | null {
    return this.scripts.get(script)?.variable(variable) ?? null;
  }

  /** The name that its author gave to a function or a class. @param name what V8 calls it */
  functionName(name: string, { script, ...at }: CodePosition, kind: 'function' | 'class'): string {
    return this.scripts.get(script)?.functionName(name, at, kind) ?? name;
  }
}

async function mappedScript({ url, sourceMapUrl }: Script): Promise<MappedScript | null> {
  if (sourceMapUrl === '' || /^https?:/.test(sourceMapUrl)) return null; // no request to another machine without being asked
  const built = pathOf(url);
  const isInline = sourceMapUrl.startsWith('data:');
  const file = isInline ? built : resolve(dirname(built), pathOf(decodeURIComponent(sourceMapUrl)));
  const map = new FlattenMap(isInline ? inlineMap(sourceMapUrl) : await readFile(file, 'utf8'));
  const text = isBundled(map) ? await textOf(built) : '';
  return new MappedScript(map, { built, folder: dirname(file), text });
}

/** Whether names or files can differ from those of the code that runs. */
function isBundled({ names, sources }: TraceMap): boolean {
  return names.length > 0 || sources.length > 1;
}

function inlineMap(url: string): string {
  const { base64, data = '' } = /^data:[^,]*?(?<base64>;base64)?,(?<data>.*)$/s.exec(url)?.groups ?? {};
  return base64 ? Buffer.from(data, 'base64').toString() : decodeURIComponent(data);
}

async function textOf(file: string): Promise<string> {
  const read = async (): Promise<string> =>
    (await stat(file)).size <= LONGEST_BYTES ? readFile(file, 'utf8') : '';
  return read().catch(() => '');
}
