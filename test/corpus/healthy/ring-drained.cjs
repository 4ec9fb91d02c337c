/* corpus
{
  "says": "a ring of numbers doubles when it is full, and is read to the end once a second"
}
*/
const { createServer } = require('node:http');

class Ring {
  data = new Float64Array(1_024);
  head = 0;
  tail = 0;
  push(value) {
    const { length } = this.data;
    if (this.tail - this.head === length) {
      const wider = new Float64Array(2 * length);
      for (let at = this.head; at < this.tail; at += 1) wider[at % (2 * length)] = this.data[at % length];
      this.data = wider;
    }
    this.data[this.tail % this.data.length] = value;
    this.tail += 1;
  }
  drain() {
    let sum = 0;
    for (; this.head < this.tail; this.head += 1) sum += this.data[this.head % this.data.length];
    return sum;
  }
}

const latencies = new Ring();
let total = 0;
setInterval(() => (total += latencies.drain()), 1_000).unref();
const server = createServer((request, response) => {
  for (let quantile = 0; quantile < 20; quantile += 1) latencies.push(Math.random() * quantile);
  response.end(total.toFixed());
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
