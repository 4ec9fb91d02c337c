import type { HeapGraph } from '../graph/heap-graph.js';
import { namesInCode } from '../path/names-in-code.js';

/** An identifier, also of a private field. A longer name, or one with many digits in a row, is data more often than code. */
const IDENTIFIER = /^#?[\p{ID_Start}$_][\p{ID_Continue}$]{0,63}$/u;
const MANY_DIGITS = /\d{4}/;
/** What V8 and Node call objects: `system / Map`, `(constant pool)`, `node::fs::FileHandle`. */
const ENGINE_NAME = /^[\p{ID_Start}$_(][\p{ID_Continue}$ ./:()<>#|,*&~-]{0,119}$/u;
const SYMBOL = /^<symbol (.*)>$/u;
/** Names of scripts that are files. Others, such as `data:` URLs, have the source in their name. */
const FILE_NAME = /^(?:\/|[A-Za-z]:[\\/]|file:|node:|https?:|webpack|app:|internal\/)[^?#]*$/;
const TEXT_TYPES = new Set(['string', 'concatenated string', 'sliced string', 'regexp', 'number', 'bigint']);

/**
 * Marks the strings of a snapshot that are names of code or of the engine, by index; all others may be data of the
 * program. A property is a name of code if code refers to it: dynamic properties, such as the keys of a dictionary, have
 * names that no code has. A string that is both a name of code and a value is kept, because V8 writes it once.
 */
export function namesToKeep(graph: HeapGraph): Uint8Array {
  const keep = new Uint8Array(graph.strings.count).fill(1);
  const inCode = new Set(Array.from(namesInCode(graph), (index) => graph.strings.get(index)));
  const used = new Uint8Array(graph.strings.count);
  const allow = (index: number, isName: (text: string) => boolean): void => {
    if (used[index] !== 2) used[index] = isName(graph.strings.get(index)) ? 2 : 1;
  };
  // Of texts, all are looked at once: a million of them one by one would take a minute.
  const typeNames = graph.strings.matching(isTypeName);
  const isText = graph.nodeTypes.map((type) => TEXT_TYPES.has(type));
  for (let node = 0; node < graph.nodeCount; node++) {
    const index = graph.names[node]!;
    if (used[index] === 2) continue;
    if (isText[graph.types[node]!]) used[index] = typeNames[index] === 1 ? 2 : 1;
    else allow(index, isEngineName);
  }
  for (let edge = 0; edge < graph.edgeCount; edge++) {
    if (graph.isIndexed(edge)) continue;
    const index = graph.nameNumberOf(edge);
    if (used[index] === 2) continue;
    const type = graph.edgeTypeOf(edge);
    if (type === 'context') allow(index, isIdentifier);
    else if (type === 'internal' || type === 'weak') allow(index, isInternalName);
    else allow(index, (text) => isProperty(text, inCode));
  }
  for (const { name, script } of functionsIn(graph)) {
    allow(name, (text) => isEngineName(text) || isIdentifier(text)); // also of a private method
    allow(script, (text) => FILE_NAME.test(text));
  }
  for (const index of [...scriptNames(graph), ...classTags(graph, inCode)]) used[index] = 2;
  for (const [index, use] of used.entries()) if (use === 1) keep[index] = 0;
  return keep;
}

const isIdentifier = (text: string): boolean => IDENTIFIER.test(text) && !MANY_DIGITS.test(text);
const isEngineName = (text: string): boolean =>
  text === '' || (ENGINE_NAME.test(text) && !text.includes('://'));
const isInternalName = (text: string): boolean => /^\d{1,9}$/.test(text) || isEngineName(text);
/** What V8 calls a number, or a text, whose content it does not write. */
const isTypeName = (text: string): boolean =>
  /^(?:|heap number|smi number|bigint|\((?:concatenated|sliced) string\))$/.test(text);

function isProperty(text: string, inCode: ReadonlySet<string>): boolean {
  const description = SYMBOL.exec(text)?.[1];
  if (description !== undefined)
    return description === '' || /^(?:Symbol|nodejs)\.[\w.]+$/.test(description) || inCode.has(description);
  if (text === '__proto__') return true;
  const accessor = /^(?:get|set) (.*)$/u.exec(text)?.[1];
  return isIdentifier(text) ? inCode.has(text) : accessor !== undefined && inCode.has(accessor);
}

/** The functions in recorded call stacks. */
function functionsIn({ traces }: HeapGraph): { name: number; script: number }[] {
  if (traces === null) return [];
  return Array.from({ length: traces.functions.count }, (_, index) => traces.functions.of(index));
}

/** The names of scripts that are files: the reports need them. */
function scriptNames(graph: HeapGraph): number[] {
  const code = graph.nodeType('code');
  return textsOf(graph, (node) => graph.types[node] === code, 'internal', 'name').filter((index) =>
    FILE_NAME.test(graph.strings.get(index)),
  );
}

/** `Symbol.toStringTag` is the name of a class where a minifier has shortened the other one. */
function classTags(graph: HeapGraph, inCode: ReadonlySet<string>): number[] {
  return textsOf(graph, () => true, 'property', '<symbol Symbol.toStringTag>').filter((index) => {
    const text = graph.strings.get(index);
    return isIdentifier(text.replaceAll(' ', '_')) && inCode.has(text);
  });
}

/** The names of the strings that edges of one name lead to. */
function textsOf(
  graph: HeapGraph,
  includes: (node: number) => boolean,
  type: 'internal' | 'property',
  name: string,
): number[] {
  const kind = graph.edgeType(type);
  const wanted = graph.strings.indexOf(name);
  const found = new Set<number>();
  for (let node = 0; node < graph.nodeCount; node++) {
    if (!includes(node)) continue;
    for (let edge = graph.edgeStart(node); edge < graph.edgeEnd(node); edge++) {
      if (graph.nameNumberOf(edge) !== wanted || graph.edgeKinds[edge] !== kind) continue;
      const to = graph.targetOf(edge);
      if (graph.typeOf(to) === 'string') found.add(graph.names[to]!);
    }
  }
  return [...found];
}
