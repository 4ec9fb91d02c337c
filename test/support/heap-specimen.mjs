// A program with containers of every layout and owners of every sort. Writes a heap snapshot of itself
// to the path given. Plain JavaScript, so that any Node can run it as it is.
import { EventEmitter } from 'node:events';
import { writeHeapSnapshot } from 'node:v8';

class User {
  constructor(at) {
    this.id = `user-${at}`;
    this.email = `u${at}@example.org`;
  }
}
const numbers = (count) => Array.from({ length: count }, (_, at) => at);
const records = (count) => numbers(count).map((at) => new User(at));
const deletedFrom = (map, count) => {
  for (const key of [...map.keys()].slice(0, count)) map.delete(key);
  return map;
};

const deletedAt = (array, ...places) => {
  for (const at of places) delete array[at];
  return array;
};

class Specimens {
  empty = new Map();
  strings = new Map(records(1002).map((user) => [user.id, user]));
  deleted = deletedFrom(new Map(records(1000).map((user) => [user.id, user])), 301);
  numbersToObjects = new Map(records(700).map((user, at) => [at, user]));
  objectKeys = new Map(records(100).map((user) => [user, 1]));
  sameValue = new Map(records(500).map((user) => [user.id, this]));
  numbersOnly = new Map(numbers(900).map((at) => [at, at]));
  set = new Set(records(777));
  weakMap = new WeakMap();
  weakSet = new WeakSet();
  array = records(5000);
  holes = deletedAt([...records(17)], 10, 11);
  dictionary = Object.fromEntries(numbers(3000).map((at) => [`key-${at}`, { at }]));
  numberDictionary = Object.fromEntries(numbers(2500).map((at) => [`count-${at}`, at]));
  buffer = Buffer.alloc(200_000);
  #secret = new Map(records(1500).map((user) => [user.id, user]));
  subclassed = new (class UserMap extends Map {})(records(1200).map((user) => [user.id, user]));
  constructor() {
    for (const key of this.array.slice(0, 210)) {
      this.weakMap.set(key, { key: key.id });
      this.weakSet.add(key);
    }
  }
  secretSize() {
    return this.#secret.size;
  }
}
class Registry {
  static pool = new Set(records(1300));
}
function makeCache() {
  const store = new Map(records(1400).map((user) => [user.id, user]));
  return { get: (id) => store.get(id) };
}
const moduleMap = new Map(records(1600).map((user) => [user.id, user]));
const specimens = new Specimens();
const cache = makeCache();
const bus = new EventEmitter().setMaxListeners(0);
for (const user of records(1100)) bus.on('tick', () => user);
const nested = { by: { region: new Map([['eu', new Map(records(1700).map((user) => [user.id, user]))]]) } };
const documents = numbers(50).map((at) => `${'x'.repeat(20_000)}${at}`);
const names = documents.map((text) => text.slice(10, 40));
documents.length = 0;

export const use = () => [specimens, cache, bus, moduleMap, Registry, nested, names];
globalThis.useSpecimens = use;
writeHeapSnapshot(process.argv[2]);
process.exit(0);
