import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';

/** What imports what, sorted: files of the repository, or rooms. Imports of types count. */
export type Imports = ReadonlyMap<string, string[]>;

/** The imports of all TypeScript files below these folders, by path from the repository's root. */
export async function importsOf(folders: readonly string[]): Promise<Imports> {
  const imports = new Map<string, string[]>();
  for (const folder of folders) {
    for (const name of await readdir(folder, { recursive: true })) {
      if (!name.endsWith('.ts')) continue;
      const file = join(folder, name);
      const { importedFiles } = ts.preProcessFile(await readFile(file, 'utf8'), true, true);
      const own = importedFiles.filter(({ fileName }) => fileName.startsWith('.'));
      imports.set(
        file,
        own.map(({ fileName }) => normalize(join(dirname(file), fileName)).replace(/\.js$/, '.ts')),
      );
    }
  }
  return imports;
}

/** The room of a file; null outside what is asked for. */
function roomOf(file: string, of: 'the house' | 'the diagnosis'): string | null {
  const [top, folder, room, inner, ...rest] = file.split('/');
  if (of === 'the diagnosis') {
    if (folder !== 'kit' || room !== 'diagnosis') return null;
    return rest.length > 0 ? inner! : 'diagnosis';
  }
  if (top === 'load') return 'load';
  if (folder === 'kit') return inner === undefined ? (room === 'index.ts' ? 'kit' : 'problem') : room!;
  return room === undefined ? 'app' : folder!;
}

/** The same imports between rooms: a room that imports itself is left out. */
export function roomsOf(imports: Imports, of: 'the house' | 'the diagnosis'): Imports {
  const rooms = new Map<string, Set<string>>();
  for (const [file, targets] of imports) {
    for (const target of targets) {
      const [from, to] = [roomOf(file, of), roomOf(target, of)];
      if (from === null || to === null || from === to) continue;
      rooms.set(from, (rooms.get(from) ?? new Set()).add(to));
    }
  }
  return sorted(Array.from(rooms, ([from, to]) => [from, [...to].toSorted()]));
}

/** The arrows of a diagram in Markdown: `a --> b & c`, between the two comments that name it. */
export function drawnIn(markdown: string, of: string): Imports {
  const [, diagram = ''] =
    new RegExp(`<!-- imports of ${of} -->([^]*?)<!-- end of imports of ${of} -->`).exec(markdown) ?? [];
  const arrows = Array.from(diagram.matchAll(/^ *(\w+) --> ([\w &]+)$/gm), ([, from, to]) => {
    return [from!, to!.split(' & ').toSorted()] as [string, string[]];
  });
  return sorted(arrows);
}

/** Every circle, as the members on it in order; empty where there is none. */
export function cyclesIn(imports: Imports): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (one: string): void => {
    if (done.has(one)) return;
    if (path.includes(one)) {
      cycles.push(path.slice(path.indexOf(one)));
      return;
    }
    path.push(one);
    for (const next of imports.get(one) ?? []) visit(next);
    path.pop();
    done.add(one);
  };
  for (const one of imports.keys()) visit(one);
  return cycles;
}

function sorted(rooms: [string, string[]][]): Imports {
  return new Map(rooms.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
