/** A Set of tokens that is never emptied, in a CommonJS module. */
const seen = new Set();
let next = 0;

exports.request = function request() {
  seen.add(`token-${next++}-${'x'.repeat(40)}`);
};
