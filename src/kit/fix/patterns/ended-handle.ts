import { around } from '../../../lint/syntax.js';
import { besideImport } from '../add-import.js';
import { Editor } from '../editor.js';
import { type Handle, handlesAt, isMeantToGoOn } from '../handles.js';
import { howItLeaves, type HandleUse, usesOfHandle } from '../handle-uses.js';
import { waitsFor, whyNotDone } from '../handle-waits.js';
import { registriesOf } from '../handle-registry.js';
import type { Attempt, DeclinedReason } from '../model.js';
import { type Clue, patchOf } from '../pattern.js';
import { declarationOf } from '../references.js';
import { lineOf, type Node, type Source, textOf } from '../source.js';
import { awaitReturns, restOf, statementOf, usedAfter, waits } from '../statements.js';
import { usesOf } from '../uses.js';

/*
 * A file, a stream, a socket, a worker or a child process that a function opens, and does not end on every path.
 *
 * Looks for: a constant of such in an async function, whose every use is over when the function is. It is ended in a
 * `finally` around the rest; where the function ends it already on some path, those calls move there. Assumes: nothing
 * needs it afterwards. Declines: where other code gets it (it is returned, kept or given away), where it works on after
 * its answer, and where another function or a condition ends it.
 */

const KINDS = /^(?:files|sockets|handles|threads|processes|streams|native|webassembly|buffers)$/;

type End = Extract<HandleUse, { does: 'end' }>;

export async function endedHandle(clue: Clue): Promise<Attempt> {
  const { source } = clue;
  const [handle, ...others] = handlesOf(clue).filter(({ fn }) => fn !== null);
  if (!handle) return null;
  if (others.length > 0)
    return {
      declined: {
        code: 'several-places',
        lines: [handle, ...others].map(({ call }) => lineOf(source, call)),
      },
    };
  const { kind, call, id, fn } = handle;
  const line = lineOf(source, call);
  const statement = id && statementOf(id);
  if (!id || !fn) return { declined: whyUnnamed(handle, line) };
  if (statement?.type !== 'VariableDeclaration')
    return { declined: { code: 'starts-on-a-condition', what: kind.noun, line } };
  const uses = usesOfHandle(id, fn, kind);
  const registries = await registriesOf(clue, handle, uses);
  if ('declined' in registries) return registries;
  const ends = uses.filter((use): use is End => use.does === 'end');
  const declined = whyNotEnded(source, handle, statement, uses) ?? whyNotDone(source, handle, uses);
  return declined
    ? { declined }
    : ended(source, { handle, statement, ends, remove: registries.remove, start: startOf(statement, uses) });
}

/** Those that are made where the diagnosis says, or that are added to the Set that it names. */
function handlesOf({ source, suspect, lines, container }: Clue): Handle[] {
  if (KINDS.test(suspect.kind)) return handlesAt(source, lines);
  if (container?.kind !== 'Set') return [];
  return usesOf(container).flatMap((use) => {
    const id = use.does === 'add' && use.value.type === 'Identifier' ? declarationOf(use.value) : null;
    return id ? handlesAt(source, [lineOf(source, id)]).filter((one) => one.id === id) : [];
  });
}

/** `pool.push(new Worker(…))` keeps it; otherwise it is only used in place, or is in a variable that may change. */
function whyUnnamed({ kind, call }: Handle, line: number): DeclinedReason {
  const isDeclared = [...around(call)].find(({ type }) => /Statement$|^VariableDeclaration$/.test(type));
  const isKept = isDeclared?.type !== 'VariableDeclaration' && howItLeaves(call) === 'kept';
  return isKept
    ? { code: 'handle-is-kept', what: kind.noun, line, at: line }
    : { code: 'handle-has-no-name', what: kind.noun, line };
}

function whyNotEnded(
  source: Source,
  handle: Handle,
  statement: Node,
  uses: readonly HandleUse[],
): DeclinedReason | null {
  const { kind, call, fn } = handle;
  const facts = { what: kind.noun, line: lineOf(source, call) };
  for (const use of uses) {
    const at = lineOf(source, use.node);
    if (use.does === 'leave')
      return use.how === 'goes on'
        ? { code: 'outlives-function', ...facts }
        : { code: `handle-is-${use.how}`, ...facts, at };
    if (use.does === 'end' && !mayMove(use, statement))
      return { code: 'ended-elsewhere', ...facts, other: at };
  }
  const goesOn = uses.every(({ does }) => does !== 'end') && isMeantToGoOn(source, handle);
  const isEndedInTime = kind.closer !== undefined || fn?.['async'] === true;
  return kind.end === '' || !isEndedInTime || fn?.['generator'] === true || goesOn
    ? { code: 'outlives-function', ...facts }
    : null;
}

