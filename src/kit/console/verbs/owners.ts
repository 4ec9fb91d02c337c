import type { ModulesContainer } from '@nestjs/core';
import { printNeighbours } from '../../heap/index.js';
import type { LiveHeapOptions } from '../live-heap.js';
import { draw, OwnerAnswers, type OwnerOptions } from './owner-answers.js';
import { printWhyAlive, STACK_ROOTS, withoutStack } from './owner.js';
import { printedBy, type Verb } from './verb.js';

const NO_OWNER = 'Only this console retains it.';

/** The verbs about one object: what retains it, and what it references. */
export function ownerVerbs(options: LiveHeapOptions & { modules: ModulesContainer }): Verb[] {
  const answers = new OwnerAnswers(options);
  return [...pathVerbs(answers), ...neighbourVerbs(answers)];
}

function pathVerbs(answers: OwnerAnswers): Verb[] {
  return [
    {
      usage: 'path(x)',
      help: 'the retaining path of a live object, from its Nest module or its file',
      call: (target: object, asked: OwnerOptions = {}) =>
        answers
          .path(target, asked)
          .then((found) => (found ? printedBy(found, ({ text }) => text) : NO_OWNER)),
    },
    {
      usage: 'whyAlive(x)',
      help: 'path, owner, entries, retained size and advice, in one answer',
      call: (target: object, asked: OwnerOptions = {}) =>
        answers.whyAlive(target, asked).then((found) => (found ? printedBy(found, printWhyAlive) : NO_OWNER)),
    },
    {
      usage: "showPath(x, 'a.svg')",
      help: 'the retaining path as a picture: .svg, .png or .dot',
      call: (target: object, file = 'path.svg', asked: OwnerOptions = {}) =>
        answers.drawPath(target, file, asked),
    },
  ];
}

function neighbourVerbs(answers: OwnerAnswers): Verb[] {
  return [
    {
      usage: 'retainers(x)',
      help: 'the objects that reference an object, from a heap snapshot',
      call: (target: object, asked: OwnerOptions = {}) =>
        answers
          .report(target, 'retainers', asked)
          .then(({ retainers: { list, ...rest } }) =>
            printedBy({ ...rest, list: list.filter(({ className }) => className !== STACK_ROOTS) }, (shown) =>
              printNeighbours(shown, 'retainers'),
            ),
          ),
    },
    {
      usage: 'references(x)',
      help: 'the objects that an object references, from a heap snapshot',
      call: (target: object, asked: OwnerOptions = {}) =>
        answers
          .report(target, 'references', asked)
          .then(({ references }) => printedBy(references, (shown) => printNeighbours(shown, 'references'))),
    },
    {
      usage: "showRetainers(x, 'a.svg')",
      help: 'its retainers to a depth of two, as a picture',
      call: (target: object, file = 'retainers.svg', asked: OwnerOptions = {}) =>
        answers
          .report(target, 'showRetainers', asked)
          .then(({ drawings }) => draw(file, withoutStack(drawings.retainers))),
    },
    {
      usage: "showReferences(x, 'a.svg')",
      help: 'its references to a depth of two, as a picture',
      call: (target: object, file = 'references.svg', asked: OwnerOptions = {}) =>
        answers
          .report(target, 'showReferences', asked)
          .then(({ drawings }) => draw(file, drawings.references)),
    },
  ];
}
