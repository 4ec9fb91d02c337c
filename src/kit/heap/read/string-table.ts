import { HeapSnapshotError } from '../errors.js';
import { WideArray, resized, widened } from './columns.js';
import { EPHEMERON_NAME, hiddenIndex, hiddenText } from './hidden-text.js';
import { NameArena } from './name-arena.js';
import { BACKSLASH, QUOTE } from './section.js';
import { BytesInMemory, StringBytes } from './string-bytes.js';
import { StringSink } from './string-section.js';

const NOT_A_NUMBER = 0xff_ff_ff_ff;
const EPHEMERON = 0xff_ff_ff_fe;
const MAX_UINT32 = 0xff_ff_ff_ff;
/** How much of the section of strings is read at once. A longer string is read on its own. */
const BATCH_BYTES = 1 << 22;
/** Characters that JSON never escapes. The separators between strings have none but commas, which come with quotes. */
const PLAIN = /^[\w .:;<>=?@#$%&()*+!|~^[\]{}-]+$/;
/** Distinguishes the name of a WeakMap's edge from a string such as "5 Main Street" without a regular expression. */
const PART_OF_KEY = Buffer.from(' / part of key (');

/**
 * The strings of a snapshot, stored as offsets. Most are values of the program's strings, which are rarely needed, and
 * are read again from the source. Names of classes, properties and variables stay in memory. Two kinds are parsed while
 * they are read: whole numbers, which name the millions of slots of tables, and the names of a WeakMap's edges.
 */
export class StringTable implements StringSink {
  count = 0;
  #starts: WideArray = new Uint32Array(1 << 12);
  #numbers = new Uint32Array(1 << 12);
  #origin = 0;
  #end = 0;
  #ephemerons = new Map<number, number>();
  /** Results of indexOf: the engine asks for about a dozen of V8's names many times. */
  readonly #found = new Map<string, number>();
  #names: NameArena | null = null;
  /** Marks the strings that are shown, by index; null for all. */
  #shown: Uint8Array | null = null;
  /** For a stream: the copy of its strings. */
  readonly #memory: BytesInMemory | null;
  readonly #source: StringBytes;

  /**
   * @param bytes where strings are read again; null to store a copy of all of them
   * @param wanted marks the strings that stay in memory, by index; called once, when the strings start
   */
  constructor(
    bytes: StringBytes | null,
    private readonly wanted: () => Uint8Array,
  ) {
    if (bytes === null) this.#source = this.#memory = new BytesInMemory();
    else [this.#source, this.#memory] = [bytes, null];
  }

  begin(offset: number): void {
    this.#origin = offset;
    this.#names = new NameArena(this.wanted());
  }

  piece(bytes: Uint8Array, offset: number): void {
    this.#memory?.append(bytes, offset);
  }

  string(bytes: Uint8Array, start: number, end: number, offset: number, endOffset: number): void {
    const at = this.count++;
    if (at === this.#numbers.length) this.#grow(at * 2, offset);
    const relative = offset - this.#origin;
    if (relative > MAX_UINT32) this.#starts = widened(this.#starts);
    this.#starts[at] = relative;
    this.#end = endOffset;
    const first = bytes[start]!;
    const number =
      end > start && first >= 0x30 && first <= 0x39 ? this.#number(bytes, start, end, at) : NOT_A_NUMBER;
    this.#numbers[at] = number;
    if (number === NOT_A_NUMBER) this.#names?.add(at, bytes, start, end);
  }

  /** Where the section starts in the snapshot, in bytes. */
  get start(): number {
    return this.#origin;
  }

  /** Replaces the contents of all other strings from now on. */
  hide(shown: Uint8Array): void {
    this.#shown = shown;
    this.#found.clear();
  }

  /** The string at an index, decoded. */
  get(index: number): string {
    const text = this.#get(index);
    return this.#isHidden(index) ? hiddenText(index, text) : text;
  }

  /** The same, of a string of the program: V8 writes a text of digits once, also where it numbers a slot. */
  valueAt(index: number): string {
    const text = this.#get(index);
    const isHidden = this.#shown !== null && (this.#shown[index] === 0 || this.#numbers[index]! < EPHEMERON);
    return isHidden ? hiddenText(index, text) : text;
  }

  #isHidden(index: number): boolean {
    return this.#shown !== null && this.#shown[index] === 0;
  }

  #get(index: number): string {
    if (index >= this.count) {
      throw new HeapSnapshotError('HEAP_RANGE', `string ${index} of ${this.count} was asked for`);
    }
    const number = this.#numbers[index]!;
    if (number < EPHEMERON) return String(number);
    return decode(this.#names?.get(index) ?? this.#read(index));
  }

  /** The whole number that the string is, or -1. */
  numberAt(index: number): number {
    const number = this.#numbers[index]!;
    return number < EPHEMERON ? number : -1;
  }

  /** If the string names an edge to a WeakMap's value: V8's id of the WeakMap's table; otherwise -1. */
  ephemeronTable(index: number): number {
    return this.#numbers[index] === EPHEMERON ? (this.#ephemerons.get(index) ?? -1) : -1;
  }

  get hasEphemerons(): boolean {
    return this.#ephemerons.size > 0;
  }

  /** The index of a name by its text, or -1. It does not find whole numbers. */
  indexOf(text: string): number {
    let index = this.#found.get(text);
    if (index === undefined) {
      index = this.#search(text);
      if (this.#shown !== null && (index < 0 || this.#isHidden(index))) index = this.#hiddenAs(text);
      this.#found.set(text, index);
    }
    return index;
  }

  /** Marks the strings whose text passes a test, by index. */
  matching(test: (text: string) => boolean): Uint8Array {
    const found = new Uint8Array(this.count);
    this.#eachBatch((bytes, from, to) => {
      for (let at = from; at < to; at++) if (test(this.#textIn(bytes, from, at))) found[at] = 1;
    });
    return found;
  }

  /** Marks the strings that contain a text, by index. */
  containing(text: string): Uint8Array {
    // A character that may be escaped in more than one way is compared after decoding.
    if (!PLAIN.test(text)) return this.matching((value) => value.includes(text));
    const wanted = Buffer.from(text);
    const found = new Uint8Array(this.count);
    this.#eachBatch((bytes, from, to) => {
      const start = this.#startOf(from);
      let hit = bytes.indexOf(wanted);
      for (let at = from; at < to && hit >= 0; at++) {
        const next = this.#startOf(at + 1) - start;
        if (next <= hit) continue;
        // The bytes may be a part of an escape such as \u00e9.
        if (this.#textIn(bytes, from, at).includes(text)) found[at] = 1;
        hit = bytes.indexOf(wanted, next);
      }
    });
    return found;
  }

  /** A string of a batch that starts with the string `from`. */
  #textIn(bytes: Buffer, from: number, index: number): string {
    const start = this.#startOf(from);
    const next = this.#startOf(index + 1) - start;
    // The last string of the section has no separator after it: its end is known.
    const end = index + 1 === this.count ? next : bytes.lastIndexOf(QUOTE, next - 2);
    const text = decode(bytes.subarray(this.#startOf(index) - start, end));
    return this.#isHidden(index) ? hiddenText(index, text) : text;
  }

  /** Reads the section of strings once, in large pieces: a million strings one by one take a minute. */
  #eachBatch(visit: (bytes: Buffer, from: number, to: number) => void): void {
    for (let from = 0, to = 0; from < this.count; from = to) {
      const start = this.#startOf(from);
      for (to = from + 1; to < this.count && this.#startOf(to + 1) - start <= BATCH_BYTES;) to++;
      const { buffer, byteOffset, byteLength } = this.#source.read(start, this.#startOf(to));
      visit(Buffer.from(buffer, byteOffset, byteLength), from, to);
    }
  }

  /** Where a string starts in the snapshot; for the index after the last one, where that ends. */
  #startOf(index: number): number {
    return index < this.count ? this.#starts[index]! + this.#origin : this.#end;
  }

  #search(text: string): number {
    return this.#names?.indexOf(Buffer.from(JSON.stringify(text).slice(1, -1))) ?? -1;
  }

  /** The hidden string that a text stands for, so that what was shown for it can be asked about. */
  #hiddenAs(text: string): number {
    const index = hiddenIndex(text);
    return index >= 0 && index < this.count && this.#isHidden(index) && this.get(index) === text ? index : -1;
  }

  #read(index: number): Uint8Array {
    const from = this.#startOf(index);
    const last = index + 1 === this.count;
    const bytes = this.#source.read(from, this.#startOf(index + 1));
    if (last) return bytes;
    // Two strings are separated by a quote, a comma, possibly whitespace, and a quote.
    return bytes.subarray(0, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length - 1).lastIndexOf('"'));
  }

  #number(bytes: Uint8Array, start: number, end: number, index: number): number {
    let value = 0;
    let at = start;
    for (; at < end; at++) {
      const digit = bytes[at]! - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (at === end) {
      const canonical = end - start === 1 || bytes[start] !== 0x30;
      return canonical && end - start <= 10 && value < EPHEMERON ? value : NOT_A_NUMBER;
    }
    if (at + PART_OF_KEY.length > end) return NOT_A_NUMBER;
    for (let k = 0; k < PART_OF_KEY.length; k++) if (bytes[at + k] !== PART_OF_KEY[k]) return NOT_A_NUMBER;
    const match = EPHEMERON_NAME.exec(decode(bytes.subarray(start, end)));
    if (match === null) return NOT_A_NUMBER;
    this.#ephemerons.set(index, Number(match[1]));
    return EPHEMERON;
  }

  #grow(capacity: number, offset: number): void {
    if (this.count >= EPHEMERON) throw new HeapSnapshotError('HEAP_TOO_LARGE', 'too many strings', offset);
    this.#starts = resized(this.#starts, capacity);
    this.#numbers = resized(this.#numbers, capacity);
  }
}

/** The text of the bytes between two quotes. */
export function decode(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  if (!bytes.includes(BACKSLASH)) return text;
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    // A wrong escape affects one name; the rest of the snapshot is still of use.
    return text;
  }
}
