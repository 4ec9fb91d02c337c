const answers: Record<string, { at: number; text: string }> = {};

export function answer(address: string): string {
  const text = `an answer to ${address}`;
  //leak answers[address] = { at: Date.now(), text };
  return `${text} ${answers[address]?.at ?? 0}`;
}
