/**
 * Random numbers that are the same on every machine and run: the demo data must not depend on anything but its seed.
 * Generator: sfc32, seeded by a hash of a name; each part of the data has its own, so that a change of one part leaves
 * the others as they were.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(seed: string) {
    this.a = hash(`${seed}/a`);
    this.b = hash(`${seed}/b`);
    this.c = hash(`${seed}/c`);
    for (let i = 0; i < 12; i++) this.next32();
  }

  /** In [0, 1). */
  fraction(): number {
    return this.next32() / 0x1_0000_0000;
  }

  /** A whole number, both ends included. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.fraction() * (max - min + 1));
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** One of the items, which must not be empty. */
  pick<T>(items: readonly T[]): T {
    return items[this.integer(0, items.length - 1)]!;
  }

  /** One of the items, each as likely as its weight says. */
  pickWeighted<T extends { weight: number }>(items: readonly T[]): T {
    let at = this.fraction() * items.reduce((sum, { weight }) => sum + weight, 0);
    for (const item of items) {
      at -= item.weight;
      if (at < 0) return item;
    }
    return items.at(-1)!;
  }

  /** Digits, the first of which may be 0. */
  digits(count: number): string {
    let text = '';
    for (let i = 0; i < count; i++) text += String(this.integer(0, 9));
    return text;
  }

  /** A version 4 UUID in lower case. */
  uuid(): string {
    const hex = [0, 0, 0, 0].map(() => this.next32().toString(16).padStart(8, '0')).join('');
    const variant = '89ab'.charAt(parseInt(hex.charAt(16), 16) % 4);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  private next32(): number {
    const sum = (((this.a + this.b) >>> 0) + this.counter) >>> 0;
    this.counter = (this.counter + 1) >>> 0;
    this.a = (this.b ^ (this.b >>> 9)) >>> 0;
    this.b = (this.c + (this.c << 3)) >>> 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) >>> 0;
    return sum;
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
