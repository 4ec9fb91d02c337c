/*
 * What the source of a timer's callback says about removing entries. It is read, never run.
 */

import { escaped } from '../../../name-pattern.js';

/** Of a method: enough to see what it removes. */
const LONGEST_METHOD = 1_500;

/** Words of a callback that removes something. A report or a heartbeat uses none of them. */
export const REMOVES =
  /delete|clear|clean|evict|expire|prune|purge|sweep|remove|reset|flush|drain|trim|rotate|check|splice|shift|\.length = 0|= (?:new |\[\]|\{\})/i;

/** Also callbacks that call a method, and bound functions: what they call may remove something. */
export const MAY_REMOVE = new RegExp(
  String.raw`${REMOVES.source}|\b(?:this|self|that)\b|\[native code\]`,
  'i',
);

/** What is called on a container, or with it, to remove entries. */
const REMOVAL = String.raw`\w*(?:delete|clear|clean|evict|expire|prune|purge|sweep|remove|reset|drain|trim|rotate|shift|splice|pop)\w*`;

const USES_THIS = /\b(?:this|self|that)\b/;
/** What code calls its own object. */
export const THIS = ['this', 'self', 'that'];

export function usesThis(code: string): boolean {
  return USES_THIS.test(code);
}

/** Whether code removes entries from the container that has this name. */
export function removesFrom(code: string, name: string): boolean {
  const removal = String.raw`\??\.(?:delete|clear|shift|splice|pop|length = 0)|\s*=[^=]|\[[^\]]+\]\s*;`;
  return new RegExp(String.raw`(?:\bdelete [\w.]*|[.\s(])${escaped(name)}(?:${removal})`).test(code);
}

/**
 * Whether code that mentions a container empties it: by itself, through a function that is called with it, or while it
 * goes through its entries. A callback that moves a buffer into the container, or empties something else, does not.
 */
export function empties(code: string, name: string): boolean {
  if (removesFrom(code, name)) return true;
  const own = String.raw`(?<![\w$#])${escaped(name)}(?![\w$])`;
  const isFilled = new RegExp(String.raw`${own}(?:\.(?:set|add|push|unshift)\(|\[[^\]]+\]\s*=[^=])`).test(
    code,
  );
  if (isFilled) return false;
  if (new RegExp(String.raw`${REMOVAL}\([^()]*${own}|${own}\??\.${REMOVAL}\(`, 'i').test(code)) return true;
  const isGoneThrough = new RegExp(
    String.raw`\bof\s+[^)]*${own}|${own}\??\.(?:forEach|values|keys|entries)\(`,
  ).test(code);
  return isGoneThrough && REMOVES_EACH.test(code);
}

/** What is called for each entry that then leaves the container. */
const REMOVES_EACH =
  /\b\w*(?:delete|clear|clean|evict|expire|prune|purge|remove|destroy|close|terminate|end)\w*\(/i;

/** Methods that code calls on objects of these names. */
export function methodsCalledOn(code: string, names: readonly string[]): string[] {
  const called = new RegExp(
    String.raw`(?<![\w$.])(?:${names.map(escaped).join('|')})\??\.(#?[\w$]+)\s*\(`,
    'g',
  );
  return [...code.matchAll(called)].flatMap(([, method]) => method ?? []);
}

/** The code of a method, with what follows it; null where the class has none of this name. */
export function methodCode(classCode: string, method: string): string | null {
  const start = String.raw`(?<![\w.#])${escaped(method)}\s*(?:=[^(]*)?\([^)]*\)\s*(?:=>\s*)?\{`;
  const body = new RegExp(start).exec(classCode);
  return body === null ? null : classCode.slice(body.index, body.index + LONGEST_METHOD);
}

/** Whether a method that the code calls on its `this` removes entries from the container that has this name. */
export function calledMethodRemovesFrom(code: string, classCode: string, name: string): boolean {
  return methodsCalledOn(code, THIS).some((method) => {
    const body = methodCode(classCode, method);
    return body !== null && removesFrom(body, name);
  });
}
