import { expressionFunctions, type ExpressionFunction } from '../../core/expression/functions.ts';
import { quoteXtk } from '../../core/expression/literals.ts';
import { typeFamily, type TypeFamily } from '../../core/expression/typeFamily.ts';
import type { SchemaElement } from '../../core/schema/schema.ts';
import type { FieldPath, ModelPaths } from './modelPaths.ts';
import type { Random } from './random.ts';

/** Kinds of value an expression can be asked for. */
export type ValueFamily = Extract<TypeFamily, 'text' | 'number' | 'boolean' | 'date'>;

/** Where an expression stands: where its paths start, and what it may hold besides. */
export interface ExpressionPlace {
  element: SchemaElement;
  /** The query around a sub-query, in reach of `../`. */
  outer?: SchemaElement;
}

const families: readonly ValueFamily[] = ['text', 'number', 'boolean', 'date'];

/** Functions with a grammar of their own, or that mean something only inside others. */
const specialNames: ReadonlySet<string> = new Set([
  'Case',
  'When',
  'Else',
  'RowNum',
  'PartitionBy',
  'OrderBy',
  'Desc',
  '_Over_',
  'RowId',
  'EV',
  'EL',
  'EVal',
  'EImg',
]);

/**
 * Functions a query can call. Those only forms use are evaluated by the console, not by the server
 * ("Two engines evaluate expressions").
 */
const queryFunctions: readonly ExpressionFunction[] = expressionFunctions.filter(
  (row) =>
    !specialNames.has(row.name) &&
    row.group !== 'aggregate' &&
    row.sources.some((source) => source !== 'forms'),
);

const byResult: ReadonlyMap<ValueFamily, readonly ExpressionFunction[]> = new Map(
  families.map((family) => [family, queryFunctions.filter((row) => typeFamily(row.returns) === family)]),
);

const texts = ['Paris', "O'Neil", 'a\\b', 'é%', '', 'x & y < z > "q"', 'gold', '2024', 'jean-paul', '日本'];
const dates = [
  '2024-01-01',
  '2024/02/29',
  '2021-07-07T10:03:33.332Z',
  '2018-11-18 01:00:04.690Z',
  '2023-12-31 23:59:59',
];

/** Writes random expressions of a wanted kind; every one is right as far as the language is documented. */
export class ExpressionGenerator {
  private readonly random: Random;
  private readonly paths: ModelPaths;

  constructor(random: Random, paths: ModelPaths) {
    this.random = random;
    this.paths = paths;
  }

  /** A condition, as `condition@expr` wants it. */
  condition(place: ExpressionPlace, depth = 2): string {
    const { random } = this;
    const kind = random.weighted({
      compare: 10,
      like: 3,
      in: 3,
      isNull: 3,
      logical: depth > 0 ? 3 : 0,
      not: depth > 0 ? 1 : 0,
      ev: 1,
      flag: 1,
    });
    switch (kind) {
      case 'compare':
        return this.comparison(place, depth);
      case 'like': {
        const pattern = random.pick(["'A%'", "'%son'", "'%a_b%'", "'100\\% %'", "'\\'%'"]);
        return `${this.operand(place, 'text', depth)} ${this.word(random.pick(['LIKE', 'NOT LIKE']))} ${pattern}`;
      }
      case 'in':
        return this.membership(place);
      case 'isNull': {
        const field = this.field(place, random.pick(['text', 'date'] as const));
        return field === undefined
          ? this.comparison(place, 0)
          : `${this.path(field.path)} ${this.word(random.pick(['IS NULL', 'IS NOT NULL']))}`;
      }
      case 'logical': {
        const operator = this.word(random.pick(['AND', 'OR']));
        const parts = Array.from({ length: random.int(2, 3) }, () => {
          const part = this.condition(place, depth - 1);
          return random.chance(0.5) ? `(${part})` : this.bracketLogical(part);
        });
        return parts.join(` ${operator} `);
      }
      case 'not':
        return `${this.word('NOT')} (${this.condition(place, depth - 1)})`;
      case 'ev': {
        const field = this.enumerated(place);
        if (field === undefined) return this.comparison(place, depth);
        return `EV(${this.path(field.path)}, ${quoteXtk(random.pick(field.values!).name)})`;
      }
      case 'flag':
        return this.value(place, 'boolean', depth);
    }
  }

