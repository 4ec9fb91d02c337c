import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const VERSION = 'memlab@2.0.5';

/** The path of memlab, installed by npx without its browser; null when it cannot be installed. */
export async function findMemlab(): Promise<string | null> {
  try {
    const env = { ...process.env, PUPPETEER_SKIP_DOWNLOAD: '1' };
    const { stdout } = await run('npx', ['-y', '-p', VERSION, '-c', 'command -v memlab'], { env });
    return stdout.trim() || null;
  } catch {
    return null;
  }
}

/** Runs memlab's object-size analysis as a whole process. A hook reports its peak memory, which memlab does not print. */
export async function measureMemlab(memlab: string, file: string, folder: string) {
  const report = join(folder, 'memlab-peak');
  const hook = `import { writeFileSync } from 'node:fs';
    process.on('exit', () => writeFileSync(process.env.HEAP_BENCH_PEAK, String(process.resourceUsage().maxRSS)));`;
  const args = [
    '--max-old-space-size=16384',
    `--import=data:text/javascript,${encodeURIComponent(hook)}`,
    memlab,
    'analyze',
    'object-size',
    '--snapshot',
    file,
  ];
  const start = performance.now();
  await run(process.execPath, args, { env: { ...process.env, HEAP_BENCH_PEAK: report }, maxBuffer: 2 ** 28 });
  const wallMs = performance.now() - start;
  return { wallMs, peakRssBytes: Number(await readFile(report, 'utf8')) * 1024 };
}
