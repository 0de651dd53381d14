import { typeFamily } from '../../core/expression/typeFamily.ts';
import type { SchemaElement } from '../../core/schema/schema.ts';
import { demoModel, queryableSchemas } from './demoModel.ts';
import { ExpressionGenerator, type ExpressionPlace } from './expressionGenerator.ts';
import { ModelPaths } from './modelPaths.ts';
import { element, randomLayout, writeQuery, type QueryLayout, type QueryXml } from './queryText.ts';
import { Random } from './random.ts';

/** A query that is right, as the dossier of the language has it. */
export interface GeneratedQuery {
  /** Names the case: the same seed gives the same query. */
  seed: number;
  xml: QueryXml;
  layout: QueryLayout;
  text: string;
}

/** Generates one query over the demo model. */
export function generateQuery(seed: number): GeneratedQuery {
  const random = new Random(seed);
  const xml = new QueryGenerator(random).query();
  const layout = randomLayout(random);
  return { seed, xml, layout, text: writeQuery(xml, layout) };
}

type Shape = 'plain' | 'grouped' | 'total' | 'distinct';

class QueryGenerator {
  private readonly random: Random;
  private readonly paths = new ModelPaths(demoModel);
  private readonly expressions: ExpressionGenerator;
  private aliasCount = 0;

  constructor(random: Random) {
    this.random = random;
    this.expressions = new ExpressionGenerator(random, this.paths);
  }

  query(): QueryXml {
    const { random } = this;
    const schema = random.pick(queryableSchemas);
    const operation = random.weighted({ select: 12, get: 1, getIfExists: 2, count: 2 });
    const place: ExpressionPlace = { element: schema.root! };
    const shape =
      operation === 'select' ? random.weighted({ plain: 8, grouped: 3, total: 1, distinct: 1 }) : 'plain';
    const select = this.select(place, shape);
    const isPaged = operation === 'select' && random.chance(0.2);
    const orderBy =
      operation === 'select' && (isPaged || random.chance(0.3))
        ? this.orderBy(place, shape, select)
        : undefined;
    const groupBy = shape === 'grouped' && random.chance(0.5) ? this.groupClause(select) : undefined;
    const having = shape === 'grouped' && random.chance(0.4) ? this.having(place) : undefined;
    const where = operation.startsWith('get') || random.chance(0.6) ? this.where(place) : undefined;
    const sysFilter = random.chance(0.05)
      ? element('sysFilter', { name: 'userFilter' }, [this.condition(place, 0)])
      : undefined;
    const clauses = [select, where, groupBy, having, orderBy, sysFilter].filter(
      (clause) => clause !== undefined,
    );
    return element(
      'queryDef',
      {
        schema: schema.id,
        operation: operation === 'select' && random.chance(0.3) ? undefined : operation,
        lineCount:
          operation === 'select' && (isPaged || random.chance(0.7)) ? String(random.int(1, 50)) : undefined,
        startLine: isPaged ? String(random.int(0, 20)) : undefined,
        distinct: shape === 'distinct' || (operation === 'count' && random.chance(0.2)) ? 'true' : undefined,
        startPath: random.chance(0.05) ? '/' : undefined,
        ...(random.chance(0.1) && {
          [random.pick(['noLineCount', 'firstRows', 'ignoreDeleteStatus'])]: 'true',
        }),
        ...(random.chance(0.1) && { xtkschema: 'xtk:queryDef' }),
      },
      // The order of clauses is free.
      random.chance(0.2) ? random.shuffle(clauses) : clauses,
    );
  }

  // Select ----------------------------------------------------------------------------------------------------------

  private select(place: ExpressionPlace, shape: Shape): QueryXml {
    const count = this.random.int(1, 5);
    const nodes = new Map<string, QueryXml>();
    for (let index = 0; index < count; index++) {
      for (const [target, node] of this.column(place, shape, index))
        if (!collides(nodes, target)) nodes.set(target, node);
    }
    if (shape === 'total' || shape === 'grouped') {
      const alias = this.alias();
      nodes.set(alias, element('node', { expr: this.expressions.aggregate(place), alias }));
    }
    if (nodes.size === 0)
      nodes.set('@id', element('node', { expr: this.expressions.path(keyOf(place.element)) }));
    return element('select', {}, [...nodes.values()]);
  }

