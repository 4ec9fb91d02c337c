/** A name of a program as the source of a regular expression: it may have `$`, and that of a symbol any character. */
export function escaped(name: string): string {
  return name.replaceAll(/[^\w#]/g, String.raw`\$&`);
}

/** Where code has this name, and not as a part of another: `\b` does not end a name with `$`. */
export function wholeName(name: string): string {
  return String.raw`(?<![\w$])${escaped(name)}(?![\w$])`;
}
