import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SuspectFacts } from './model.js';

/** A line of a file, from 1. */
export interface Site {
  file: string;
  line: number;
}

/**
 * The lines that a suspect names, in the author's own files: those in its name first, then its allocation sites. A
 * snapshot knows only the files that run; their source maps lead to the files that were written.
 */
export function sitesOf({ allocatedAt, name }: SuspectFacts, root: string): Site[] {
  const named = [...name.matchAll(/(?<file>[^\s(]+\.[cm]?[jt]sx?):(?<line>\d+)/g)].map(({ groups }) => ({
    file: groups?.['file'] ?? '',
    line: Number(groups?.['line']),
    column: 1,
  }));
  return [...named, ...allocatedAt].map(({ file, line, column }) =>
    written(absolute(file, root), line, column),
  );
}

function absolute(file: string, root: string): string {
  return file.startsWith('file:') ? fileURLToPath(file) : resolve(root, file);
}

/** The place in the author's file, where there is a source map beside the file that runs. */
function written(file: string, line: number, column: number): Site {
  const map = `${file}.map`;
  if (!existsSync(map)) return { file, line };
  try {
    const found = originalPositionFor(new TraceMap(readFileSync(map, 'utf8')), { line, column: column - 1 });
    if (found.source === null) return { file, line };
    return { file: resolve(dirname(file), found.source), line: found.line };
  } catch {
    return { file, line }; // no map that can be read
  }
}