  /** Columns by where they go in the answer. */
  private column(place: ExpressionPlace, shape: Shape, index: number): [string, QueryXml][] {
    const { random, expressions } = this;
    if (shape === 'total') {
      if (random.chance(0.5)) return [];
      const alias = this.alias();
      return [[alias, element('node', { expr: expressions.aggregate(place), alias })]];
    }
    if (shape === 'grouped') return this.groupedColumn(place, index);
    const kind =
      shape === 'distinct'
        ? random.pick(['field', 'computed'] as const)
        : random.weighted({
            field: 10,
            computed: 4,
            link: 2,
            collection: 3,
            xmlField: 1,
            counted: 1,
            window: 1,
            self: 1,
            container: 1,
            body: 0.5,
          });
    switch (kind) {
      case 'field': {
        const field = this.paths.field(random, place.element);
        if (field === undefined) return [];
        const alias = random.chance(0.2) ? this.alias() : undefined;
        const node = element('node', {
          expr: expressions.path(field.path),
          alias,
          label: random.chance(0.1) ? 'A & b' : undefined,
          analyze: field.values !== undefined && random.chance(0.3) ? 'true' : undefined,
        });
        return [[alias ?? field.path, node]];
      }
      case 'computed': {
        const alias = this.alias();
        const expr = expressions.value(place, random.pick(['text', 'number', 'boolean', 'date'] as const), 3);
        return [
          [alias, element('node', { expr, alias, noSqlBind: random.chance(0.1) ? 'true' : undefined })],
        ];
      }
      case 'link': {
        const link = this.paths.link(random, place.element);
        return link === undefined ? [] : [[link, element('node', { expr: expressions.path(link) })]];
      }
      case 'collection':
        return this.collectionColumn(place);
      case 'xmlField': {
        const field = this.paths.xmlField(random, place.element);
        return field === undefined
          ? []
          : [[field.path, element('node', { expr: expressions.path(field.path) })]];
      }
      case 'counted': {
        const collection = this.paths.collection(random, place.element);
        const field = collection && this.paths.field(random, collection.target);
        if (collection === undefined || field === undefined) return [];
        const alias = this.alias();
        const expr = `${random.pick(['Count', 'Countdistinct', 'Max'])}([${collection.path}/${field.path}])`;
        return [[alias, element('node', { expr, alias })]];
      }
      case 'window': {
        const alias = this.alias();
        const [part, order] = [
          this.paths.field(random, place.element),
          this.paths.field(random, place.element),
        ];
        if (part === undefined || order === undefined) return [];
        const by = expressions.path(order.path);
        const expr = `RowNum(PartitionBy(${expressions.path(part.path)}), OrderBy(${random.chance(0.5) ? `Desc(${by})` : by}))`;
        return [[alias, element('node', { expr, alias })]];
      }
      case 'container': {
        const container = random.pick([undefined, ...this.paths.containers(place.element)]);
        const anyType = random.chance(0.7) ? 'true' : undefined;
        return container === undefined ? [] : [[container, element('node', { expr: container, anyType })]];
      }
      case 'body':
        return place.element.elements.has('data') ? [['data', element('node', { expr: 'data' })]] : [];
      case 'self':
        return [['@_self', element('node', { expr: random.pick(['.', '[.]']), alias: '@_self' })]];
    }
  }

  private groupedColumn(place: ExpressionPlace, index: number): [string, QueryXml][] {
    const { random, expressions } = this;
    if (index > 0 && random.chance(0.4)) {
      const alias = this.alias();
      return [[alias, element('node', { expr: expressions.aggregate(place), alias })]];
    }
    if (random.chance(0.2)) {
      const date = this.paths.field(random, place.element, 'date');
      const alias = this.alias();
      if (date !== undefined)
        return [
          [alias, element('node', { expr: `Year(${expressions.path(date.path)})`, alias, groupBy: 'true' })],
        ];
    }
    const field = this.paths.field(random, place.element);
    return field === undefined || field.type === 'memo'
      ? []
      : [
          [
            field.path,
            element('node', { expr: expressions.path(field.path), groupBy: random.pick(['true', '1']) }),
          ],
        ];
  }

