import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { unifiedDiff } from './diff.js';
import type { Patch } from './model.js';

/** A patch of an installed package, in the form of patch-package: it is applied again after each installation. */
export interface PackagePatch {
  /** `patches/NAME+VERSION.patch` in the project, absolute. */
  file: string;
  name: string;
  text: string;
}

/** Null for a file of the project itself. */
export function packagePatch(root: string, { file, before, after }: Patch): PackagePatch | null {
  const path = relative(root, file).split(sep).join('/');
  const found = /^(?<folder>(?:.*\/)?node_modules\/(?<name>(?:@[^/]+\/)?[^/]+))\//.exec(path)?.groups;
  if (!found?.['folder'] || !found['name']) return null;
  const { version } = JSON.parse(readFileSync(join(root, found['folder'], 'package.json'), 'utf8')) as {
    version: string;
  };
  // A package inside another one is named after both: `outer++inner+1.0.0.patch`.
  const names = found['folder'].split(/(?:^|\/)node_modules\//).filter(Boolean);
  const label = names.map((one) => one.replace('/', '+')).join('++');
  return {
    file: join(root, 'patches', `${label}+${version}.patch`),
    name: found['name'],
    text: `diff --git a/${path} b/${path}\n${unifiedDiff(path, before, after)}`,
  };
}
