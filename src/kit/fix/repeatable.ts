import { functionAround, isFunction, memberName, nameOf } from '../../lint/syntax.js';
import { bodyOf, isPure, originOf } from './loads.js';
import { declarationOf } from './references.js';
import { isInside, type Node, type Source, textOf, within } from './source.js';

/*
 * Whether a call can be made again where its result was forgotten. A call that loads, computes or compiles can; one that
 * places an order, takes a lock or assigns a number cannot. Its name has to say so, or its code.
 */

/** Words of names that say that something is looked up or computed. */
const LOADS = new Set(
  (
    'load find fetch get read query select look lookup search list resolve retrieve request compile parse render ' +
    'compute calc calculate format translate decode encode transform convert describe stat lstat require ' +
    'download count sum hash digest build derive extract normalize normalise tokenize tokenise analyze analyse ' +
    'evaluate scan show view reverse geocode highlight minify sanitize optimize serialize deserialize stringify ' +
    'introspect verify validate detect classify predict score estimate filter sort group aggregate of by exists'
  ).split(' '),
);
/** Whole names that say so. */
const WHOLE_NAMES = /^(?:one|first|all|single|axios|got|ky|superagent|needle|marked|ms|knex|ofetch)$/;
/** Words of names that say that something happens, where they come first or after one of `BEFORE_ACTS`: an order may be found. */
const ACTS = new Set(
  (
    'make new open connect start stop spawn launch begin end finish complete close pop push take claim consume redeem ' +
    'exchange lock unlock reserve book order charge pay buy sell capture refund transfer withdraw deposit spend send ' +
    'post put patch publish add submit mark sign issue join login assign place ship pick choose draw roll shuffle rotate ' +
    'increase decrease inc dec bump advance tick touch apply commit execute perform process handle dispatch trigger fire ' +
    'emit write store save update set move cancel approve reject grant revoke invite notify enroll vote follow upload use'
  ).split(' '),
);
const BEFORE_ACTS = /^(?:and|or|request|do|try|run|then)$/;
/** The same, wherever they are. */
const ALWAYS_ACTS =
  /^(?:create|register|subscribe|acquire|allocate|generate|next|random|dequeue|enqueue|insert|delete|remove|increment|once)$/;
/** What is used by changing it: forgetting one and making another loses what it knows. A room that is found is data. */
const HAS_STATE =
  /^(?:lock|mutex|semaphore|queue|channel|room|emitter|bus|socket|connection|pool|client|worker|job|subscription|counter|sequence|limiter|bucket|breaker|actor|timer|lease|nonce|otp)s?$/;
