/* corpus
{
  "source": ["https://github.com/Effect-TS/io/pull/147"],
  "says": "the application's own: a ring of numbers is copied into one of twice the size whenever it is full, and nobody reads it",
  "requests": 60000,
  "suspect": { "kinds": ["buffers"], "named": "latencies › Ring.*data" }
}
*/
const { createServer } = require('node:http');

class Ring {
  constructor(capacity = 1_024) {
    this.capacity = capacity;
    this.data = new Float64Array(capacity);
    this.head = 0;
    this.tail = 0;
  }
  push(value) {
    if (this.tail - this.head === this.capacity) this.grow();
    this.data[this.tail & (this.capacity - 1)] = value;
    this.tail += 1;
  }
  grow() {
    const wider = new Float64Array(2 * this.capacity);
    for (let at = this.head; at < this.tail; at += 1)
      wider[at - this.head] = this.data[at & (this.capacity - 1)];
    this.tail -= this.head;
    this.head = 0;
    this.capacity *= 2;
    this.data = wider;
  }
  shift() {
    const value = this.data[this.head & (this.capacity - 1)];
    this.head += 1;
    return value;
  }
}

const latencies = new Ring();
const server = createServer((request, response) => {
  const start = performance.now();
  response.on('finish', () => {
    for (let quantile = 0; quantile < 20; quantile += 1)
      latencies.push((performance.now() - start) * quantile);
  });
  response.end('ok');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
