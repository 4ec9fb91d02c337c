'use strict';
const http = require('node:http');
const { pairOf } = require('./words.cjs');

const [half, addon] = process.argv.slice(2);
const { [half]: words } = pairOf(require(addon));
const note = 'a note of an order that has some words ';

// Whoever started it may be gone.
process.once('disconnect', () => process.exit());

http
  .createServer((request, response) => response.end(String(words(note.repeat(5) + request.url))))
  .listen(0, '127.0.0.1', function () {
    console.log(this.address().port);
  });