  private collectionColumn(place: ExpressionPlace): [string, QueryXml][] {
    const { random } = this;
    const collection = this.paths.collection(random, place.element);
    if (collection === undefined) return [];
    const inner: ExpressionPlace = { element: collection.target };
    const nodes = new Map<string, QueryXml>();
    for (let count = random.int(1, 3); count > 0; count--) {
      const field = this.paths.field(random, collection.target);
      if (field !== undefined && !collides(nodes, field.path))
        nodes.set(field.path, element('node', { expr: this.expressions.path(field.path) }));
    }
    if (nodes.size === 0) return [];
    if (random.chance(0.2)) {
      const alias = `../${this.alias()}`;
      nodes.set(alias, element('node', { expr: this.expressions.aggregate(inner), alias }));
    }
    const children = [...nodes.values()];
    if (random.chance(0.5)) children.push(this.where(inner, 1));
    if (random.chance(0.3)) {
      const field = this.paths.field(random, collection.target);
      if (field !== undefined)
        children.push(
          element('orderBy', {}, [
            element('node', {
              expr: this.expressions.path(field.path),
              sortDesc: random.chance(0.5) ? 'true' : undefined,
            }),
          ]),
        );
    }
    return [[collection.path, element('node', { expr: this.expressions.path(collection.path) }, children)]];
  }

  private alias(): string {
    const name = this.random.pick(['value', 'total', 'label', 'key']) + String(++this.aliasCount);
    return this.random.weighted({ plain: 8, nested: 1 }) === 'plain'
      ? `@${name}`
      : `part${this.aliasCount}/@${name}`;
  }

  // Order and groups ------------------------------------------------------------------------------------------------

  private orderBy(place: ExpressionPlace, shape: Shape, select: QueryXml): QueryXml {
    const { random } = this;
    // What is distinct or grouped can only be ordered by what is selected.
    const isFree = shape === 'plain';
    const selected = select.children.map((node) => node.attributes.find(([name]) => name === 'expr')![1]);
    const terms = Array.from({ length: random.int(1, 2) }, () => {
      if (!isFree) return random.pick(selected);
      return random.chance(0.8)
        ? this.expressions.path(this.paths.field(random, place.element)?.path ?? keyOf(place.element))
        : this.expressions.value(place, 'number', 2);
    });
    const nodes = [...new Set(terms)].map((expr) =>
      element('node', {
        expr,
        sortDesc: random.chance(0.4) ? random.pick(['true', '1', 'false']) : undefined,
      }),
    );
    return element('orderBy', {}, nodes);
  }

  /** Moves the mark on the nodes into a clause of its own; some of them, or all. */
  private groupClause(select: QueryXml): QueryXml | undefined {
    const terms: QueryXml[] = [];
    for (const node of select.children) {
      const at = node.attributes.findIndex(([name]) => name === 'groupBy');
      if (at < 0) continue;
      if (this.random.chance(0.7)) node.attributes.splice(at, 1);
      terms.push(element('node', { expr: node.attributes.find(([name]) => name === 'expr')![1] }));
    }
    return terms.length === 0 ? undefined : element('groupBy', {}, terms);
  }

  private having(place: ExpressionPlace): QueryXml {
    const conditions = Array.from({ length: this.random.int(1, 2) }, () => {
      const expr = `${this.random.pick(['CountAll()', `Count(${this.expressions.path(this.paths.field(this.random, place.element)?.path ?? '@id')})`])} ${this.random.pick(['>', '>=', '!='])} ${this.random.int(0, 5)}`;
      return element('condition', {
        expr,
        boolOperator: this.random.chance(0.4) ? this.random.pick(['AND', 'OR']) : undefined,
      });
    });
    return element('having', {}, conditions);
  }

  // Conditions ------------------------------------------------------------------------------------------------------

  private where(place: ExpressionPlace, depth = 2): QueryXml {
    const conditions = Array.from({ length: this.random.int(1, 3) }, () => this.condition(place, depth));
    return element('where', {}, conditions);
  }

