const waiting = new Set<() => void>();

function runAll(): void {
  for (const clean of waiting) clean();
}

/**
 * Runs this when the process exits before its work is done, as at a second Ctrl-C. It may do nothing asynchronous.
 *
 * @returns a function that takes it back
 */
export function onExit(clean: () => void): () => void {
  if (waiting.size === 0) process.on('exit', runAll);
  waiting.add(clean);
  return () => {
    waiting.delete(clean);
    if (waiting.size === 0) process.off('exit', runAll);
  };
}
