import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suspectKinds, type SuspectKind } from '../../src/kit/advice/index.js';

/** A small service with a published leak, or a healthy one, and the right answer about it. */
export interface Case {
  /** The name of its file, without the extension. */
  name: string;
  file: string;
  verdict: 'leak' | 'bounded';
  /** What is wrong with it, or what looks wrong. */
  says: string;
  /** Where it is described: issues, pull requests, advisories, documentation. */
  source: string[];
  /** The packages that it needs, at exact versions. */
  dependencies: Record<string, string>;
  /** The number of requests that the verdict needs; null to leave it to the command. */
  requests: number | null;
  /** True if a bound or a cleanup is not reached within these requests: memory alone cannot tell it from a leak. */
  filling: boolean;
  /** Where the case is an application that is built and started by its own means. */
  app: App | null;
  /** Where the case is one of the ways to launch a service. */
  launch: Launch | null;
  /** For a leak: which first suspect is right. */
  suspect: { kinds: SuspectKind[]; named: RegExp } | null;
}

/** An application of a framework, in a folder of `apps/`: how it is built and started. */
export interface App {
  /** Arguments of node; none where nothing has to be built. */
  build: string[] | null;
  /** Arguments of node; `{port}` is replaced, and the variable `PORT` is set as well. */
  start: string[];
  /** What is asked for; `{n}` is replaced by a running number. */
  path: string;
}

