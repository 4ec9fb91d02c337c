import { readFile, stat } from 'node:fs/promises';
import { pathOf, type Script } from '../../process/scripts.js';
import type { BuiltBy } from '../model/notes.js';
import type { SourceMaps } from './source-maps.js';

/** A larger script is minified as well, whatever its lines are. */
const LONGEST_BYTES = 8e6;
/** Code that a person wrote has lines of 30 to 60 characters on average. */
const MINIFIED_LINE = 200;

/** A script that is minified and has no map, and what built it: which option would give it one. */
export interface WithoutMap {
  file: string;
  builtBy: BuiltBy;
}

/** The first of these scripts that is minified and has no source map; null where all can be read, or have one. */
export async function withoutMap(scripts: Iterable<Script>, maps: SourceMaps): Promise<WithoutMap | null> {
  for (const script of scripts) {
    if (maps.has(script) || !maps.place(script, 1, 1).isOwn) continue;
    const file = pathOf(script.url);
    const text = await beginningOf(file).catch(() => '');
    if (text.length / text.split('\n').length >= MINIFIED_LINE) return { file, builtBy: builtBy(file, text) };
  }
  return null;
}

async function beginningOf(file: string): Promise<string> {
  return (await stat(file)).size <= LONGEST_BYTES ? readFile(file, 'utf8') : '';
}

/** By the folders of frameworks, then by what bundlers add. */
function builtBy(file: string, text: string): BuiltBy {
  if (/[\\/]\.next[\\/]/.test(file)) return 'next';
  if (/[\\/]\.(?:output|nuxt)[\\/]/.test(file)) return 'nitro';
  if (/[\\/]\.svelte-kit[\\/]/.test(file)) return 'vite';
  if (text.includes('astro:') || /astro-island/.test(text)) return 'astro';
  return /__webpack_|webpackChunk|^(?:"use strict";)?\(\(\)=>\{(?:"use strict";)?(?:var|const) \w=\{\d+:/.test(
    text,
  )
    ? 'webpack'
    : 'other';
}
