import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** The compiler of this repository compiles the project's own files. */
const TSC = resolve('node_modules/typescript/bin/tsc');
const TSC_FLAGS =
  '--strict --target es2022 --experimentalDecorators --emitDecoratorMetadata --skipLibCheck --types node';
// npm sets this to the folder of this repository for the scripts that it runs.
const { npm_config_local_prefix: _here, ...ENVIRONMENT } = process.env;

export interface Tarball {
  file: string;
  bytes: number;
  /** The paths of its files. */
  files: string[];
}

/** Packs `dist` as it is: a new build would remove the compiled files that other tests run. */
export async function pack(folder: string): Promise<Tarball> {
  const { stdout } = await promisify(execFile)(
    'npm',
    ['pack', '--ignore-scripts', '--json', '--pack-destination', folder],
    { env: ENVIRONMENT, maxBuffer: 2 ** 24 },
  );
  const [packed] = JSON.parse(stdout) as { filename: string; size: number; files: { path: string }[] }[];
  return {
    file: join(folder, packed!.filename),
    bytes: packed!.size,
    files: packed!.files.map(({ path }) => path),
  };
}

/** The files that a page shows, by name. The first comment of a code block has the name of its file. */
export async function filesIn(page: string): Promise<Record<string, string>> {
  const blocks = (await readFile(page, 'utf8')).matchAll(
    /^```(?:ts|js|jsonc)\n(\/\/ .*?([\w./-]+\.(?:json|ts|m?js)).*\n[^]*?)^```$/gm,
  );
  return Object.fromEntries(Array.from(blocks, ([, text, name]) => [name!, text!]));
}

/** The commands with which a page installs the package, with the real path of the tarball. */
export async function installIn(page: string, tarball: Tarball): Promise<string[]> {
  const commands = /```sh\n([^]*?)```/
    .exec(await readFile(page, 'utf8'))![1]!
    .trim()
    .split('\n');
  return commands.map((command) => command.replace(/\S+\.tgz/, tarball.file));
}

export interface Ended {
  code: number;
  output: string;
}

/** A separate project that installs the package, in a folder of its own. */
export class Project {
  private constructor(readonly root: string) {}

  static async create(root: string, type: 'module' | 'commonjs'): Promise<Project> {
    await mkdir(root);
    const project = new Project(root);
    await project.write({ 'package.json': JSON.stringify({ name: 'shop', private: true, type }) });
    return project;
  }

  async write(files: Record<string, string>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      const path = join(this.root, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
  }

  /** Runs a command line. @returns its exit code and what it printed */
  run(line: string, env: Record<string, string> = {}): Promise<Ended> {
    return new Promise((done) => {
      execFile(
        'bash',
        ['-c', line],
        { cwd: this.root, env: { ...ENVIRONMENT, ...env, NO_COLOR: '1' }, maxBuffer: 2 ** 24 },
        (error, stdout, stderr) =>
          done({ code: error ? Number(error.code ?? -1) : 0, output: stdout + stderr }),
      );
    });
  }

  /** Runs a command line that has to succeed. @throws Error with what it printed */
  async must(line: string): Promise<void> {
    const { code, output } = await this.run(line);
    if (code !== 0) throw new Error(`${line} ended with exit code ${code}:\n${output}`);
  }

  install(...packages: string[]): Promise<void> {
    return this.must(`npm install --no-audit --no-fund ${packages.join(' ')}`);
  }

  compile(flags: string): Promise<void> {
    return this.must(`'${process.execPath}' '${TSC}' ${TSC_FLAGS} ${flags}`);
  }

  async packages(): Promise<number> {
    const lock = await readFile(join(this.root, 'node_modules/.package-lock.json'), 'utf8');
    return Object.keys((JSON.parse(lock) as { packages: object }).packages).length;
  }
}