const FINDS = /^(?:load|find|fetch|read|query|select|search|lookup|retrieve|list|download)$/;
/** `fetch(url, { method: 'POST' })` */
const SENDS = /\bmethod:\s*[`'"](?:post|put|patch|delete)\b/i;
/** A statement of SQL that only reads. */
const SELECTS = /^[`'"]\s*(?:select|with|show|explain)\b/i;
/** These change nothing but what they are called on. */
const GLOBALS =
  /^(?:Math|JSON|Object|Array|String|Number|Boolean|BigInt|Symbol|Reflect|Intl|Buffer|console|path|url|util|URL|Date)$/;
const FUNCTIONS =
  /^(?:String|Number|Boolean|BigInt|parseInt|parseFloat|encodeURIComponent|decodeURIComponent|structuredClone|sleep|delay|wait|setTimeout|setImmediate|promisify|createHash|update|basename|dirname|join)$/;
const METHODS = new Set(
  [String, Array, Number, Date, RegExp, Promise, Map, Set].flatMap((one) =>
    Object.getOwnPropertyNames(one.prototype),
  ),
);
const CHANGING_METHODS =
  /^(?:push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin|add|delete|clear|set\w*)$/;
/** How many calls deep functions of the file are read. */
const DEEPEST = 3;

export function isRepeatable(source: Source, call: Node): boolean {
  if (call.type !== 'CallExpression') return true; // `new RegExp(text)` and `import(file)`
  if (!givenWhatMayBeMadeAgain(source, call)) return false;
  const isNamed = isNamedLoad(source, call);
  const body = bodyOf(call);
  if (isNamed) return body === null || !makesState(body);
  return body !== null && !acts(call) && !makesState(body) && changesNothing(source, body, DEEPEST);
}

/**
 * What a call gets has to come again as well: `toReceipt(await gateway.execute(order))`. What is not waited for is taken
 * for a computation, unless its name says more.
 */
function givenWhatMayBeMadeAgain(source: Source, call: Node): boolean {
  const origins = (call['arguments'] as Node[])
    .filter((one) => one.type !== 'SpreadElement' && !isFunction(one))
    .flatMap((one) => originOf(one));
  return origins.every((one) => {
    if (one.from !== 'call' || one.call.type !== 'CallExpression') return true;
    const isAwaited = /^(?:Await|Array)Expression$/.test(one.call.parent.type); // also in `Promise.all([…])`
    const isComputed = !acts(one.call) && (bodyOf(one.call) !== null || !isAwaited);
    return (
      (isComputed || isNamedLoad(source, one.call) || isHarmlessCall(source, one.call, one.call, DEEPEST)) &&
      givenWhatMayBeMadeAgain(source, one.call)
    );
  });
}

const nameOfCall = (call: Node): string => {
  const callee = call['callee'] as Node;
  return memberName(callee) ?? nameOf(callee) ?? '';
};

/** Whether the name of a call says that something happens, or that it gives something with a state of its own. */
function acts(call: Node): boolean {
  const words = wordsOf(nameOfCall(call));
  const isAct = words.some(
    (word, at) =>
      ALWAYS_ACTS.test(word) || (ACTS.has(word) && (at === 0 || BEFORE_ACTS.test(words[at - 1] ?? ''))),
  );
  return isAct || (words.some((word) => HAS_STATE.test(word)) && !words.some((word) => FINDS.test(word)));
}

function isNamedLoad(source: Source, call: Node): boolean {
  if (acts(call) || SENDS.test(textOf(source, call))) return false;
  const [first] = call['arguments'] as Node[];
  return (
    WHOLE_NAMES.test(nameOfCall(call)) ||
    wordsOf(nameOfCall(call)).some((word) => LOADS.has(word)) ||
    (first !== undefined && SELECTS.test(textOf(source, first)))
  );
}

const wordsOf = (name: string): string[] =>
  name
    .split(/[_$#]|(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());

/** Whether a function returns something that it makes of nothing but its parameters, such as `new Mutex(id)`. */
function makesState(fn: Node): boolean {
  return [...within(fn)].some(
    (node) =>
      node.type === 'NewExpression' &&
      !isPure(node) &&
      isGivenBack(node, fn) &&
      ![...within(node)].some(({ type }) => type === 'CallExpression' || type === 'AwaitExpression'),
  );
}

const isHarmlessClass = (node: Node): boolean =>
  isPure(node) || /(?:Error|Promise|Array)$/.test(nameOf(node['callee'] as Node) ?? '');

const isLocalCollection = (node: Node): boolean =>
  /^(?:Weak)?(?:Map|Set)$/.test(nameOf(node['callee'] as Node) ?? '');

function isGivenBack(node: Node, fn: Node): boolean {
  if (isHarmlessClass(node) || functionAround(node) !== fn) return false;
  for (let at = node; at !== fn; at = at.parent)
    if (
      at.type === 'ReturnStatement' ||
      (at.parent === fn && fn['body'] === at && at.type !== 'BlockStatement')
    )
      return true;
  return false;
}

/** Whether a function changes nothing but its own variables, as far as its file shows. */
function changesNothing(source: Source, fn: Node, deep: number): boolean {
  return [...within(fn)].every((node) => {
    switch (node.type) {
      case 'AssignmentExpression':
        return isOwn(node['left'] as Node, fn);
      case 'UpdateExpression':
        return isOwn(node['argument'] as Node, fn);
      case 'UnaryExpression':
        return node['operator'] !== 'delete' || isOwn(node['argument'] as Node, fn);
      case 'NewExpression':
        return isHarmlessClass(node) || (isLocalCollection(node) && !isGivenBack(node, fn));
      case 'CallExpression':
        return isHarmlessCall(source, node, fn, deep);
      default:
        return true;
    }
  });
}

function isOwn(target: Node, fn: Node): boolean {
  let at = target;
  while (at.type === 'MemberExpression') at = at['object'] as Node;
  const declared = at.type === 'Identifier' ? declarationOf(at) : null;
  return declared !== null && isInside(declared, fn);
}

/** @param fn the function whose own variables it may change */
function isHarmlessCall(source: Source, call: Node, fn: Node, deep: number): boolean {
  const callee = call['callee'] as Node;
  const object = callee.type === 'MemberExpression' ? nameOf(callee['object'] as Node) : null;
  const name = memberName(callee) ?? nameOf(callee) ?? '';
  if ((object !== null && GLOBALS.test(object)) || FUNCTIONS.test(name)) return true;
  const body = bodyOf(call);
  if (body !== null) return deep > 0 && changesNothing(source, body, deep - 1);
  if (isNamedLoad(source, call)) return true;
  if (callee.type !== 'MemberExpression' || !METHODS.has(name)) return false;
  return !CHANGING_METHODS.test(name) || isOwn(callee, fn);
}
