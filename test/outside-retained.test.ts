import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allocatorOf } from '../src/kit/outside/allocator.js';
import type { FoundBlocks } from '../src/kit/outside/blocks/found.js';
import { grownBlocksOf, lookAtBlocks } from '../src/kit/outside/blocks/look.js';
import { parseMappings } from '../src/kit/outside/mappings.js';

const ADDON = String.raw`
#include <node_api.h>
#include <cstdlib>
#include <cstring>
#include <vector>
namespace gallery {
class Photo {
 public:
  virtual ~Photo() { free(pixels); }
  virtual void draw() {}
  char* pixels = static_cast<char*>(calloc(1, 3000));
};
}
std::vector<void*> all_thumbs;
static napi_value lose(napi_env, napi_callback_info) {
  // A chain of two of which nobody has the first.
  void* volatile* first = static_cast<void* volatile*>(calloc(1, 5000));
  first[3] = calloc(1, 1200);
  return nullptr;
}
static napi_value keep(napi_env, napi_callback_info) {
  char* text = static_cast<char*>(calloc(1, 700));
  strcpy(text, "thumb of customer@example.org");
  all_thumbs.push_back(text);
  return nullptr;
}
static napi_value wrap(napi_env env, napi_callback_info) {
  napi_value made;
  napi_create_external(env, new gallery::Photo(), [](napi_env, void* data, void*) { delete static_cast<gallery::Photo*>(data); }, nullptr, &made);
  return made;
}
NAPI_MODULE_INIT() {
  for (auto [name, call] : {std::pair{"lose", lose}, {"keep", keep}, {"wrap", wrap}}) {
    napi_value made;
    napi_create_function(env, name, NAPI_AUTO_LENGTH, call, nullptr, &made);
    napi_set_named_property(env, exports, name, made);
  }
  return exports;
}
`;

/** Says "ready", then makes each of what it can 500 times for each line that it is given, and says so. */
const PROGRAM = `
  const { createHash } = require('node:crypto');
  const addon = process.argv[1] ? require(process.argv[1]) : null;
  const kept = [];
  function work() {
    for (let at = 0; at < 500; at += 1) {
      kept.push(createHash('sha256'));
      if (addon) { addon.lose(); addon.keep(); kept.push(addon.wrap()); }
    }
  }
  work();
  process.stdin.on('data', () => { work(); gc(); setTimeout(() => console.log('done'), 300); });
  gc();
  console.log('ready');`;

const headers = join(dirname(process.execPath), '../include/node');
const isGlibc =
  process.platform === 'linux' &&
  allocatorOf(parseMappings(readFileSync('/proc/self/maps', 'utf8'))) === 'glibc';

function canCompile(): boolean {
  try {
    execFileSync('g++', ['--version']);
    return existsSync(join(headers, 'node_api.h'));
  } catch {
    return false;
  }
}

async function madeBy(addon: string | null): Promise<FoundBlocks[]> {
  const args = ['--expose-gc', '-e', PROGRAM, ...(addon === null ? [] : [addon])];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    await once(child.stdout, 'data');
    await sleep(300);
    const before = lookAtBlocks(child.pid!)!.blocks;
    child.stdin.write('go\n');
    await once(child.stdout, 'data');
    const now = lookAtBlocks(child.pid!)!;
    return grownBlocksOf(child.pid!, { before, after: now.blocks }, now);
  } finally {
    child.kill('SIGKILL');
  }
}

const near = (found: readonly FoundBlocks[], bytes: number) =>
  found.find(({ blockBytes }) => blockBytes >= bytes && blockBytes <= bytes + 24);

describe.runIf(isGlibc)('the blocks of a process of Node', () => {
  it('are named by the symbols of Node, and retained by JavaScript', async () => {
    const found = await madeBy(null);
    const hash = found.find(({ type }) => type?.name === 'node::crypto::Hash');
    expect(hash?.retainedBy?.by).toBe('javascript');
    expect(Math.abs((hash?.gained ?? 0) / 500 - 1)).toBeLessThan(0.2);
  });
});

describe.runIf(isGlibc && canCompile())('the blocks of an addon', () => {
  const folder = mkdtempSync(join(tmpdir(), 'held-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let found: FoundBlocks[] = [];
  beforeAll(async () => {
    writeFileSync(join(folder, 'addon.cc'), ADDON);
    const addon = join(folder, 'addon.node');
    const flags = ['-std=c++17', '-O1', '-shared', '-fPIC', `-I${headers}`, '-DNODE_GYP_MODULE_NAME=addon'];
    execFileSync('g++', [...flags, '-o', addon, join(folder, 'addon.cc')]);
    found = await madeBy(addon);
  }, 120_000);

  it('that nothing points to are lost, with what only they point to', () => {
    expect(near(found, 5_000)).toMatchObject({ type: null, pointsTo: null, text: null });
    expect(near(found, 5_000)?.retainedBy?.by).toBe('nobody');
    expect(near(found, 1_200)?.retainedBy?.by).toBe('nobody');
  });

  it('that a variable of the addon retains are text, and retained by it', () => {
    expect(near(found, 700)).toMatchObject({
      text: 'thumb of customer@example.org',
      retainedBy: { by: 'library', library: { file: 'addon.node', variable: 'all_thumbs' } },
    });
  });

  it('that JavaScript wraps are named by the class of the addon, and so is what they hold', () => {
    const type = { name: 'gallery::Photo', library: 'addon.node' };
    const photo = found.find((one) => one.type?.name === type.name);
    expect(photo?.type).toEqual(type);
    expect(photo?.retainedBy?.by).toBe('javascript');
    expect(near(found, 3_000)?.retainedBy).toMatchObject({ by: 'javascript' });
    expect(near(found, 3_000)?.retainedBy?.through[0]?.type).toEqual(type);
  });
});
