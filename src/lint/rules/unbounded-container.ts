import { useOf } from '../container-uses.js';
import { type Context, meta, type Node, type Rule } from '../rule.js';
import { classAround, functionAround, memberName, nameOf, scopeOf, unwrap } from '../syntax.js';

const messages = {
  field:
    'No code removes entries from {{name}}, which lives as long as the process, so it grows with every new key. Use a cache with a bound (lru-cache with `max`), remove entries that are no longer needed, or say in a comment on the declaration why it is bounded.',
  variable:
    'No code removes entries from the module variable {{name}}, so it grows with every new key. Use a cache with a bound (lru-cache with `max`), remove entries that are no longer needed, or say in a comment on the declaration why it is bounded.',
};

export const unboundedContainer: Rule = {
  meta: meta(
    'unbounded-container',
    'A private container of a singleton, a private static container or a module variable to which entries are added and never removed',
    messages,
  ),
  create(context) {
    /** References to `this.name`, and to `Class.name` within the class, by class. */
    const mentions = new Map<Node, Map<string, Node[]>>();
    const fields: Field[] = [];
    const mention = (owner: Node, node: Node): void => {
      const ofClass = mentions.get(owner) ?? new Map<string, Node[]>();
      mentions.set(owner, ofClass);
      // After `const { users } = this` or `const self = this`, the field has another name that the rule does not follow.
      const name = memberName(node) ?? (node.type === 'VariableDeclarator' ? '*' : null);
      if (name !== null) ofClass.set(name, [...(ofClass.get(name) ?? []), node]);
    };
    return {
      PropertyDefinition(node) {
        const owner = node.parent.parent;
        const name = nameOf(node['key'] as Node);
        const isPrivate = name?.startsWith('#') || node['accessibility'] === 'private';
        // A static field exists once, however many instances the class has.
        if (name !== null && isPrivate && (node['static'] || scopeOf(owner) === 'singleton'))
          fields.push({ owner, name, node });
      },
      ThisExpression(node) {
        const owner = classAround(node);
        if (owner) mention(owner, node.parent);
      },
      MemberExpression(node) {
        const owner = classAround(node);
        const name = nameOf(owner?.['id'] as Node | undefined);
        if (owner && name !== null && nameOf(node['object'] as Node) === name) mention(owner, node);
      },
      'Program:exit'(program) {
        for (const { owner, name, node } of fields) {
          const ofClass = mentions.get(owner);
          if (ofClass?.has('*')) continue;
          const uses = ofClass?.get(name) ?? [];
          const made = (node['value'] ?? createdInConstructor(uses)) as Node | null;
          if (made && isContainer(made) && leaks(context, node, uses, made))
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

/** The value of `this.users = new Map()` in the constructor, which is as good as an initializer. */
function createdInConstructor(mentions: Node[]): Node | null {
  return (mentions.find(isCreatedInConstructor)?.parent['right'] as Node | undefined) ?? null;
}

function isCreatedInConstructor(mention: Node): boolean {
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
    .filter((mention) => !isCreatedInConstructor(mention))
    .map((mention) => useOf(context.sourceCode, mention, isList).kind);
  if (!uses.includes('grows') || uses.some((kind) => kind !== 'grows' && kind !== 'is read')) return false;
  return !context.sourceCode.getCommentsBefore(declaration).some(({ value }) => /\bbounded\b/i.test(value));
}

function isContainer(value: Node): boolean {
  const made = unwrap(value);
  if (made.type === 'NewExpression') return /^(?:Map|Set)$/.test(nameOf(made['callee'] as Node) ?? '');
  if (made.type === 'ArrayExpression') return true;
  if (made.type === 'ObjectExpression') return made['properties'].length === 0;
  return false;
}

/** Containers in variables that the module does not export. */
function moduleVariables(context: Context, program: Node): { node: Node; name: string; uses: Node[] }[] {
  return (program['body'] as Node[])
    .filter(({ type }) => type === 'VariableDeclaration')
    .flatMap((statement) => statement['declarations'] as Node[])
    .filter(({ id, init }) => id.type === 'Identifier' && init !== null && isContainer(init as Node))
    .map((node) => {
      const [variable] = context.sourceCode.getDeclaredVariables(node);
      const uses = (variable?.references ?? []).map(({ identifier }) => identifier);
      // The declaration itself is one of the references.
      return { node, name: node['id'].name as string, uses: uses.filter((use) => use !== node['id']) };
    });
}
