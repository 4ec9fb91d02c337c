/*
 * What the source of a timer's callback says about removing entries. It is read, never run.
 */

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

const USES_THIS = /\b(?:this|self|that)\b/;
const CALLED_METHOD = /\b(?:this|self|that)\.(#?[\w$]+)\s*\(/g;

export function usesThis(code: string): boolean {
  return USES_THIS.test(code);
}

/** Whether code removes entries from the container that has this name. */
export function removesFrom(code: string, name: string): boolean {
  const removal = String.raw`\??\.(?:delete|clear|shift|splice|pop|length = 0)|\s*=[^=]|\[[^\]]+\]\s*;`;
  return new RegExp(String.raw`(?:\bdelete [\w.]*|[.\s(])${escaped(name)}(?:${removal})`).test(code);
}

/** Whether a method that the code calls on its `this` removes entries from the container that has this name. */
export function calledMethodRemovesFrom(code: string, classCode: string, name: string): boolean {
  return [...code.matchAll(CALLED_METHOD)].some(([, method]) => {
    const body = new RegExp(
      String.raw`(?<![\w.#])${escaped(method!)}\s*(?:=[^(]*)?\([^)]*\)\s*(?:=>\s*)?\{`,
    ).exec(classCode);
    return body !== null && removesFrom(classCode.slice(body.index, body.index + LONGEST_METHOD), name);
  });
}

function escaped(name: string): string {
  return name.replaceAll(/[^\w#]/g, String.raw`\$&`);
}
