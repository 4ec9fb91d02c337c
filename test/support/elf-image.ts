import type { FileSource } from '../../src/kit/outside/symbols/elf.js';

export interface DrawnSymbol {
  name: string;
  address: number;
  size: number;
  /** A variable unless it says function. */
  isFunction?: boolean;
}

const HEADER = 64;
const SEGMENT = 56;
const SECTION = 64;
const SYMBOL = 24;

/** The bytes of an ELF file with one segment and one table of symbols. */
export function drawElf(symbols: readonly DrawnSymbol[], lowest: number | null): Uint8Array {
  const names = Buffer.from(`\0${symbols.map(({ name }) => `${name}\0`).join('')}`, 'latin1');
  const tableAt = HEADER + SEGMENT + 3 * SECTION;
  const namesAt = tableAt + symbols.length * SYMBOL;
  const bytes = Buffer.alloc(namesAt + names.length);
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]).copy(bytes);
  bytes.writeUInt16LE(lowest === null ? 2 : 3, 16);
  bytes.writeBigUInt64LE(BigInt(HEADER), 32);
  bytes.writeBigUInt64LE(BigInt(HEADER + SEGMENT), 40);
  bytes.writeUInt16LE(1, 56);
  bytes.writeUInt16LE(3, 60);
  bytes.writeUInt32LE(1, HEADER);
  bytes.writeBigUInt64LE(BigInt(lowest ?? 0x400000), HEADER + 16);
  const section = (at: number, type: number, offset: number, size: number, link: number): void => {
    const start = HEADER + SEGMENT + at * SECTION;
    bytes.writeUInt32LE(type, start + 4);
    bytes.writeBigUInt64LE(BigInt(offset), start + 24);
    bytes.writeBigUInt64LE(BigInt(size), start + 32);
    bytes.writeUInt32LE(link, start + 40);
  };
  section(1, 2, tableAt, symbols.length * SYMBOL, 2);
  section(2, 3, namesAt, names.length, 0);
  let nameAt = 1;
  for (const [at, { name, address, size, isFunction }] of symbols.entries()) {
    const start = tableAt + at * SYMBOL;
    bytes.writeUInt32LE(nameAt, start);
    bytes.writeUInt8(isFunction ? 2 : 1, start + 4);
    bytes.writeUInt16LE(1, start + 6);
    bytes.writeBigUInt64LE(BigInt(address), start + 8);
    bytes.writeBigUInt64LE(BigInt(size), start + 16);
    nameAt += name.length + 1;
  }
  names.copy(bytes, namesAt);
  return bytes;
}

/** A file of these bytes. */
export function fileOf(bytes: Uint8Array): FileSource & { close(): void } {
  return {
    read: (offset, buffer) => {
      const part = bytes.subarray(Math.min(offset, bytes.length), offset + buffer.length);
      buffer.set(part);
      return part.length;
    },
    close: () => {},
  };
}
