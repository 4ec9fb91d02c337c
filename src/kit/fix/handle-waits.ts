import { around, functionAround, isFunction, memberName, nameOf } from '../../lint/syntax.js';
import type { HandleUse } from './handle-uses.js';
import type { Handle } from './handles.js';
import { bodyOf } from './loads.js';
import type { DeclinedReason } from './model.js';
import { declarationOf, referencesTo } from './references.js';
import { isInside, lineOf, type Node, type Source, textOf, within } from './source.js';
import { promisesIn } from './statements.js';

/* Whether a function waits until what it opened has done its work: without that, an end after it would come too early. */

/** Its end, for which nothing but its end is awaited. */
const ITS_END = /['"`](?:exit|close)['"`]/;
const ANSWER = /['"`](?:message|data|readable|end|finish|response|change)['"`]/;
/** All of its output. */
const ALL = /['"`](?:end|close|exit|finish)['"`]|\b(?:finished|pipeline)\b/;
/** It is there, and has not begun. */
const READY = /\b(?:\w+[rR]eady|ready\w*|started|accepted|online|spawned|connected|listening|jobId)\b/;
/** Where its end is not the only way out. */
const OR_SOONER = /\b(?:race|any|signal|timeout|setTimeout)\b/;
const CONSUMES = /^(?:data|readable)$/;

/** @param uses those of the function that opened it */
export function whyNotDone(
  source: Source,
  { kind, call, id, fn }: Handle,
  uses: readonly HandleUse[],
): DeclinedReason | null {
  if (!fn || !id) return null;
  const facts = { what: kind.noun, line: lineOf(source, call) };
  const waits = waitsFor(id, fn);
  const last = waits.at(-1);
  const isAll = last?.type === 'ForOfStatement';
  const text = last ? textWith(source, last, fn) : '';
  const consumer = uses.find(({ node }) => isConsumer(node) && !waits.some((wait) => isInside(node, wait)));
  if (consumer && !isAll && !ALL.test(text)) return { code: 'outlives-function', ...facts };
  if (uses.some(({ does }) => does === 'end')) return null;
  if (kind.answers === null) {
    // A file waits for its own reads; what is compressed or read as a stream does not.
    return kind.noun === 'file' || last ? null : { code: 'outlives-function', ...facts };
  }
  if (!last || READY.test(text) || !(isAll || kind.answers.test(text)))
    return { code: 'outlives-function', ...facts };
  if (isEndAlone(source, last, fn))
    return { code: 'waits-for-its-end', what: kind.noun, line: lineOf(source, last) };
  const later = uses.some(
    ({ does, node }) =>
      does === 'work' &&
      node.type === 'CallExpression' &&
      node.range[0] > last.range[1] &&
      !isListening(node),
  );
  return later ? { code: 'outlives-function', ...facts } : null;
}

/** What a function waits for that has to do with a variable, itself or through a constant, in the order of the text. */
export function waitsFor(declared: Node, fn: Node): Node[] {
  const isAbout = (node: Node): boolean =>
    [...within(node)].some((one) => {
      if (one.type !== 'Identifier') return false;
      const found = declarationOf(one);
      if (found === declared) return true;
      const init = found?.parent.type === 'VariableDeclarator' ? (found.parent['init'] as Node | null) : null;
      return (
        init !== null &&
        found !== null &&
        functionAround(found) === fn &&
        [...within(init)].some((part) => part.type === 'Identifier' && declarationOf(part) === declared)
      );
    });
  return [...within(fn)].filter((node) => {
    if (functionAround(node) !== fn) return false;
    if (node.type === 'AwaitExpression') return isAbout(node['argument'] as Node);
    if (node.type === 'ForOfStatement') return node['await'] === true && isAbout(node['right'] as Node);
    return node.type === 'ReturnStatement' && promisesIn(node['argument'] as Node | null).some(isAbout);
  });
}

/** The text of what is waited for, with that of the constants and the functions of this file that it names. */
function textWith(source: Source, wait: Node, fn: Node): string {
  const texts = [textOf(source, wait)];
  for (const node of within(wait)) {
    const found = node.type === 'Identifier' ? declarationOf(node) : null;
    if (found?.parent.type === 'VariableDeclarator' && functionAround(found) === fn)
      texts.push(textOf(source, found.parent));
    const body = node.type === 'CallExpression' ? bodyOf(node) : null;
    if (body) texts.push(textOf(source, body));
  }
  return texts.join('\n');
}

/** `once(child, 'exit')`, and a promise that only a listener of its end resolves. */
function isEndAlone(source: Source, wait: Node, fn: Node): boolean {
  const text = textWith(source, wait, fn);
  if (OR_SOONER.test(text)) return false;
  const events = eventsThatResolve(wait);
  return events.length > 0
    ? events.every((event) => event === 'exit' || event === 'close')
    : ITS_END.test(text) && !ANSWER.test(text);
}

/** The events whose listeners resolve a promise that is made in a node. */
function eventsThatResolve(wait: Node): (string | null)[] {
  const executor = [...within(wait)].find(
    (node) => isFunction(node) && nameOf((node.parent['callee'] ?? null) as Node | null) === 'Promise',
  );
  const resolve = executor?.['params'][0] as Node | undefined;
  return resolve?.type === 'Identifier' ? referencesTo(resolve).map((one) => eventAround(one)) : [];
}

function eventAround(node: Node): string | null {
  const call = [...around(node)].find((one) => isListening(one));
  const event = call?.['arguments'][0] as Node | undefined;
  return event?.type === 'Literal' ? String(event['value']) : null;
}

/** Whether a use listens to what it puts out. */
function isConsumer(node: Node): boolean {
  if (!isListening(node)) return false;
  const event = node['arguments'][0] as Node | undefined;
  return CONSUMES.test(String(event?.['value']));
}

const isListening = (node: Node): boolean =>
  node.type === 'CallExpression' &&
  /^(?:on|once|off|addListener|removeListener|removeAllListeners)$/.test(
    memberName(node['callee'] as Node) ?? '',
  );
