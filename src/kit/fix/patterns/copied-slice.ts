import { memberName, unwrap } from '../../../lint/syntax.js';
import { isAboutSlices } from '../../advice/index.js';
import { Editor } from '../editor.js';
import type { Attempt, SuspectFacts } from '../model.js';
import { type Clue, patchOf } from '../pattern.js';
import { declarationOf } from '../references.js';
import { lineOf, type Node, textOf } from '../source.js';
import { isWrite, type Use, usesOf } from '../uses.js';

/*
 * A part of a Buffer or of a string that is stored, and retains the whole.
 *
 * Looks for: a stored value that `subarray` or `slice` returned. Assumes: nobody writes into the part to change the
 * whole. Declines: nothing. It is not this pattern where the diagnosis saw neither Buffers nor slices of strings.
 */

export function copiedSlice({ source, container, suspect }: Clue): Attempt {
  if (!container) return null;
  const stored = usesOf(container).flatMap((use) => valueOf(use) ?? []);
  const slices = stored.flatMap((value) => {
    const call = sliceOf(value);
    const type = call && typeOf(call, suspect);
    return call && type ? [{ value, call, type }] : [];
  });
  const [first] = slices;
  if (!first) return null;
  const editor = new Editor(source);
  for (const { value, type } of slices) {
    const text = textOf(source, value);
    const copy =
      type === 'string' ? `Buffer.from(${text}).toString()` : `Buffer.alloc(${text}.length, ${text})`;
    editor.replace(value, copy);
  }
  const line = lineOf(source, first.call);
  return {
    patches: [
      patchOf(editor, {
        pattern: 'copied-slice',
        does: { code: 'slice-copied', container: container.text, type: first.type, line },
        assumptions:
          first.type === 'string'
            ? [{ code: 'is-well-formed', line }]
            : [{ code: 'nobody-writes-through', line }],
      }),
    ],
  };
}

function valueOf(use: Use): Node | null {
  return isWrite(use) || use.does === 'add' || use.does === 'push' || use.does === 'unshift'
    ? use.value
    : null;
}

/** The call that cut a value, itself or through a constant. Only a name is copied: the call would run twice. */
function sliceOf(value: Node): Node | null {
  if (value.type !== 'Identifier') return null;
  const declarator = declarationOf(value)?.parent;
  if (declarator?.type !== 'VariableDeclarator' || declarator.parent['kind'] !== 'const') return null;
  const init = declarator['init'] ? unwrap(declarator['init'] as Node) : null;
  return init?.type === 'CallExpression' &&
    /^(?:subarray|slice|substring|substr)$/.test(memberName(init['callee'] as Node) ?? '')
    ? init
    : null;
}

/** What the diagnosis saw, and not only the method: arrays have `slice` as well, and it copies. */
function typeOf(call: Node, { kind, advice }: SuspectFacts): 'Buffer' | 'string' | null {
  const name = memberName(call['callee'] as Node);
  if (kind === 'buffers') return name === 'subarray' || name === 'slice' ? 'Buffer' : null;
  return isAboutSlices(advice) && name !== 'subarray' ? 'string' : null;
}
