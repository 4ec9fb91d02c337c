import { around, functionAround, isFunction, nameOf, propertyOf, unwrap } from '../../lint/syntax.js';
import { importedName } from './imported.js';
import type { HandleNoun } from './model.js';
import { lineAt, type Node, type Source, textOf, within } from './source.js';

/** What V8 does not count, and a call ends. */
export interface HandleKind {
  noun: HandleNoun;
  /** The methods that end it. */
  ends: RegExp;
  /** The method that a patch calls. */
  end: string;
  /** Whether that method gives a promise. */
  isAwaited: boolean;
  /**
   * Events that it has done what it was started for. Null where its own calls say so: a file is closed when its last
   * read is over, and a worker is not done when a message was sent to it.
   */
  answers: RegExp | null;
  /** The function that ends it, where it is a number that functions get; their work is done when they return. */
  closer?: string;
}

const DONE = /['"`](?:message|data|readable|end|finish|close|exit|response|change)['"`]/;
const stream: HandleKind = {
  noun: 'stream',
  ends: /^(?:destroy|close|destroySoon)$/,
  end: 'destroy',
  isAwaited: false,
  answers: null,
};
const socket: HandleKind = {
  ...stream,
  noun: 'socket',
  ends: /^(?:destroy|destroySoon|end)$/,
  answers: DONE,
};
const child: HandleKind = {
  noun: 'child process',
  ends: /^(?:kill|disconnect)$/,
  end: 'kill',
  isAwaited: false,
  answers: DONE,
};
const closed = { ends: /^close$/, end: 'close', isAwaited: false };
/** Nothing ends it but that nobody has it any more. */
const memory = { ends: /^$/, end: '', isAwaited: false, answers: null };

/** What `fs.openSync` gives, and functions such as `fs.readSync` take. */
const descriptor: HandleKind = { ...closed, noun: 'file', answers: null, closer: 'closeSync' };

const KINDS: readonly [maker: RegExp, kind: HandleKind][] = [
  [/^fs\/promises\.open$/, { ...closed, noun: 'file', isAwaited: true, answers: null }],
  [/^fs\.open(?:Sync)?$/, descriptor],
  [/^fs\.createReadStream$/, stream],
  [
    /^zlib\.create(?:Gzip|Gunzip|Unzip|Deflate(?:Raw)?|Inflate(?:Raw)?|Brotli(?:De)?[Cc]ompress|Zstd(?:De)?[Cc]ompress)$/,
    stream,
  ],
  [
    /^worker_threads\.Worker$/,
    { noun: 'worker', ends: /^terminate$/, end: 'terminate', isAwaited: true, answers: DONE },
  ],
  [/^child_process\.(?:spawn|fork)$/, child],
  [/^net\.(?:connect|createConnection|Socket)$|^tls\.connect$/, socket],
  [/^dgram\.createSocket$/, { ...closed, noun: 'socket', answers: DONE }],
  [/^tls\.createSecureContext$/, { ...memory, noun: 'TLS context' }],
  [/^WebAssembly\.(?:Memory|Instance|instantiate)$/, { ...memory, noun: 'WebAssembly memory' }],
  [/^SharedArrayBuffer$/, { ...memory, noun: 'shared buffer' }],
];

/** A call that makes one. */
export interface Handle {
  kind: HandleKind;
  call: Node;
  /** The identifier of the constant that it is in; null where it is in none. */
  id: Node | null;
  /** Null where it is made once, when the file is loaded. */
  fn: Node | null;
}

/** Those that are made at lines of a file. */
export function handlesAt(source: Source, lines: readonly number[]): Handle[] {
  const found: Handle[] = [];
  for (const call of within(source.program)) {
    if (call.type !== 'CallExpression' && call.type !== 'NewExpression') continue;
    const [from, to] = [lineAt(source.text, call.range[0]), lineAt(source.text, call.range[1])];
    if (!lines.some((line) => from <= line && line <= to)) continue;
    const name = importedName(call['callee'] as Node);
    const kind = name === null ? undefined : KINDS.find(([maker]) => maker.test(name))?.[1];
    if (kind) found.push({ kind, call, id: constantOf(call), fn: functionAround(call) });
  }
  return found;
}

function constantOf(call: Node): Node | null {
  const whole = call.parent.type === 'AwaitExpression' ? call.parent : call;
  const { parent } = whole;
  const isConstant =
    parent.type === 'VariableDeclarator' &&
    unwrap(parent['init'] as Node) === whole &&
    parent['id'].type === 'Identifier' &&
    parent.parent['kind'] === 'const' &&
    (parent.parent['declarations'] as Node[]).length === 1;
  return isConstant ? (parent['id'] as Node) : null;
}

/** Names of functions whose purpose is that something runs after them. */
const STARTS =
  /^(?:start|launch|boot|serve|listen|spawn|begin|init|setup|watch|connect)|^(?:create|make|open|get)\w*(?:Server|Worker|Child|Process|Browser|Job|Client|Socket|Connection|Session)$|[rR]eady/;
/** What a caller needs to reach something that runs. */
const REACHES = /\b(?:pid|port|url|URL|address|endpoint|socketPath)\b/;

/** Whether what a function passes on lets its caller reach something that runs. */
export const passesOnAddress = (source: Source, node: Node): boolean => REACHES.test(textOf(source, node));

/** Whether a worker, a child or a socket is meant to go on after its function, by the signs that there are. */
export function isMeantToGoOn(source: Source, { kind, call, fn }: Handle): boolean {
  if (kind.answers === null || !fn) return false;
  if ((call['arguments'] as Node[]).some((one) => propertyOf(one, 'detached') !== null)) return true;
  const name = [fn, ...around(fn)].map((one) => functionName(one)).find((one) => one !== null);
  return (
    (name !== undefined && STARTS.test(name ?? '')) ||
    [...within(fn)].some(
      (node) =>
        node.type === 'ReturnStatement' && functionAround(node) === fn && REACHES.test(textOf(source, node)),
    )
  );
}

function functionName(node: Node): string | null {
  if (!isFunction(node)) return null;
  const { parent } = node;
  const key = parent.type === 'VariableDeclarator' ? parent['id'] : parent['key'];
  return nameOf((node['id'] ?? key ?? null) as Node | null);
}
