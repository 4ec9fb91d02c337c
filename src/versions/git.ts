import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Problem } from '../kit/problem.js';

/** Runs git and returns what it prints. @throws Problem LEAK_LAB_VERSION with what git says */
export async function git(folder: string, ...args: string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('git', ['-C', folder, ...args], {
      maxBuffer: 64 * 2 ** 20,
      env: { ...process.env, GIT_TERMINAL_PROMPT: '0' },
    });
    return stdout.trimEnd();
  } catch (cause) {
    const { stderr = '', code } = cause as { stderr?: string; code?: unknown };
    throw new Problem(
      'LEAK_LAB_VERSION',
      code === 'ENOENT'
        ? 'git is not installed, and versions are taken from it'
        : `git ${args.slice(0, 2).join(' ')} failed in ${folder}: ${stderr.trim()}`,
      { cause },
    );
  }
}

/** The folder of the repository that contains this folder. */
export async function repositoryOf(folder: string): Promise<string> {
  try {
    return await git(folder, 'rev-parse', '--show-toplevel');
  } catch (cause) {
    if (!(cause instanceof Problem) || !cause.message.includes('not a git repository')) throw cause;
    throw new Problem(
      'LEAK_LAB_VERSION',
      `${folder} is in no git repository, and refs are taken from one: run the command in the folder of the service`,
      { cause },
    );
  }
}

/** The commit that a branch, a tag or a short name stands for. @throws Problem LEAK_LAB_VERSION that names it */
export async function commitOf(repository: string, ref: string): Promise<string> {
  try {
    return await git(repository, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`);
  } catch (cause) {
    throw new Problem(
      'LEAK_LAB_VERSION',
      `${ref} is no commit of ${repository}. A shallow clone lacks older commits: fetch them with git fetch --unshallow`,
      { cause },
    );
  }
}

/** `1a2b3c4 The subject of the commit`. */
export function describeCommit(repository: string, commit: string): Promise<string> {
  return git(repository, 'show', '--no-patch', '--format=%h %s', commit);
}