/** Whether a call that ends it can move into a `finally`: it is on the function's own way, or just before a way out. */
function mayMove({ node, isNested }: End, start: Node): boolean {
  const statement = endStatement(node);
  if (isNested || !statement) return false;
  for (const outer of around(statement)) {
    if (outer.type === 'TryStatement' && isIn(statement, outer['finalizer'] as Node | null)) return false;
    if (outer === start.parent) break;
  }
  const next = restOf(statement)[0];
  return statement.parent === start.parent || /^(?:Return|Throw)Statement$/.test(next?.type ?? '');
}

const isIn = (node: Node, outer: Node | null): boolean =>
  outer !== null && outer.range[0] <= node.range[0] && node.range[1] <= outer.range[1];

/** `await file.close();` as a statement of a block. */
function endStatement(call: Node): Node | null {
  const whole = call.parent.type === 'AwaitExpression' ? call.parent : call;
  const statement = statementOf(whole);
  return statement?.type === 'ExpressionStatement' && statement['expression'] === whole ? statement : null;
}

/** The first statement after it that does more than to note it down or listen to it. */
function startOf(statement: Node, uses: readonly HandleUse[]): Node[] {
  const rest = restOf(statement);
  const isNoted = (one: Node): boolean =>
    one.type === 'ExpressionStatement' &&
    one['expression'].type === 'CallExpression' &&
    uses.some(
      ({ does, node }) =>
        (does === 'register' || (does === 'work' && /^(?:on|once)$/.test(methodOf(node)))) &&
        node === one['expression'],
    );
  const start = rest.findIndex((one) => !isNoted(one));
  return start < 0 ? [] : rest.slice(start);
}

const methodOf = ({ callee }: Node): string =>
  ((callee as Node | undefined)?.['property']?.name as string | undefined) ?? '';

interface Ending {
  handle: Handle;
  statement: Node;
  ends: readonly End[];
  /** Statements that take it out of the Sets that it is in. */
  remove: readonly string[];
  start: readonly Node[];
}

function ended(source: Source, { handle, statement, ends, remove, start }: Ending): Attempt {
  const { kind, call, id, fn } = handle;
  const facts = { what: kind.noun, line: lineOf(source, call) };
  if (!fn || !id || start.length === 0) return { declined: { code: 'outlives-function', ...facts } };
  const moved = ends.flatMap(({ node }) => endStatement(node) ?? []);
  const last = moved.find(({ parent }) => parent === statement.parent);
  let wrapped = [...start];
  if (last) {
    const between = start.slice(0, start.indexOf(last) + 1);
    const after = restOf(last);
    const used = usedAfter(between, after);
    if (!used) wrapped = between;
    else if (waits(after, fn))
      return { declined: { code: 'used-after', name: used, line: lineOf(source, last) } };
  }
  const [first] = moved;
  // It is ended as soon as it is there, so the diagnosis means something else.
  if (first && wrapped.every((one) => moved.includes(one)))
    return { declined: { code: 'ended-elsewhere', ...facts, other: lineOf(source, first) } };
  const wait = waitsFor(id, fn).at(-1);
  const editor = new Editor(source);
  if (fn['async'] === true) awaitReturns(editor, wrapped, fn);
  const name = String(id['name']);
  const end =
    kind.closer === undefined
      ? `${kind.isAwaited ? 'await ' : ''}${name}.${kind.end}();`
      : `${last ? '' : besideImport(editor, call['callee'] as Node, kind.closer)}(${name});`;
  editor.wrapInFinally(wrapped, [...remove, last ? textOf(source, last) : end], moved);
  return {
    patches: [
      patchOf(editor, {
        pattern: 'ended-handle',
        does: { code: 'ended', ...facts, on: 'finally' },
        assumptions:
          wait && kind.answers !== null && moved.length === 0
            ? [{ code: 'is-done', ...facts, at: lineOf(source, wait) }]
            : [{ code: 'ends-with-function', what: kind.noun, line: lineOf(source, fn) }],
      }),
    ],
  };
}
