import {
  decodedMappings,
  originalPositionFor,
  sourceContentFor,
  traceSegment,
  type SourceMapSegment,
  type TraceMap,
} from '@jridgewell/trace-mapping';
import type { AnyNode, Identifier } from 'acorn';
import { isPackageFile } from '../../heap/index.js';
import { type AuthorFile, authorFile } from './author-file.js';
import {
  declarationsOf,
  type Declaration,
  isCaptured,
  isClass,
  isFunction,
  nameOfFunction,
  nodesAround,
  offsetOf,
  type Parsed,
  parsed,
  positionOf,
  type TextPosition,
} from './scopes.js';

/** A place in a file. Lines and columns from 1. */
export interface FilePlace {
  /** An absolute path where it is known. */
  file: string;
  line: number;
  column: number;
}

/** A place, and whether the program's author wrote it: not a package, and not what a bundler adds. */
export interface WrittenPlace extends FilePlace {
  isOwn: boolean;
}

/** A variable as the code that runs has it. The position is that of a function that sees it. */
export interface SeenVariable extends TextPosition {
  name: string;
  /** The function that declares it, as V8 calls it; empty for a variable of the file. */
  scope: string;
}

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*/u;
/** A declaration with a name. */
const DECLARED =
  /^(?:export\s+(?:default\s+)?)?(?:(?:abstract\s+)?class|(?:async\s+)?function\s*\*?)\s+(?<name>(?!extends\b)[\p{ID_Start}$_][\p{ID_Continue}$]*)/u;
const RESERVED =
  /^(?:async|await|break|case|catch|class|const|continue|default|delete|do|else|enum|export|extends|finally|for|function|if|import|in|instanceof|let|new|null|return|static|super|switch|this|throw|try|typeof|var|void|while|with|yield)$/;

/** A script that a compiler or a bundler made, with its map: what its author wrote, where, and under which name. */
export class MappedScript {
  readonly #map: TraceMap;
  readonly #built: string;
  readonly #folder: string;
  readonly #text: string;
  readonly #files = new Map<string, AuthorFile>();
  #parsed: Parsed | null | undefined;

  /**
   * @param built the file of the script
   * @param folder what relative sources of the map start from
   * @param text of the script; empty where its names are not needed
   */
  constructor(map: TraceMap, { built, folder, text }: { built: string; folder: string; text: string }) {
    this.#map = map;
    this.#built = built;
    this.#folder = folder;
    this.#text = text;
  }

