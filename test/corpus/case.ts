import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suspectKinds, type SuspectKind } from '../../src/kit/advice/index.js';

/** A small service that nobody here wrote the leak of, and the right answer about it. */
export interface Case {
  /** Of its file, without the ending. */
  name: string;
  file: string;
  verdict: 'leak' | 'bounded';
  /** What is wrong with it, or what looks wrong. */
  says: string;
  /** Where that was said: issues, pull requests, advisories, documentation. */
  source: string[];
  /** Packages it needs, at the very versions. */
  dependencies: Record<string, string>;
  /** Enough for the verdict. */
  requests: number;
  /** Below its bound, or not swept yet, when these requests are over: by memory alone it is a leak. */
  filling: boolean;
  /** Of a leak: what an engineer who knows the answer would accept of the first suspect. */
  suspect: { kinds: SuspectKind[]; named: RegExp } | null;
}

interface Header {
  says: string;
  source?: string[];
  dependencies?: Record<string, string>;
  requests?: number;
  filling?: boolean;
  suspect?: { kinds: SuspectKind[]; named: string };
}

/** Twenty rounds of five hundred: the fewest that show a leak of 50 bytes beside a warm-up. */
const REQUESTS = 10_000;

/** The services themselves are not compiled: they stand beside the source of this file. */
const here = fileURLToPath(new URL('.', import.meta.url)).replace(/\/dist\/test\//, '/test/');

/** All cases, or those asked for. @throws Error that names a case which does not exist or a header that is wrong. */
export function readCases(names: readonly string[]): Case[] {
  const all = [...casesIn('leaking', 'leak'), ...casesIn('healthy', 'bounded')];
  for (const name of names) {
    if (!all.some((one) => one.name === name)) {
      throw new Error(`there is no case ${name}; there are ${all.map((one) => one.name).join(', ')}`);
    }
  }
  return names.length === 0 ? all : all.filter((one) => names.includes(one.name));
}

function casesIn(folder: string, verdict: Case['verdict']): Case[] {
  return readdirSync(join(here, folder))
    .toSorted()
    .map((file) => readCase(join(here, folder, file), file.replace(/\.[cm]js$/, ''), verdict));
}

/** A case begins with a comment of JSON: what it needs and what the right answer is. */
function readCase(file: string, name: string, verdict: Case['verdict']): Case {
  const json = /^\/\* corpus\n([^]*?)\*\//.exec(readFileSync(file, 'utf8'))?.[1];
  if (json === undefined) throw new Error(`${file} does not begin with "/* corpus", its header`);
  const header = JSON.parse(json) as Header;
  const { says, source = [], dependencies = {}, requests = REQUESTS, filling = false, suspect } = header;
  for (const kind of suspect?.kinds ?? []) {
    if (!suspectKinds.includes(kind)) throw new Error(`${file}: ${kind} is not a kind of suspect`);
  }
  if ((verdict === 'leak') !== Boolean(suspect)) {
    throw new Error(`${file}: a leaking case has a suspect, a healthy one has none`);
  }
  return {
    name,
    file,
    verdict,
    says,
    source,
    dependencies,
    requests,
    filling,
    suspect: suspect ? { kinds: suspect.kinds, named: new RegExp(suspect.named, 'i') } : null,
  };
}
