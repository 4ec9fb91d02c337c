import { routeBench } from './route.js';

process.exitCode = (await routeBench()) ? 0 : 1;
