import { HeapSnapshotError } from '../errors.js';
import { AllocationTraces } from './allocation-traces.js';
import { LocationRows } from './location-rows.js';
import { SnapshotLayout, parseMeta } from './meta.js';
import { NumberSection } from './number-section.js';
import { EdgeRows, NodeRows } from './rows.js';
import { CLOSE_BRACE, COLON, COMMA, OPEN_BRACE, QUOTE, Section, isSpace, showByte } from './section.js';
import { BytesInFile, SnapshotFile } from './string-bytes.js';
import { StringSection } from './string-section.js';
import { StringTable } from './string-table.js';
import { TraceFunctions } from './trace-functions.js';
import { TraceSection } from './trace-section.js';
import { ValueSection } from './value-section.js';
import { wantedStrings } from './wanted-strings.js';

/** What V8 writes has about 1,300 bytes. */
const MAX_META_BYTES = 1 << 20;
const MAX_KEY_BYTES = 256;

type State = 'open' | 'first-key' | 'key' | 'in-key' | 'colon' | 'value' | 'after' | 'done';

/** The parts of a snapshot, as columns. */
export interface SnapshotParts {
  layout: SnapshotLayout;
  nodes: NodeRows;
  edges: EdgeRows;
  locations: LocationRows;
  strings: StringTable;
  /** Null if the snapshot was written without allocation tracking. */
  traces: AllocationTraces | null;
  bytes: number;
}

/**
 * Parses a snapshot, given as chunks. It requires the parts in the order in which V8 writes them, so that each is checked
 * against the parts before it while it is read, and an error has its byte offset.
 */
export class SnapshotDocument {
  #state: State = 'open';
  #key = '';
  #section: Section | null = null;
  #base = 0;
  #layout: SnapshotLayout | null = null;
  #nodes: NodeRows | null = null;
  #edges: EdgeRows | null = null;
  #locations: LocationRows | null = null;
  #strings: StringTable | null = null;
  #traceFunctions: TraceFunctions | null = null;
  #traces: TraceSection | null = null;
  #seen = new Set<string>();

  constructor(
    private readonly size: number | null,
    private readonly file: SnapshotFile | null,
  ) {}

  write(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#section === null) {
        at = this.#between(chunk, at);
      } else {
        at = this.#section.write(chunk, at, this.#base);
        if (at < 0) break;
        this.#close(this.#base + at);
        this.#section = null;
        this.#state = 'after';
      }
    }
    this.#base += chunk.length;
  }

  end(): SnapshotParts {
    if (this.#state !== 'done') throw this.#truncated();
    const layout = this.#layout;
    const nodes = this.#nodes;
    const edges = this.#edges;
    const strings = this.#strings;
    if (layout === null || nodes === null || edges === null || strings === null) {
      const missing = ['snapshot', 'nodes', 'edges', 'strings'].filter((key) => !this.#seen.has(key));
      throw new HeapSnapshotError('HEAP_META', `the sections ${missing.join(', ')} are missing`, this.#base);
    }
    return {
      layout,
      nodes,
      edges,
      strings,
      locations: this.#locations ?? new LocationRows(layout),
      traces: AllocationTraces.of(nodes, this.#traces, this.#traceFunctions, strings.count),
      bytes: this.#base,
    };
  }

  #truncated(): HeapSnapshotError {
    const inside = this.#state === 'open' ? 'before its first brace' : `in or after "${this.#key}"`;
    return new HeapSnapshotError('HEAP_TRUNCATED', `the snapshot ends ${inside}`, this.#base);
  }

  /** Reads one byte outside of the sections: a brace, key, colon or comma. */
  #between(chunk: Uint8Array, at: number): number {
    const byte = chunk[at]!;
    if (this.#state === 'in-key') {
      if (byte === QUOTE) this.#state = 'colon';
      else if (this.#key.length === MAX_KEY_BYTES) throw this.#unexpected(byte, at);
      else this.#key += String.fromCodePoint(byte);
      return at + 1;
    }
    if (isSpace(byte)) return at + 1;
    if (this.#state === 'value') {
      this.#section = this.#open(this.#base + at);
      return at;
    }
    if (this.#state === 'open' && byte === OPEN_BRACE) this.#state = 'first-key';
    else if ((this.#state === 'first-key' || this.#state === 'key') && byte === QUOTE) {
      this.#state = 'in-key';
      this.#key = '';
    } else if (this.#state === 'colon' && byte === COLON) this.#state = 'value';
    else if (this.#state === 'after' && byte === COMMA) this.#state = 'key';
    else if (this.#state === 'after' && byte === CLOSE_BRACE) this.#state = 'done';
    else throw this.#unexpected(byte, at);
    return at + 1;
  }

  #unexpected(byte: number, at: number): HeapSnapshotError {
    const where = this.#state === 'open' ? 'at the start' : `after "${this.#key}"`;
    return new HeapSnapshotError('HEAP_SYNTAX', `${showByte(byte)} ${where}`, this.#base + at);
  }

  #open(offset: number): Section {
    const key = this.#key;
    if (this.#seen.has(key)) throw new HeapSnapshotError('HEAP_SYNTAX', `a second "${key}"`, offset);
    this.#seen.add(key);
    switch (key) {
      case 'snapshot':
        return new ValueSection(key, MAX_META_BYTES);
      case 'nodes': {
        const layout = this.#need('snapshot', this.#layout, offset);
        this.#nodes = new NodeRows(layout, this.size);
        return new NumberSection(key, layout.nodeWidth, this.#nodes);
      }
      case 'edges': {
        const layout = this.#need('snapshot', this.#layout, offset);
        this.#need('nodes', this.#nodes, offset);
        this.#edges = new EdgeRows(layout, this.size);
        return new NumberSection(key, layout.edgeWidth, this.#edges);
      }
      case 'locations': {
        const layout = this.#need('snapshot', this.#layout, offset);
        if (layout.location === null) return new ValueSection(key);
        this.#locations = new LocationRows(layout);
        return new NumberSection(key, layout.location.width, this.#locations);
      }
      case 'trace_function_infos': {
        const layout = this.#need('snapshot', this.#layout, offset);
        if (layout.traces === null) return new ValueSection(key);
        this.#traceFunctions = new TraceFunctions(layout.traces);
        return new NumberSection(key, layout.traces.width, this.#traceFunctions);
      }
      case 'trace_tree':
        if (this.#traceFunctions === null) return new ValueSection(key);
        return (this.#traces = new TraceSection(this.#traceFunctions));
      case 'strings': {
        const layout = this.#need('snapshot', this.#layout, offset);
        const nodes = this.#need('nodes', this.#nodes, offset);
        const edges = this.#need('edges', this.#edges, offset);
        const { file } = this;
        const bytes = file === null ? null : new BytesInFile(file);
        this.#strings = new StringTable(bytes, () =>
          wantedStrings(layout, nodes, edges, this.#traceFunctions),
        );
        return new StringSection(this.#strings);
      }
      default:
        return new ValueSection(key);
    }
  }

  #close(offset: number): void {
    const section = this.#section;
    if (this.#key === 'snapshot' && section instanceof ValueSection)
      this.#layout = parseMeta(section.text(), offset);
    else if (this.#key === 'nodes') this.#nodes?.end(offset);
    else if (this.#key === 'edges') this.#edges?.end(offset);
    else if (this.#key === 'trace_tree') this.#traces?.end(offset);
  }

  #need<T>(key: string, part: T | null, offset: number): T {
    if (part !== null) return part;
    throw new HeapSnapshotError('HEAP_SYNTAX', `"${this.#key}" comes before "${key}"`, offset);
  }
}
