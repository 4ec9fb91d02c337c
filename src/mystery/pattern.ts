import { readFile } from 'node:fs/promises';

/** The paragraphs of a specimen's comment, in their order. */
const PARAGRAPHS = ['Met', 'Case', 'Shows', 'Fix', 'Cost'] as const;
export type Paragraph = (typeof PARAGRAPHS)[number];

export interface Pattern {
  name: string;
  title: string;
  paragraphs: Record<Paragraph, string>;
  /** The line that is marked as the bug, without the mark, and the text of the mark. */
  bug: { line: string; says: string };
  leaky: string;
  fixed: string;
}

/** Reads the parts of a specimen's file. @throws Error that names a missing part. */
export async function readPattern(name: string): Promise<Pattern> {
  const source = await readFile(fileOf(name), 'utf8');
  const part = (what: string, expression: RegExp): string => {
    const found = expression.exec(source)?.[1];
    if (!found) throw new Error(`src/specimens/${name}.ts has no ${what}`);
    return found;
  };
  const comment = part('comment', /\n\/\*\n([^]*?)\n \*\/\n/).replaceAll(/^ \* ?/gm, '');
  const [title = '', ...rest] = comment.split('\n');
  const text = `\n${rest.join('\n')}`;
  const paragraph = (label: Paragraph): string => {
    const [, found] = new RegExp(`\\n${label}: ([^]*?)(?=\\n[A-Z][a-z]+: |$)`).exec(text) ?? [];
    if (!found) throw new Error(`src/specimens/${name}.ts has no paragraph "${label}:"`);
    const flat = found.replaceAll('\n', ' ').trim();
    // A case begins with the name of a repository's owner, whose spelling stays.
    return label === 'Case' ? flat : flat.charAt(0).toUpperCase() + flat.slice(1);
  };
  return {
    name,
    title,
    paragraphs: Object.fromEntries(PARAGRAPHS.map((label) => [label, paragraph(label)])) as Record<
      Paragraph,
      string
    >,
    bug: {
      line: part('marked line', /^ *(.*?) *\/\/ ← the bug: /m),
      says: part('marked line', /\/\/ ← the bug: (.*)$/m),
    },
    leaky: part('leaky half', /\n(export class Leaky[^]*?\n\}\n)/).trim(),
    fixed: part('fixed half', /\n(export class Fixed[^]*?\n\}\n)/).trim(),
  };
}

/** The source of a specimen, also where this file runs compiled. */
export const fileOf = (name: string): URL =>
  new URL(`../specimens/${name}.ts`, import.meta.url.replace('/dist/src/', '/src/'));
