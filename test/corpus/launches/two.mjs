// Two processes that share one port by SO_REUSEPORT.
import { spawn } from 'node:child_process';

const env = { ...process.env, REUSE_PORT: '1' };
const children = [1, 2].map(() => spawn(process.execPath, ['orders.mjs'], { env, stdio: 'inherit' }));
process.once('exit', () => children.forEach((child) => child.kill()));