/** One of the ways to launch a service, of `launches/launches.json`: how it is built, started and pointed at. */
export interface Launch {
  build?: string[];
  /** The program and its arguments. */
  start: string[];
  /** What the command is given: the URL alone, or also the pid of what was started, or of its first child. */
  by: 'url' | 'pid' | 'child';
  /** Beside `PORT`; `{folder}` is where it runs. */
  env?: Record<string, string>;
  /** `{port}` is replaced. */
  url?: string;
  /** Further options of the command; `{folder}` and `{tls}` are replaced. */
  options?: string[];
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

/** The services are not compiled: they are beside the source of this file. */
const here = fileURLToPath(new URL('.', import.meta.url)).replace(/\/dist\/test\//, '/test/');

/** All cases, or those with these names. @throws Error for an unknown name or a wrong header */
export function readCases(names: readonly string[]): Case[] {
  const all = [...casesIn('leaking', 'leak'), ...casesIn('healthy', 'bounded')];
  for (const name of names) {
    if (!all.some((one) => one.name === name)) {
      throw new Error(`there is no case ${name}; there are ${all.map((one) => one.name).join(', ')}`);
    }
  }
  return names.length === 0 ? all : all.filter((one) => names.includes(one.name));
}

/**
 * A fixed third of the cases: every third one, so that leaks and healthy services are in each.
 *
 * @param third `1/3`, `2/3` or `3/3`
 * @throws Error for another text
 */
export function thirdOf(cases: readonly Case[], third: string): Case[] {
  const [, number] = /^([123])\/3$/.exec(third) ?? [];
  if (number === undefined) throw new Error(`--third must be 1/3, 2/3 or 3/3, not ${JSON.stringify(third)}`);
  return cases.filter((_, index) => index % 3 === Number(number) - 1);
}

/**
 * A fixed tenth of the cases, which CI runs: leaks that hundreds of requests show, and healthy services of each kind.
 * None depends on how fast the machine is.
 */
const TENTH = new Set([
  'audit-static-rows',
  'axios-cancel-token',
  'express-session-memory',
  'graphql-tag-documents',
  'mem-max-age',
  'orders-deadline',
  'outside-unref-watchers',
  'outbox-max-id',
  'prom-client-labels',
  'winston-exception-handlers',
  'fifo-map',
  'lru-full',
  'ring',
  'session-prune',
  'static-data',
  'transports-closed',
  'pages-by-minute',
  'reservations-expire',
  'warm-up',
  'weak-map',
]);

export const tenthOf = (cases: readonly Case[]): Case[] => cases.filter(({ name }) => TENTH.has(name));

function casesIn(folder: string, verdict: Case['verdict']): Case[] {
  return readdirSync(join(here, folder))
    .toSorted()
    .map((file) => readCase(join(here, folder, file), file.replace(/\.[cm]js$/, ''), verdict));
}

/** A case begins with a JSON comment: what it needs, and the right answer. */
function readCase(file: string, name: string, verdict: Case['verdict']): Case {
  const json = /^\/\* corpus\n([^]*?)\*\//.exec(readFileSync(file, 'utf8'))?.[1];
  if (json === undefined) throw new Error(`${file} must begin with its header, "/* corpus"`);
  const header = JSON.parse(json) as Header;
  const { says, source = [], dependencies = {}, requests = REQUESTS, filling = false, suspect } = header;
  for (const kind of suspect?.kinds ?? []) {
    if (!suspectKinds.includes(kind)) throw new Error(`${file}: ${kind} is not a kind of suspect`);
  }
  if ((verdict === 'leak') !== Boolean(suspect)) {
    throw new Error(`${file}: a leaking case must have a suspect, and a healthy one must not`);
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
    app: null,
    launch: null,
    suspect: suspect ? { kinds: suspect.kinds, named: new RegExp(suspect.named, 'i') } : null,
  };
}

interface AppHeader extends Omit<Header, 'filling' | 'source'> {
  build?: string[];
  start: string[];
  path: string;
}

/**
 * Applications of published frameworks, each twice: healthy, and with a leak where their users would put one.
 *
 * @param names of applications; none for all @throws Error for an unknown name or a wrong header
 */
export function readApps(names: readonly string[]): Case[] {
  const all = readdirSync(join(here, 'apps')).toSorted();
  const unknown = names.find((name) => !all.includes(name));
  if (unknown !== undefined)
    throw new Error(`there is no application ${unknown}; there are ${all.join(', ')}`);
  return (names.length === 0 ? all : names).flatMap((name) => {
    const file = join(here, 'apps', name);
    const header = JSON.parse(readFileSync(join(file, 'app.json'), 'utf8')) as AppHeader;
    const { says, dependencies = {}, requests = REQUESTS, suspect, build = null, start, path } = header;
    if (!suspect) throw new Error(`${file}: an application must have a suspect`);
    const shared = { name, file, says, source: [], dependencies, requests, filling: false, launch: null };
    const app = { build, start, path };
    const right = { kinds: suspect.kinds, named: new RegExp(suspect.named) };
    return [
      { ...shared, verdict: 'bounded', app, suspect: null },
      { ...shared, verdict: 'leak', app, suspect: right },
    ];
  });
}

interface LaunchEntry extends Launch {
  name: string;
  says: string;
  dependencies?: Record<string, string>;
  /** What the name of the first suspect matches; the Map of `orders.mjs` if there is none. */
  named?: string;
}

/**
 * The ways to launch a service, each twice: healthy, and with a leak.
 *
 * @param names of launches; none for all @throws Error for an unknown name
 */
export function readLaunches(names: readonly string[]): Case[] {
  const file = join(here, 'launches');
  const all = JSON.parse(readFileSync(join(file, 'launches.json'), 'utf8')) as LaunchEntry[];
  const unknown = names.find((name) => !all.some((one) => one.name === name));
  if (unknown !== undefined)
    throw new Error(`there is no launch ${unknown}; there are ${all.map(({ name }) => name).join(', ')}`);
  const chosen = names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
  return chosen.flatMap(({ name, says, dependencies = {}, named = 'trail \\(Map', ...launch }) => {
    const shared = { name, file, says, source: [], dependencies, requests: null, filling: false };
    const right = { kinds: ['container' as const], named: new RegExp(named) };
    return [
      { ...shared, verdict: 'bounded' as const, app: null, launch, suspect: null },
      { ...shared, verdict: 'leak' as const, app: null, launch, suspect: right },
    ];
  });
}