  /** A value of a family. */
  value(place: ExpressionPlace, family: ValueFamily, depth = 2): string {
    const { random } = this;
    const kind =
      depth <= 0
        ? random.weighted({ field: 4, literal: 1 })
        : random.weighted({ field: 5, literal: 2, call: 4, operator: 2, choice: 1 });
    switch (kind) {
      case 'field': {
        const field = this.field(place, family);
        return field === undefined ? this.literal(family) : this.path(field.path);
      }
      case 'literal':
        return this.literal(family);
      case 'call':
        return this.call(random.pick(byResult.get(family)!), place, depth - 1);
      case 'operator':
        return this.operation(place, family, depth - 1);
      case 'choice':
        return this.choice(place, family, depth - 1);
    }
  }

  /** A value that can stand next to an operator: brackets where it has operators of its own. */
  operand(place: ExpressionPlace, family: ValueFamily, depth: number): string {
    const text = this.value(place, family, depth);
    return /^[\w@]+$|^\[[^[\]]*\]$|^'(?:[^'\\]|\\.)*'$|^#[^#]*#$/.test(text) ? text : `(${text})`;
  }

  /** An aggregate over the rows, or over the paths of `element` where it is a collection. */
  aggregate(place: ExpressionPlace): string {
    const { random } = this;
    const kind = random.weighted({
      CountAll: 3,
      Count: 3,
      Countdistinct: 2,
      Sum: 2,
      Avg: 2,
      Min: 1,
      Max: 1,
      StdDev: 1,
      StringAgg: 1,
    });
    const name = random.chance(0.3) ? random.pick([kind.toUpperCase(), kind.toLowerCase()]) : kind;
    switch (kind) {
      case 'CountAll':
        return random.chance(0.8) ? `${name}()` : 'Count()';
      case 'Count':
      case 'Countdistinct':
        return `${name}(${this.path(this.field(place)?.path ?? '@id')})`;
      case 'StringAgg':
        return `${name}(${this.value(place, 'text', 0)}, ',')`;
      case 'Min':
      case 'Max':
        return `${name}(${this.value(place, random.pick(['number', 'date', 'text'] as const), 1)})`;
      case 'Sum':
      case 'Avg':
      case 'StdDev':
        return `${name}(${this.value(place, 'number', 1)})`;
    }
  }

  /** A constant of a family. */
  literal(family: ValueFamily): string {
    const { random } = this;
    switch (family) {
      case 'text':
        return quoteXtk(random.pick(texts));
      case 'number':
        return random.pick(['0', '1', '12', '3.25', '100000', '7']);
      case 'boolean':
        return random.pick(['true', 'false', 'TRUE']);
      case 'date':
        return random.chance(0.6)
          ? `#${random.pick(dates)}#`
          : random.pick(['GetDate()', 'DaysAgo(30)', 'MonthsAgo(2)']);
    }
  }

  /** A path as an expression writes it: brackets where it needs them, and now and then where it does not. */
  path(path: string): string {
    return /^(?:@|[A-Za-z_])\w*$/.test(path) && this.random.chance(0.8) ? path : `[${path}]`;
  }

  /** A field in reach, of the query itself or of the one around it. */
  field(place: ExpressionPlace, family?: ValueFamily): FieldPath | undefined {
    const { random } = this;
    if (place.outer !== undefined && random.chance(0.25)) {
      const field = this.paths.field(random, place.outer, family);
      if (field !== undefined) return { ...field, path: `../${field.path}` };
    }
    return this.paths.field(random, place.element, family);
  }

  private enumerated(place: ExpressionPlace): FieldPath | undefined {
    for (let attempt = 0; attempt < 6; attempt++) {
      const field = this.paths.field(this.random, place.element);
      if (field?.values !== undefined) return field;
    }
    return undefined;
  }

  private comparison(place: ExpressionPlace, depth: number): string {
    const { random } = this;
    const enumerated = random.chance(0.25) ? this.enumerated(place) : undefined;
    if (enumerated !== undefined) {
      // A bound may lie between the values.
      if (enumerated.family === 'number' && random.chance(0.2))
        return `${this.path(enumerated.path)} ${random.pick(['<', '>='])} 50`;
      const operator = random.pick(['=', '!=', '<>', '==']);
      return `${this.path(enumerated.path)} ${operator} ${this.enumerationValue(enumerated)}`;
    }
    const family = random.pick(families);
    const operator =
      family === 'boolean'
        ? random.pick(['=', '!='])
        : random.pick(['=', '!=', '<>', '<', '<=', '>', '>=', '==']);
    const left = this.plainField(place, family);
    const right = random.chance(0.6) ? this.literal(family) : this.plainOperand(place, family, depth - 1);
    const space = random.chance(0.85) ? ' ' : '';
    return random.chance(0.9)
      ? `${left}${space}${operator}${space}${right}`
      : `${right}${space}${operator}${space}${left}`;
  }

  /** A field without a closed list of values: any constant may be compared with it. */
  private plainField(place: ExpressionPlace, family: ValueFamily): string {
    for (let attempt = 0; attempt < 6; attempt++) {
      const field = this.field(place, family);
      if (field !== undefined && field.values === undefined) return this.path(field.path);
    }
    return this.call(this.random.pick(byResult.get(family)!), place, 0);
  }

  private plainOperand(place: ExpressionPlace, family: ValueFamily, depth: number): string {
    return this.random.chance(0.5) ? this.plainField(place, family) : this.operand(place, family, depth);
  }

  private enumerationValue(field: FieldPath): string {
    const { value } = this.random.pick(field.values!);
    return field.family === 'text' ? quoteXtk(value) : value;
  }

  private membership(place: ExpressionPlace): string {
    const { random } = this;
    const field = this.field(place, random.pick(['text', 'number'] as const));
    if (field === undefined) return this.comparison(place, 0);
    const values = Array.from({ length: random.int(1, 3) }, () =>
      field.values === undefined ? this.literal(field.family as ValueFamily) : this.enumerationValue(field),
    );
    return `${this.path(field.path)} ${this.word(random.pick(['IN', 'NOT IN']))} (${values.join(random.pick([', ', ',']))})`;
  }

  private call(row: ExpressionFunction, place: ExpressionPlace, depth: number): string {
    const { random } = this;
    const args: string[] = [];
    for (const param of row.params) {
      if (param.optional === true && random.chance(0.5)) break;
      const family = typeFamily(param.type);
      const wanted = families.includes(family as ValueFamily)
        ? (family as ValueFamily)
        : random.pick(families);
      args.push(this.value(place, wanted, depth));
    }
    const name = random.chance(0.1)
      ? random.pick([row.name.toLowerCase(), row.name.toUpperCase()])
      : row.name;
    return `${name}(${args.join(random.chance(0.9) ? ', ' : ',')})`;
  }

  private operation(place: ExpressionPlace, family: ValueFamily, depth: number): string {
    const { random } = this;
    switch (family) {
      case 'text':
        return `${this.operand(place, 'text', depth)} + ${this.operand(place, random.pick(['text', 'text', 'number'] as const), depth)}`;
      case 'number': {
        const operator = random.pick(['+', '-', '*', '/', '%']);
        const text = `${this.operand(place, 'number', depth)} ${operator} ${this.operand(place, 'number', depth)}`;
        return random.chance(0.1) ? `-(${text})` : text;
      }
      case 'boolean':
        return this.condition(place, Math.min(depth, 1));
      case 'date':
        return `AddDays(${this.value(place, 'date', depth)}, ${this.value(place, 'number', 0)})`;
    }
  }

  private choice(place: ExpressionPlace, family: ValueFamily, depth: number): string {
    const { random } = this;
    const condition = this.condition(place, 0);
    const [yes, no] = [this.value(place, family, depth), this.value(place, family, 0)];
    switch (random.weighted({ iif: 2, case: 2, decode: 1, coalesce: 1 })) {
      case 'iif':
        return `${random.pick(['Iif', 'iif'])}(${condition}, ${yes}, ${no})`;
      case 'case': {
        const otherwise = random.chance(0.7) ? `, Else(${no})` : '';
        return `Case(When(${condition}, ${yes})${otherwise})`;
      }
      case 'decode':
        return `Decode(${this.plainField(place, 'number')}, 2, ${yes}, ${no})`;
      case 'coalesce':
        return `Coalesce(${yes}, ${no})`;
    }
  }

  /** `a AND b` inside an OR keeps its meaning either way; the other way round it needs brackets. */
  private bracketLogical(text: string): string {
    return / (?:and|or) /i.test(text) ? `(${text})` : text;
  }

  /** Operator words may be written in any letter case. */
  private word(text: string): string {
    return this.random.chance(0.8) ? text : text.toLowerCase();
  }
}
