/*
 * Names of C++ as compilers write them into symbols (Itanium C++ ABI, section 5.1). Names of classes and functions are
 * read; arguments of templates are shown where they are names themselves, without `const`, and as `…` otherwise; parameters of functions
 * are left out. A name in any other shape is null, so that nothing wrong is shown.
 */

/** What a symbol is the name of. */
export interface ReadName {
  name: string;
  /** Whether the symbol is a table of virtual functions: an object of that class begins with a pointer into it. */
  isVtable: boolean;
}

/** A symbol in words; null for a name of C++ that is not understood. A name of C is itself. */
export function readName(symbol: string): ReadName | null {
  // Copies that the compiler made of a function or a static variable: `TLS_method_data.24`, `f.constprop.0`.
  const plain = symbol.replace(/(@.*|(\.(\d+|constprop|part|isra|lto_priv|cold|llvm))+)$/, '');
  if (!plain.startsWith('_Z')) return /^[A-Za-z_]\w*$/.test(plain) ? { name: plain, isVtable: false } : null;
  const isVtable = plain.startsWith('_ZTV');
  if (/^_Z[TG]/.test(plain) && !isVtable) return null;
  const name = new Reader(plain, isVtable ? 4 : 2).encoded(isVtable);
  return name === null ? null : { name, isVtable };
}

const STANDARD: Readonly<Record<string, string>> = {
  St: 'std',
  Sa: 'std::allocator',
  Sb: 'std::basic_string',
  Ss: 'std::string',
  Si: 'std::istream',
  So: 'std::ostream',
};
const LONGEST = 120;
const DEEPEST = 12;

class Reader {
  /** The first part of the whole name, such as `node`: `S_` stands for it. */
  private first: string | null = null;
  private isFirstRead = false;

  constructor(
    private readonly text: string,
    private at: number,
  ) {}

  /** A name; of a table nothing may follow it. */
  encoded(isWhole: boolean): string | null {
    const name = this.name(0);
    if (name === null || name.length > LONGEST) return null;
    return isWhole && this.at !== this.text.length ? null : name;
  }

  private name(depth: number): string | null {
    if (depth > DEEPEST) return null;
    if (this.take('N')) return this.nested(depth);
    const isStandard = this.take('St');
    const name = this.sourceName();
    if (name === null) return null;
    const args = this.peek('I') ? this.templateArgs(depth) : '';
    return args === null ? null : `${isStandard ? 'std::' : ''}${name}${args}`;
  }

  private nested(depth: number): string | null {
    while (this.take('K') || this.take('V') || this.take('r') || this.take('R') || this.take('O'));
    const parts: string[] = [];
    for (;;) {
      if (this.take('E')) return parts.length === 0 ? null : parts.join('::');
      const part = this.part(depth, parts);
      if (part === null) return null;
      if (part !== '') parts.push(part);
    }
  }

  /** One step of a nested name; empty for arguments, which are added to the step before. */
  private part(depth: number, parts: string[]): string | null {
    if (this.peek('I')) {
      const args = this.templateArgs(depth);
      if (args === null || parts.length === 0) return null;
      parts.push(`${parts.pop()}${args}`);
      return '';
    }
    if (this.take('L')) return '';
    const tor = /^[CD][0-5]/.exec(this.text.slice(this.at, this.at + 2))?.[0];
    if (tor) {
      this.at += 2;
      const last = parts.at(-1)?.replace(/<.*$/, '');
      return last === undefined ? null : `${tor.startsWith('D') ? '~' : ''}${last}`;
    }
    const name = this.peek('S') ? this.substitution() : this.sourceName();
    if (depth === 0 && parts.length === 0 && !this.isFirstRead) {
      this.isFirstRead = true;
      if (name && !/^(std|…|_GLOBAL__N_)/.test(name)) this.first = name;
    }
    // A namespace without a name.
    return name?.startsWith('_GLOBAL__N_') ? '' : name;
  }

  private sourceName(): string | null {
    const digits = /^[1-9]\d{0,3}/.exec(this.text.slice(this.at, this.at + 5))?.[0];
    if (digits === undefined) return null;
    const from = this.at + digits.length;
    const name = this.text.slice(from, from + Number(digits));
    if (name.length < Number(digits) || !/^[A-Za-z_][\w.$]*$/.test(name)) return null;
    this.at = from + name.length;
    const tag = this.take('B') ? this.sourceName() : '';
    return tag === null ? null : name;
  }

  /** Of the standard library it is known; of what was named before, it is `…`. */
  private substitution(): string | null {
    const known = STANDARD[this.text.slice(this.at, this.at + 2)];
    if (known !== undefined) {
      this.at += 2;
      return known;
    }
    const back = /^S[0-9A-Z]*_/.exec(this.text.slice(this.at, this.at + 6))?.[0];
    if (back === undefined) return null;
    this.at += back.length;
    return back === 'S_' && this.first !== null ? this.first : '…';
  }

  private templateArgs(depth: number): string | null {
    this.at += 1;
    const args: string[] = [];
    while (!this.take('E')) {
      const arg = this.templateArg(depth + 1);
      if (arg === null) return null;
      args.push(arg);
    }
    return `<${shortened(args)}>`;
  }

  private templateArg(depth: number): string | null {
    if (depth > DEEPEST || this.at >= this.text.length) return null;
    if (this.take('L')) return this.literal(depth);
    if (this.take('J')) {
      while (!this.take('E')) if (this.templateArg(depth + 1) === null) return null;
      return '…';
    }
    let pointers = '';
    for (;;) {
      if (this.take('P')) pointers = `${pointers}*`;
      else if (!(this.take('R') || this.take('O') || this.take('K') || this.take('V'))) break;
    }
    const type = this.type(depth);
    return type === null ? null : `${type}${pointers}`;
  }

  private type(depth: number): string | null {
    const letter = this.text[this.at] ?? '';
    const builtIn = BUILT_IN[letter];
    if (builtIn !== undefined) {
      this.at += 1;
      return builtIn;
    }
    if (this.take('F')) {
      while (!this.take('E')) if (this.templateArg(depth + 1) === null) return null;
      return '…';
    }
    if (letter !== 'S' || this.text.startsWith('St', this.at)) return this.name(depth + 1);
    const name = this.substitution();
    if (name === null || !this.peek('I')) return name;
    const args = this.templateArgs(depth + 1);
    return args === null ? null : `${name}${args}`;
  }

  /** A value: its type, and what it is. */
  private literal(depth: number): string | null {
    if (!this.take('_Z') && this.type(depth + 1) === null) return null;
    const value = /^n?\d*/.exec(this.text.slice(this.at, this.at + 20))?.[0] ?? '';
    this.at += value.length;
    return this.take('E') ? '…' : null;
  }

  private peek(letters: string): boolean {
    return this.text.startsWith(letters, this.at);
  }

  private take(letters: string): boolean {
    if (!this.peek(letters)) return false;
    this.at += letters.length;
    return true;
  }
}

const BUILT_IN: Readonly<Record<string, string>> = {
  v: 'void',
  b: 'bool',
  c: 'char',
  a: 'signed char',
  h: 'unsigned char',
  s: 'short',
  t: 'unsigned short',
  i: 'int',
  j: 'unsigned',
  l: 'long',
  m: 'unsigned long',
  x: 'long long',
  y: 'unsigned long long',
  f: 'float',
  d: 'double',
};

/** What comes after the first argument hardly ever says more. */
function shortened([first = '', ...others]: readonly string[]): string {
  return others.length === 0 || first === '…' ? first : `${first}, …`;
}