  /** The place in the author's file; the place itself where the map leads to none. */
  place(line: number, column: number): WrittenPlace {
    const found = originalPositionFor(this.#map, { line, column: column - 1 });
    const author: AuthorFile = found.source === null ? { by: 'unknown' } : this.#fileOf(found.source);
    if (author.by !== 'author' || found.line === null) {
      const isOwn = author.by === 'unknown' && !isPackageFile(this.#built);
      return { file: this.#built, line, column, isOwn };
    }
    const { file } = author;
    return { file, line: found.line, column: found.column + 1, isOwn: !isPackageFile(file) };
  }

  /** The variable under the name that its author gave it, at its declaration. Null where that is not certain. */
  variable({ name, scope, ...seenFrom }: SeenVariable): SeenVariable | null {
    const code = this.#code();
    if (code === null) return null;
    const around = nodesAround(code, offsetOf(code, seenFrom));
    const declaration = this.#chosen(code, declarationsOf(name, around), scope);
    if (declaration === null) return null;
    const at = positionOf(code, declaration.identifier.start);
    return {
      name: this.#nameAt(at, name) ?? name,
      scope: this.#scopeName(code, declaration, scope),
      ...at,
    };
  }

  /** The name that its author gave to a function or a class. @param name what V8 calls it */
  functionName(name: string, at: TextPosition, kind: 'function' | 'class'): string {
    const code = this.#code();
    if (code === null) return name;
    const around = nodesAround(code, offsetOf(code, at));
    const node = around.findLastIndex((one) => (kind === 'class' ? isClass(one) : isFunction(one)));
    const found = around[node];
    return found ? this.#functionName(code, found, nameOfFunction(around, node), name) : name;
  }

  /** The one declaration that is meant; null where several may be. A bundler's function around a module is its file. */
  #chosen(code: Parsed, declarations: readonly Declaration[], scope: string): Declaration | null {
    const [only, ...others] = declarations;
    if (only === undefined || others.length === 0) return only ?? null;
    const captured = declarations.filter((one) => isCaptured(one));
    const meant = captured.filter((one) =>
      scope === ''
        ? !this.#isWritten(code, one)
        : one.fn !== null && (one.functionName?.name ?? scope) === scope,
    );
    return meant.length === 1 ? (meant[0] ?? null) : null;
  }

  #scopeName(code: Parsed, declaration: Declaration, scope: string): string {
    const { fn, functionName } = declaration;
    return fn !== null && this.#isWritten(code, declaration)
      ? this.#functionName(code, fn, functionName, scope)
      : '';
  }

  /** @param identifier what names the function in the code that runs; @param name what V8 calls it */
  #functionName(code: Parsed, fn: AnyNode, identifier: Identifier | null, name: string): string {
    if (identifier === null) {
      // A bundler leaves out the name of what is used once. A property gives no name that it could leave out.
      return DECLARED.exec(this.#originalText(positionOf(code, fn.start)))?.groups?.['name'] ?? name;
    }
    if (identifier.name !== name) return name; // set by the program, or by a compiler that keeps names
    return this.#nameAt(positionOf(code, identifier.start), name) ?? name;
  }

  /** Whether the author wrote the function that declares a variable: then the map has its beginning. */
  #isWritten(code: Parsed, { fn }: Declaration): boolean {
    if (fn === null || !('body' in fn) || !fn.body || !('start' in fn.body)) return false;
    const start = positionOf(code, fn.start);
    const end = positionOf(code, fn.body.start);
    const last = end.line === start.line ? end.column : Infinity;
    const segments = decodedMappings(this.#map)[start.line - 1] ?? [];
    return segments.some(
      (segment) => segment.length > 1 && segment[0] >= start.column - 1 && segment[0] < last,
    );
  }

  /** What an identifier was called, if the map has a segment that begins with it. */
  #nameAt(at: TextPosition, name: string): string | null {
    const segment = this.#segmentAt(at);
    if (segment?.length === 5) return this.#map.names[segment[4]] ?? null;
    // Some compilers write no names at all. A name that the source has as well was not changed.
    if (segment === null || this.#map.names.length > 0) return null;
    if (hasWord(this.#contentOf(segment[1]) ?? '', name)) return null;
    const found = IDENTIFIER.exec(this.#originalText(at))?.[0];
    return found === undefined || RESERVED.test(found) ? null : found;
  }

  /** What the author's line has from there on; empty where the map does not say exactly, or has no text. */
  #originalText(at: TextPosition): string {
    const segment = this.#segmentAt(at);
    if (segment === null) return '';
    const lines = (this.#contentOf(segment[1]) ?? '').split('\n');
    return lines[segment[2]]?.slice(segment[3]) ?? '';
  }

  #segmentAt({ line, column }: TextPosition): Exclude<SourceMapSegment, [number]> | null {
    const segment = traceSegment(this.#map, line - 1, column - 1);
    return segment === null || segment[0] !== column - 1 || segment.length === 1 ? null : [...segment];
  }

  #contentOf(source: number): string | null {
    const name = this.#map.resolvedSources[source];
    return name ? sourceContentFor(this.#map, name) : null;
  }

  #fileOf(source: string): AuthorFile {
    let found = this.#files.get(source);
    if (found === undefined) {
      const hasContent = sourceContentFor(this.#map, source) !== null;
      found = authorFile({ source, built: this.#built, folder: this.#folder, hasContent });
      this.#files.set(source, found);
    }
    return found;
  }

  #code(): Parsed | null {
    if (this.#parsed === undefined) this.#parsed = this.#text === '' ? null : parsed(this.#text);
    return this.#parsed;
  }
}

function hasWord(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const before = text[at - 1] ?? ' ';
    const after = text[at + name.length] ?? ' ';
    if (!/[\p{ID_Continue}$]/u.test(before) && !/[\p{ID_Continue}$]/u.test(after)) return true;
  }
  return false;
}
