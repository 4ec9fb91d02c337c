import { git } from '../../src/versions/git.js';

/** Makes a repository in an empty folder that depends on no setting of the machine. */
export async function startedRepository(folder: string): Promise<void> {
  await git(folder, 'init', '--quiet', '--initial-branch', 'main');
  const settings = { 'user.name': 'Test', 'user.email': 'test@example.com', 'commit.gpgsign': 'false' };
  for (const [name, value] of Object.entries(settings)) await git(folder, 'config', name, value);
}
