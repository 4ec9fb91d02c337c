const { openSync } = require('node:fs');
const http = require('node:http');

const opened = [];
const server = http.createServer((_request, response) => {
  // Each request keeps two. Without one more, this throws, and the process ends.
  for (let times = 0; times < 2; times += 1) opened.push(openSync(__filename));
  response.end('ok');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
