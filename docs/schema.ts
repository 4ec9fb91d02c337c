import ts from 'typescript';

/** The part of JSON Schema (2020-12) that this writer uses. */
export interface Schema {
  $schema?: string;
  title?: string;
  description?: string;
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string;
  enum?: unknown[];
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
}

/** The JSON Schema of every type that a file exports, by the type's name. @throws Error for a type without JSON. */
export function schemasOf(file: string): Record<string, Schema> {
  const program = ts.createProgram([file], {
    strict: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    experimentalDecorators: true,
    skipLibCheck: true,
    types: ['node'],
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`${file} is not a module`);
  const schemas = checker.getExportsOfModule(module).map((symbol) => {
    const writer = new SchemaWriter(checker);
    const { $ref, ...schema } = writer.schemaOf(checker.getDeclaredTypeOfSymbol(symbol));
    const body = $ref ? writer.take($ref) : schema;
    const $defs = writer.sorted();
    return [
      symbol.name,
      {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        title: symbol.name,
        ...body,
        ...describe(symbol, checker),
        ...(Object.keys($defs).length > 0 && { $defs }),
      },
    ];
  });
  return Object.fromEntries(schemas) as Record<string, Schema>;
}

const DEFS = '#/$defs/';

class SchemaWriter {
  /** Interfaces by name. Null marks one that is being written, so that a recursive type ends. */
  private readonly defs = new Map<string, Schema | null>();

  constructor(private readonly checker: ts.TypeChecker) {}

  schemaOf(type: ts.Type): Schema {
    const { checker } = this;
    if (type.flags & ts.TypeFlags.Unknown) return {};
    if (type.flags & ts.TypeFlags.Null) return { type: 'null' };
    if (type.isLiteral()) return { enum: [type.value] };
    if (type.flags & ts.TypeFlags.BooleanLike) return { type: 'boolean' };
    if (type.flags & ts.TypeFlags.StringLike) return { type: 'string' };
    if (type.flags & ts.TypeFlags.NumberLike) return { type: 'number' };
    if (type.isUnion()) return this.unionOf(type.types);
    const item = checker.isArrayType(type) && checker.getTypeArguments(type as ts.TypeReference)[0];
    if (item) return { type: 'array', items: this.schemaOf(item) };
    if (
      !(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) ||
      type.getCallSignatures().length > 0
    )
      throw new Error(`JSON cannot represent ${checker.typeToString(type)}`);
    return type.isClassOrInterface() ? this.referTo(type) : this.objectOf(type);
  }

  /** Removes a definition and returns it. @throws Error if it does not exist. */
  take($ref: string): Schema {
    const name = $ref.slice(DEFS.length);
    const schema = this.defs.get(name);
    if (!schema) throw new Error(`there is no definition ${name}`);
    this.defs.delete(name);
    return schema;
  }

  sorted(): Record<string, Schema> {
    return Object.fromEntries([...this.defs].toSorted(([a], [b]) => (a < b ? -1 : 1))) as Record<
      string,
      Schema
    >;
  }

  private unionOf(types: ts.Type[]): Schema {
    const defined = types.filter((type) => !(type.flags & ts.TypeFlags.Undefined));
    const literals = defined.flatMap((type) => (type.isLiteral() ? [type.value] : []));
    const others = defined.filter((type) => !type.isLiteral()).map((type) => this.schemaOf(type));
    const all = [...(literals.length > 0 ? [{ enum: literals }] : []), ...others];
    // Members may have the same schema: `boolean` is the union of true and false.
    const different = [...new Map(all.map((schema) => [JSON.stringify(schema), schema])).values()];
    const [only] = different;
    return only && different.length === 1 ? only : { anyOf: different };
  }

  private referTo(type: ts.InterfaceType): Schema {
    const { name } = type.symbol;
    if (!this.defs.has(name)) {
      this.defs.set(name, null);
      this.defs.set(name, { ...describe(type.symbol, this.checker), ...this.objectOf(type) });
    }
    return { $ref: DEFS + name };
  }

  private objectOf(type: ts.Type): Schema {
    const { checker } = this;
    const properties = checker.getPropertiesOfType(type);
    const rest = checker.getIndexInfoOfType(type, ts.IndexKind.String);
    return {
      type: 'object',
      properties: Object.fromEntries(
        properties.map((property) => [
          property.name,
          { ...describe(property, checker), ...this.schemaOf(checker.getTypeOfSymbol(property)) },
        ]),
      ),
      required: properties.filter(({ flags }) => !(flags & ts.SymbolFlags.Optional)).map(({ name }) => name),
      additionalProperties: rest ? this.schemaOf(rest.type) : false,
    };
  }
}

/** The doc comment of a symbol. */
function describe(symbol: ts.Symbol, checker: ts.TypeChecker): Pick<Schema, 'description'> {
  const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).replaceAll(/\s+/g, ' ');
  return text ? { description: text } : {};
}
