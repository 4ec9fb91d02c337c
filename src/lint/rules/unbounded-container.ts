import { useOf } from '../container-uses.js';
import { type Context, meta, type Node, type Rule } from '../rule.js';
import { classAround, functionAround, memberName, nameOf, scopeOf, unwrap } from '../syntax.js';

const messages = {
  field:
    'Nothing is ever removed from {{name}}, and its class lives as long as the process: every new key stays. Use a cache with a bound (lru-cache with `max`), remove what is done with, or say in a comment on the declaration why it is bounded.',
  variable:
    'Nothing is ever removed from {{name}}, and a module lives as long as the process: every new key stays. Use a cache with a bound (lru-cache with `max`), remove what is done with, or say in a comment on the declaration why it is bounded.',
};

export const unboundedContainer: Rule = {
  meta: meta(
    'unbounded-container',
    'A private container of a singleton or of a class itself, or a module variable, that is added to and never removed from',
    messages,
  ),
  create(context) {
    /** Mentions of `this.name`, and of `Class.name` within the class, by class. */
    const mentions = new Map<Node, Map<string, Node[]>>();
    const fields: Field[] = [];
    const mention = (owner: Node, node: Node): void => {
      const ofClass = mentions.get(owner) ?? new Map<string, Node[]>();
      mentions.set(owner, ofClass);
      // `const { users } = this`, `const self = this`: the field goes by another name from here on.
      const name = memberName(node) ?? (node.type === 'VariableDeclarator' ? '*' : null);
      if (name !== null) ofClass.set(name, [...(ofClass.get(name) ?? []), node]);
    };
    return {
      PropertyDefinition(node) {
        const owner = node.parent.parent;
        const name = nameOf(node['key'] as Node);
        const isPrivate = name?.startsWith('#') || node['accessibility'] === 'private';
        // There is one of a static field, however many objects of its class there are.
        if (isPrivate && (node['static'] || scopeOf(owner) === 'singleton'))
          fields.push({ owner, name: name!, node });
      },
      ThisExpression(node) {
        const owner = classAround(node);
        if (owner) mention(owner, node.parent);
      },
      MemberExpression(node) {
        const owner = classAround(node);
        const name = nameOf(owner?.['id'] as Node | undefined);
        if (name !== null && nameOf(node['object'] as Node) === name) mention(owner!, node);
      },
      'Program:exit'(program) {
        for (const { owner, name, node } of fields) {
          const ofClass = mentions.get(owner);
          if (ofClass?.has('*')) continue;
          const uses = ofClass?.get(name) ?? [];
          const made = (node['value'] ?? madeInConstructor(uses)) as Node | null;
          if (isContainer(made) && leaks(context, node, uses, made!))
            context.report({
              node,
              messageId: 'field',
              data: { name: node['static'] ? `${nameOf(owner['id'] as Node)}.${name}` : `this.${name}` },
            });
        }
        for (const { node, name, uses } of moduleVariables(context, program)) {
          if (leaks(context, node.parent, uses, node['init'] as Node))
            context.report({ node, messageId: 'variable', data: { name } });
        }
      },
    };
  },
};

interface Field {
  owner: Node;
  name: string;
  node: Node;
}

/** `this.users = new Map()` in the constructor is its declaration, in another place. */
function madeInConstructor(mentions: Node[]): Node | null {
  return (mentions.find(isMadeInConstructor)?.parent['right'] as Node | undefined) ?? null;
}

function isMadeInConstructor(mention: Node): boolean {
  const { parent } = mention;
  return (
    parent.type === 'AssignmentExpression' &&
    parent['left'] === mention &&
    functionAround(mention)?.parent['kind'] === 'constructor'
  );
}

function leaks(context: Context, declaration: Node, mentions: Node[], made: Node): boolean {
  const isList = unwrap(made).type === 'ArrayExpression';
  const uses = mentions
    .filter((mention) => !isMadeInConstructor(mention))
    .map((mention) => useOf(context.sourceCode, mention, isList).kind);
  if (!uses.includes('grows') || uses.some((kind) => kind !== 'grows' && kind !== 'is read')) return false;
  return !context.sourceCode.getCommentsBefore(declaration).some(({ value }) => /\bbounded\b/i.test(value));
}

function isContainer(value: Node | null): boolean {
  if (!value) return false;
  const made = unwrap(value);
  if (made.type === 'NewExpression') return /^(?:Map|Set)$/.test(nameOf(made['callee'] as Node) ?? '');
  if (made.type === 'ArrayExpression') return true;
  if (made.type === 'ObjectExpression') return made['properties'].length === 0;
  return false;
}

/** Containers that only this file can reach. */
function moduleVariables(context: Context, program: Node): { node: Node; name: string; uses: Node[] }[] {
  return (program['body'] as Node[])
    .filter(({ type }) => type === 'VariableDeclaration')
    .flatMap((statement) => statement['declarations'] as Node[])
    .filter(({ id, init }) => id.type === 'Identifier' && isContainer(init as Node | null))
    .map((node) => {
      const [variable] = context.sourceCode.getDeclaredVariables(node);
      const uses = (variable?.references ?? []).map(({ identifier }) => identifier);
      // Its own declaration is a reference as well.
      return { node, name: nameOf(node['id'] as Node)!, uses: uses.filter((use) => use !== node['id']) };
    });
}
