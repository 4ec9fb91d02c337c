'use strict';

/** The leaky and the fixed half of a pair, over an addon that was built where a compiler is. @param addon what the addon exports */
exports.pairOf = (addon) => ({
  leaky(text) {
    const index = addon.open(text); // ← the bug: nothing closes it, and V8 collects the handle alone
    return addon.count(index);
  },
  fixed(text) {
    const index = addon.open(text);
    try {
      return addon.count(index);
    } finally {
      addon.close(index);
    }
  },
});
