// A service with 150 MB of data. Each request promotes an array that dies a little later; with KEEP, it keeps another.
const http = require('node:http');

const data = [];
for (let at = 0; at < 150_000; at += 1) data.push(Array.from({ length: 120 }).fill(at));

const recent = [];
const kept = new Map();
let requests = 0;

const server = http.createServer((_request, response) => {
  requests += 1;
  recent[requests % 500] = Array.from({ length: 4_000 }).fill(requests);
  if (process.env.KEEP) kept.set(requests, Array.from({ length: 1_000 }).fill(requests));
  response.end(`${data.length}`);
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
