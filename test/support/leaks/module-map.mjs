/** A memo of a module: every different question is kept. */
const answers = new Map();
let next = 0;

export function request() {
  const question = `question-${next++}`;
  if (!answers.has(question)) answers.set(question, { question, words: question.split('-') });
  return answers.get(question);
}