  private condition(place: ExpressionPlace, depth: number): QueryXml {
    const { random, expressions } = this;
    const more = {
      boolOperator: random.chance(0.4) ? random.pick(['AND', 'OR']) : undefined,
      internalId: random.chance(0.1) ? String(random.int(1, 99)) : undefined,
      ignore: random.chance(0.03) ? 'true' : undefined,
      enabledIf: random.chance(0.04) ? "$(login) != ''" : undefined,
    };
    const kind = random.weighted({
      plain: 8,
      group: depth > 0 ? 2 : 0,
      exists: depth > 0 ? 3 : 0,
      in: depth > 0 ? 2 : 0,
      measured: 1,
      summed: 1,
      joined: depth > 0 ? 0.8 : 0,
      macro: 0.4,
    });
    switch (kind) {
      case 'group':
        return element(
          'condition',
          more,
          Array.from({ length: random.int(1, 3) }, () => this.condition(place, depth - 1)),
        );
      case 'exists': {
        const collection = this.paths.collection(random, place.element);
        if (collection === undefined) break;
        const inner = Array.from({ length: random.int(0, 2) }, () =>
          this.condition({ element: collection.target }, depth - 1),
        );
        return element(
          'condition',
          {
            expr: expressions.path(collection.path),
            setOperator: random.pick(['EXISTS', 'NOT EXISTS']),
            ...more,
          },
          inner,
        );
      }
      case 'in':
        return this.membership(place, more, depth);
      case 'measured': {
        const collection = this.paths.collection(random, place.element);
        if (collection === undefined) break;
        return element('condition', {
          expr: `${expressions.path(collection.path)} ${random.pick(['>', '>=', '=', '<'])} ${random.int(0, 5)}`,
          setOperator: 'COUNT',
          ...more,
        });
      }
      case 'macro': {
        const field = expressions.field({ element: place.element }, 'text');
        if (field === undefined || field.values !== undefined) break;
        return element('condition', { expr: `${expressions.path(field.path)} = $(login)`, ...more });
      }
      case 'summed': {
        const collection = this.paths.collection(random, place.element);
        const setOperator = random.pick(['SUM', 'AVG', 'MIN', 'MAX']);
        // The smallest and the greatest are values of the field, which may have a closed list of them.
        const field = collection && this.ownNumber(collection.target, setOperator.startsWith('M'));
        if (collection === undefined || field === undefined) break;
        const expr = `[${collection.path}/${field}] ${random.pick(['>', '<=', '!='])} ${random.pick(['0', '12.5', '-3'])}`;
        return element('condition', { expr, setOperator, ...more });
      }
      case 'joined': {
        // A schema beside this one, related by nothing but the condition.
        const schema = random.pick(queryableSchemas);
        const [own, other] = [place.element, schema.root!].map((root) =>
          this.paths.field(random, root, 'text'),
        );
        if (
          own === undefined ||
          other === undefined ||
          own.values !== undefined ||
          other.values !== undefined
        )
          break;
        const alias = random.chance(0.5) ? 'other:' : '';
        return element('condition', {
          expr: `${expressions.path(own.path)} = [${schema.id}:${alias}${other.path}]`,
          ...more,
        });
      }
      case 'plain':
        break;
    }
    return element('condition', { expr: expressions.condition(place), ...more });
  }

  /** A number of the records themselves, not of what they link to. */
  private ownNumber(root: SchemaElement, isFree: boolean): string | undefined {
    const names = [...root.attributes.values()].filter(
      ({ xml, type, enumeration }) =>
        !xml && typeFamily(type ?? 'string') === 'number' && !(isFree && enumeration !== undefined),
    );
    return names.length === 0 ? undefined : `@${this.random.pick(names).name}`;
  }

  /** `IN` and `NOT IN` over a sub-query, whose conditions may reach out. */
  private membership(
    place: ExpressionPlace,
    more: Readonly<Record<string, string | undefined>>,
    depth: number,
  ): QueryXml {
    const { random, expressions } = this;
    const family = random.pick(['number', 'text'] as const);
    const schema = random.pick(queryableSchemas);
    const [value, selected] = [
      this.paths.field(random, place.element, family),
      this.paths.field(random, schema.root!, family),
    ];
    if (value === undefined || selected === undefined)
      return element('condition', { expr: expressions.condition(place), ...more });
    const inner: ExpressionPlace = { element: schema.root!, outer: place.element };
    const clauses = [element('select', {}, [element('node', { expr: expressions.path(selected.path) })])];
    if (random.chance(0.6)) clauses.push(this.where(inner, depth - 1));
    const subQuery = element(
      'subQuery',
      { schema: schema.id, distinct: random.chance(0.1) ? 'true' : undefined },
      clauses,
    );
    return element(
      'condition',
      { expr: expressions.path(value.path), setOperator: random.pick(['IN', 'NOT IN']), ...more },
      [subQuery],
    );
  }
}

/** Would two columns go to the same place, or one into the other? */
function collides(nodes: ReadonlyMap<string, QueryXml>, target: string): boolean {
  return [...nodes.keys()].some(
    (other) => other === target || other.startsWith(`${target}/`) || target.startsWith(`${other}/`),
  );
}

function keyOf(root: SchemaElement): string {
  return root.keys.find((key) => key.primary)?.fields[0]?.xpath ?? '@id';
}
