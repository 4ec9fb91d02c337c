import { readFile, readdir } from 'node:fs/promises';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { parseSource, type Source, SyntaxProblem } from './source.js';

/** Folders that hold no source of the author. */
const SKIPPED = /^(?:node_modules|dist|build|out|coverage|vendor|\..*)$/;
const SOURCE = /(?<!\.d)\.[cm]?[jt]sx?$/;
/** More files are not searched: a name that several of them use is found in fewer. */
const MOST_FILES = 20_000;

/** The author's project: its package.json and its source files, read when they are needed. */
export class Project {
  private listed: string[] | undefined;
  private readonly texts = new Map<string, string | null>();
  private readonly parsed = new Map<string, Source | SyntaxProblem>();

  /** @param root the folder of its package.json */
  constructor(readonly root: string) {}

  /** The source files, as absolute paths, without packages and what a build wrote. */
  async files(): Promise<string[]> {
    this.listed ??= await sourceFilesOf(this.root);
    return this.listed;
  }

  /** Null where there is no such file. */
  async text(file: string): Promise<string | null> {
    let text = this.texts.get(file);
    if (text === undefined) {
      text = await readFile(file, 'utf8').catch(() => null);
      this.texts.set(file, text);
    }
    return text;
  }

  /** Null where there is no such file. @throws SyntaxProblem */
  async source(file: string): Promise<Source | null> {
    const text = await this.text(file);
    if (text === null) return null;
    let source = this.parsed.get(file);
    if (source === undefined) {
      try {
        source = parseSource(file, text);
      } catch (error) {
        if (!(error instanceof SyntaxProblem)) throw error;
        source = error;
      }
      this.parsed.set(file, source);
    }
    if (source instanceof SyntaxProblem) throw source;
    return source;
  }

  /** The other source files whose text matches, parsed; what does not parse is left out. */
  async sourcesWith(pattern: RegExp, except: string): Promise<Source[]> {
    const found: Source[] = [];
    for (const file of await this.files()) {
      if (file === except || !pattern.test((await this.text(file)) ?? '')) continue;
      const source = await this.source(file).catch(() => null);
      if (source) found.push(source);
    }
    return found;
  }

  /** The major version of an installed package that package.json declares; null where it is not both. */
  async declaredPackage(name: string, from: string): Promise<number | null> {
    for (let folder = dirname(from); ; folder = dirname(folder)) {
      const declared = await packageJson(folder);
      if (declared !== null) {
        const all = { ...declared.dependencies, ...declared.peerDependencies, ...declared.devDependencies };
        if (all[name] === undefined) return null;
        return await installedMajor(name, folder);
      }
      if (dirname(folder) === folder || folder === this.root) return null;
    }
  }

  shown(file: string): string {
    return shownFrom(this.root)(file);
  }
}

/** A file as a report has it: from the project's folder. */
export const shownFrom =
  (root: string) =>
  (file: string): string => {
    const path = relative(root, file);
    return path.startsWith('..') ? file : path.split(sep).join('/');
  };

/** The nearest folder, from this one upwards, that has a package.json. Null without one. */
export function projectRoot(folder: string): string | null {
  if (!existsSync(folder)) return null;
  for (let at = realpathSync(folder); ; at = dirname(at)) {
    if (existsSync(join(at, 'package.json'))) return at;
    if (dirname(at) === at) return null;
  }
}

interface PackageJson {
  version?: string;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

async function packageJson(folder: string): Promise<PackageJson | null> {
  try {
    return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as PackageJson;
  } catch {
    return null;
  }
}

async function installedMajor(name: string, from: string): Promise<number | null> {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = await packageJson(join(folder, 'node_modules', name));
    if (found?.version) return Number.parseInt(found.version, 10);
    if (dirname(folder) === folder) return null;
  }
}

/** The source files below a folder, as absolute paths, without packages and what a build wrote. */
export async function sourceFilesOf(root: string): Promise<string[]> {
  const found: string[] = [];
  const pending = [root];
  for (
    let folder = pending.pop();
    folder !== undefined && found.length < MOST_FILES;
    folder = pending.pop()
  ) {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !SKIPPED.test(entry.name)) pending.push(path);
      else if (entry.isFile() && SOURCE.test(entry.name)) found.push(path);
    }
  }
  return found.slice(0, MOST_FILES);
}
