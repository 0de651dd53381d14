/**
 * Declarations of ECMAScript 5 with the typed arrays: what the engine of a Campaign server has, and no more.
 * Source: ECMA-262, edition 5.1. `Symbol.iterator` only serves the types of `for each`.
 */
export const ecmaScript = `
/** TypeScript looks for this name before it reads any iterator. */
interface Iterable<T, TReturn = any, TNext = any> { [Symbol.iterator](): ᐸIterator<T> }
interface SymbolConstructor { readonly iterator: unique symbol }
declare var Symbol: SymbolConstructor;

declare var NaN: number;
declare var Infinity: number;

/** Evaluates a text as a script. */
declare function eval(text: string): any;
/** Reads an integer at the start of a text. Name the radix: \`parseInt(text, 10)\`. */
declare function parseInt(text: any, radix?: number): number;
/** Reads a number at the start of a text. */
declare function parseFloat(text: any): number;
declare function isNaN(value: any): boolean;
declare function isFinite(value: any): boolean;
/** Escapes a value for a part of a URI. */
declare function encodeURIComponent(text: any): string;
declare function decodeURIComponent(text: string): string;
/** Escapes a whole URI; its separators stay. */
declare function encodeURI(text: string): string;
declare function decodeURI(text: string): string;
declare function escape(text: string): string;
declare function unescape(text: string): string;

interface PropertyDescriptor { configurable?: boolean; enumerable?: boolean; value?: any; writable?: boolean; get?(): any; set?(value: any): void }
interface PropertyDescriptorMap { [name: string]: PropertyDescriptor }

interface Object {
  constructor: Function;
  toString(): string;
  toLocaleString(): string;
  valueOf(): Object;
  /** Has the object this property itself, not by inheritance? */
  hasOwnProperty(name: any): boolean;
  isPrototypeOf(value: Object): boolean;
  propertyIsEnumerable(name: any): boolean;
}
interface ObjectConstructor {
  new (value?: any): Object;
  (value?: any): any;
  readonly prototype: Object;
  getPrototypeOf(value: any): any;
  getOwnPropertyDescriptor(value: any, name: any): PropertyDescriptor;
  getOwnPropertyNames(value: any): string[];
  /** A new object with that prototype. */
  create(prototype: object, properties?: PropertyDescriptorMap): any;
  defineProperty<T>(value: T, name: any, descriptor: PropertyDescriptor): T;
  defineProperties<T>(value: T, descriptors: PropertyDescriptorMap): T;
  seal<T>(value: T): T;
  freeze<T>(value: T): T;
  preventExtensions<T>(value: T): T;
  isSealed(value: any): boolean;
  isFrozen(value: any): boolean;
  isExtensible(value: any): boolean;
  /** Names of the object's own enumerable properties. */
  keys(value: any): string[];
}
declare var Object: ObjectConstructor;

interface Function {
  /** Calls the function with that \`this\` and an array of arguments. */
  apply(self: any, args?: any): any;
  /** Calls the function with that \`this\`. */
  call(self: any, ...args: any[]): any;
  /** A function with \`this\` and its first arguments fixed. */
  bind(self: any, ...args: any[]): any;
  toString(): string;
  prototype: any;
  readonly length: number;
  readonly name: string;
  arguments: any;
  caller: Function;
}
interface FunctionConstructor { new (...args: string[]): Function; (...args: string[]): Function; readonly prototype: Function }
declare var Function: FunctionConstructor;
interface CallableFunction extends Function {}
interface NewableFunction extends Function {}
interface IArguments { [index: number]: any; length: number; callee: Function }

interface String {
  toString(): string;
  valueOf(): string;
  charAt(index: number): string;
  charCodeAt(index: number): number;
  concat(...texts: any[]): string;
  /** Position of a text, or -1. */
  indexOf(text: string, from?: number): number;
  lastIndexOf(text: string, from?: number): number;
  localeCompare(other: string): number;
  /** What a regular expression finds; null when nothing. */
  match(pattern: string | RegExp): RegExpMatchArray | null;
  /** Replaces the first match, or all of a global regular expression. */
  replace(pattern: string | RegExp, replacement: string | ((match: string, ...groups: any[]) => string)): string;
  search(pattern: string | RegExp): number;
  /** Part of a text; a negative position counts from the end. */
  slice(start?: number, end?: number): string;
  split(separator: string | RegExp, limit?: number): string[];
  /** Part of a text between two positions. */
  substring(start: number, end?: number): string;
  /** Part of a text by position and length. */
  substr(start: number, length?: number): string;
  toLowerCase(): string;
  toLocaleLowerCase(): string;
  toUpperCase(): string;
  toLocaleUpperCase(): string;
  trim(): string;
  readonly length: number;
  readonly [index: number]: string;
  [Symbol.iterator](): ᐸIterator<string>;
}
interface StringConstructor { new (value?: any): String; (value?: any): string; readonly prototype: String; fromCharCode(...codes: number[]): string }
/** Turns a value into a text; of XML, its text content. */
declare var String: StringConstructor;
interface RegExpMatchArray extends Array<string> { index?: number; input?: string; 0: string }
interface RegExpExecArray extends Array<string> { index: number; input: string; 0: string }

interface Boolean { valueOf(): boolean }
interface BooleanConstructor { new (value?: any): Boolean; (value?: any): boolean; readonly prototype: Boolean }
declare var Boolean: BooleanConstructor;

interface Number {
  toString(radix?: number): string;
  /** A text with that many decimals. */
  toFixed(digits?: number): string;
  toExponential(digits?: number): string;
  toPrecision(digits?: number): string;
  toLocaleString(): string;
  valueOf(): number;
}
interface NumberConstructor {
  new (value?: any): Number;
  (value?: any): number;
  readonly prototype: Number;
  readonly MAX_VALUE: number;
  readonly MIN_VALUE: number;
  readonly NaN: number;
  readonly NEGATIVE_INFINITY: number;
  readonly POSITIVE_INFINITY: number;
}
declare var Number: NumberConstructor;

interface Math {
  readonly E: number; readonly LN10: number; readonly LN2: number; readonly LOG2E: number; readonly LOG10E: number;
  readonly PI: number; readonly SQRT1_2: number; readonly SQRT2: number;
  abs(x: number): number; acos(x: number): number; asin(x: number): number; atan(x: number): number;
  atan2(y: number, x: number): number;
  /** The next integer up. */
  ceil(x: number): number;
  cos(x: number): number; exp(x: number): number;
  /** The next integer down. */
  floor(x: number): number;
  log(x: number): number;
  max(...values: number[]): number; min(...values: number[]): number;
  pow(x: number, y: number): number;
  /** A number from 0 up to, not including, 1. */
  random(): number;
  round(x: number): number;
  sin(x: number): number; sqrt(x: number): number; tan(x: number): number;
}
declare var Math: Math;

interface Date {
  toString(): string; toDateString(): string; toTimeString(): string;
  toLocaleString(): string; toLocaleDateString(): string; toLocaleTimeString(): string;
  valueOf(): number;
  /** Milliseconds since 1970-01-01 UTC. */
  getTime(): number;
  getFullYear(): number; getUTCFullYear(): number;
  /** 0 for January. */
  getMonth(): number;
  getUTCMonth(): number;
  /** Day of the month, from 1. */
  getDate(): number;
  getUTCDate(): number;
  /** Day of the week, 0 for Sunday. */
  getDay(): number;
  getUTCDay(): number;
  getHours(): number; getUTCHours(): number; getMinutes(): number; getUTCMinutes(): number;
  getSeconds(): number; getUTCSeconds(): number; getMilliseconds(): number; getUTCMilliseconds(): number;
  getTimezoneOffset(): number;
  getYear(): number;
  setTime(time: number): number;
  setMilliseconds(ms: number): number; setUTCMilliseconds(ms: number): number;
  setSeconds(seconds: number, ms?: number): number; setUTCSeconds(seconds: number, ms?: number): number;
  setMinutes(minutes: number, seconds?: number, ms?: number): number; setUTCMinutes(minutes: number, seconds?: number, ms?: number): number;
  setHours(hours: number, minutes?: number, seconds?: number, ms?: number): number; setUTCHours(hours: number, minutes?: number, seconds?: number, ms?: number): number;
  setDate(day: number): number; setUTCDate(day: number): number;
  setMonth(month: number, day?: number): number; setUTCMonth(month: number, day?: number): number;
  setFullYear(year: number, month?: number, day?: number): number; setUTCFullYear(year: number, month?: number, day?: number): number;
  toUTCString(): string;
  /** ISO 8601 in UTC. */
  toISOString(): string;
  toJSON(key?: any): string;
}
interface DateConstructor {
  new (): Date;
  new (value: any): Date;
  new (year: number, month: number, day?: number, hours?: number, minutes?: number, seconds?: number, ms?: number): Date;
  (): string;
  readonly prototype: Date;
  parse(text: string): number;
  UTC(year: number, month: number, day?: number, hours?: number, minutes?: number, seconds?: number, ms?: number): number;
  now(): number;
}
declare var Date: DateConstructor;

interface RegExp {
  /** The next match with its groups; null when there is none. */
  exec(text: string): RegExpExecArray | null;
  test(text: any): boolean;
  readonly source: string; readonly global: boolean; readonly ignoreCase: boolean; readonly multiline: boolean;
  lastIndex: number;
}
interface RegExpConstructor { new (pattern: string | RegExp, flags?: string): RegExp; (pattern: string | RegExp, flags?: string): RegExp; readonly prototype: RegExp }
declare var RegExp: RegExpConstructor;

interface Error { name: string; message: string; stack?: string; fileName?: string; lineNumber?: number }
interface ErrorConstructor { new (message?: string): Error; (message?: string): Error; readonly prototype: Error }
declare var Error: ErrorConstructor;
declare var EvalError: ErrorConstructor;
declare var RangeError: ErrorConstructor;
declare var ReferenceError: ErrorConstructor;
declare var SyntaxError: ErrorConstructor;
declare var TypeError: ErrorConstructor;
declare var URIError: ErrorConstructor;
declare var InternalError: ErrorConstructor;

interface JSON {
  /** Reads JSON. */
  parse(text: string, reviver?: (key: any, value: any) => any): any;
  /** Writes JSON. */
  stringify(value: any, replacer?: ((key: string, value: any) => any) | any[] | null, space?: string | number): string;
}
declare var JSON: JSON;

interface ReadonlyArray<T> { readonly length: number; readonly [index: number]: T; [Symbol.iterator](): ᐸIterator<T>; indexOf(item: T, from?: number): number; join(separator?: string): string; slice(start?: number, end?: number): T[] }
interface ConcatArray<T> { readonly length: number; readonly [index: number]: T }
interface ArrayLike<T> { readonly length: number; readonly [index: number]: T }
interface Array<T> {
  length: number;
  [index: number]: T;
  [Symbol.iterator](): ᐸIterator<T>;
  toString(): string;
  toLocaleString(): string;
  /** Takes the last item off. */
  pop(): T | undefined;
  /** Adds items at the end; gives the new length. */
  push(...items: T[]): number;
  concat(...items: (T | ConcatArray<T>)[]): T[];
  /** The items as one text. */
  join(separator?: string): string;
  reverse(): T[];
  /** Takes the first item off. */
  shift(): T | undefined;
  /** A copy of a part. */
  slice(start?: number, end?: number): T[];
  sort(compare?: (a: T, b: T) => number): this;
  /** Removes items and puts others in their place; gives the removed ones. */
  splice(start: number, count?: number, ...items: T[]): T[];
  /** Adds items at the start; gives the new length. */
  unshift(...items: T[]): number;
  /** Position of an item, or -1. */
  indexOf(item: T, from?: number): number;
  lastIndexOf(item: T, from?: number): number;
  every(test: (item: T, index: number, array: T[]) => any, self?: any): boolean;
  some(test: (item: T, index: number, array: T[]) => any, self?: any): boolean;
  forEach(action: (item: T, index: number, array: T[]) => void, self?: any): void;
  map<U>(convert: (item: T, index: number, array: T[]) => U, self?: any): U[];
  filter(test: (item: T, index: number, array: T[]) => any, self?: any): T[];
  reduce(combine: (previous: T, item: T, index: number, array: T[]) => T): T;
  reduce<U>(combine: (previous: U, item: T, index: number, array: T[]) => U, initial: U): U;
  reduceRight(combine: (previous: T, item: T, index: number, array: T[]) => T): T;
  reduceRight<U>(combine: (previous: U, item: T, index: number, array: T[]) => U, initial: U): U;
}
interface ArrayConstructor {
  new (length?: number): any[];
  new <T>(...items: T[]): T[];
  (length?: number): any[];
  <T>(...items: T[]): T[];
  isArray(value: any): value is any[];
  readonly prototype: any[];
}
declare var Array: ArrayConstructor;

type Partial<T> = { [P in keyof T]?: T[P] };
type Required<T> = { [P in keyof T]-?: T[P] };
type Readonly<T> = { readonly [P in keyof T]: T[P] };
type Pick<T, K extends keyof T> = { [P in K]: T[P] };
type Record<K extends keyof any, T> = { [P in K]: T };
interface ThisType<T> {}
interface TemplateStringsArray extends ReadonlyArray<string> { readonly raw: readonly string[] }

interface ArrayBuffer { readonly byteLength: number; slice(begin: number, end?: number): ArrayBuffer }
declare var ArrayBuffer: { new (byteLength: number): ArrayBuffer; readonly prototype: ArrayBuffer };
interface ᐸTypedArray { readonly buffer: ArrayBuffer; readonly byteLength: number; readonly byteOffset: number; readonly length: number; [index: number]: number; set(values: ArrayLike<number>, offset?: number): void; subarray(begin?: number, end?: number): this; [Symbol.iterator](): ᐸIterator<number> }
interface ᐸTypedArrayConstructor<T> { new (length: number): T; new (values: ArrayLike<number>): T; new (buffer: ArrayBuffer, byteOffset?: number, length?: number): T; readonly BYTES_PER_ELEMENT: number; readonly prototype: T }
interface Int8Array extends ᐸTypedArray {}
interface Uint8Array extends ᐸTypedArray {}
interface Uint8ClampedArray extends ᐸTypedArray {}
interface Int16Array extends ᐸTypedArray {}
interface Uint16Array extends ᐸTypedArray {}
interface Int32Array extends ᐸTypedArray {}
interface Uint32Array extends ᐸTypedArray {}
interface Float32Array extends ᐸTypedArray {}
interface Float64Array extends ᐸTypedArray {}
declare var Int8Array: ᐸTypedArrayConstructor<Int8Array>;
declare var Uint8Array: ᐸTypedArrayConstructor<Uint8Array>;
declare var Uint8ClampedArray: ᐸTypedArrayConstructor<Uint8ClampedArray>;
declare var Int16Array: ᐸTypedArrayConstructor<Int16Array>;
declare var Uint16Array: ᐸTypedArrayConstructor<Uint16Array>;
declare var Int32Array: ᐸTypedArrayConstructor<Int32Array>;
declare var Uint32Array: ᐸTypedArrayConstructor<Uint32Array>;
declare var Float32Array: ᐸTypedArrayConstructor<Float32Array>;
declare var Float64Array: ᐸTypedArrayConstructor<Float64Array>;
`;
