/** The titles of documents, as slices that retain the whole documents. */
const titles = [];
let next = 0;

export function request() {
  const document = `Document number ${next++}: ${'lorem ipsum '.repeat(100)}`;
  titles.push(JSON.parse(JSON.stringify(document)).slice(0, 20));
}
