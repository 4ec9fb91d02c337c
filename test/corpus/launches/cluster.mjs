import cluster from 'node:cluster';

if (cluster.isPrimary) for (let at = 0; at < 4; at += 1) cluster.fork();
else await import('./orders.mjs');
