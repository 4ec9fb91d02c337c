import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import type { MemorySource } from './malloc/memory.js';

/*
 * Files of `/proc/PID`. The kernel answers from memory, so reading them synchronously waits for nothing; what cannot be
 * read, because the process or a thread has ended or is of another user, is null or left out.
 */

export function procText(pid: number, name: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return null;
  }
}

export function procNames(pid: number, folder: string): string[] | null {
  try {
    return readdirSync(`/proc/${pid}/${folder}`);
  } catch {
    return null;
  }
}

export function procLink(pid: number, name: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/${name}`);
  } catch {
    return null;
  }
}

/** The memory of a process, without stopping it: the kernel allows it to the same user, unless Yama forbids it. */
export class ProcessMemory implements MemorySource {
  private constructor(private readonly file: number) {}

  /** Null where it may not be read. */
  static open(pid: number): ProcessMemory | null {
    try {
      return new ProcessMemory(openSync(`/proc/${pid}/mem`, 'r'));
    } catch {
      return null;
    }
  }

  read(address: number, buffer: Uint8Array): number {
    try {
      return readSync(this.file, buffer, 0, buffer.length, address);
    } catch {
      return 0; // not mapped any more, or not readable
    }
  }

  close(): void {
    closeSync(this.file);
  }
}
