// `npm run bench [-- name …]`: runs the benchmarks whose names start so, prints what they measured and how it compares
// with the budgets, and writes out/bench/results.json. Exit status 1 means a benchmark broke, not a missed budget: a
// shared machine can miss one by itself.
import { fork } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import path from 'node:path';
import { percentile, type Bench, type Budget, type Measurement, type Medians } from './bench.ts';

const DEFAULT_RUNS = 5;
const NOT_BENCHES = ['main.ts', 'bench.ts'];
const here = import.meta.dirname;
const results = path.resolve(here, '..', '..', 'out', 'bench', 'results.json');

interface Result {
  name: string;
  medians: Medians;
  runs: Record<string, Measurement[]>;
  budgets: { title: string; value: number; max?: number; min?: number; met: boolean }[];
}

const [first, ...rest] = process.argv.slice(2);
if (first === '--subject') await runSubject(rest as [string, string, string]);
else process.exitCode = await runBenches(process.argv.slice(2));

async function runBenches(wanted: string[]): Promise<number> {
  const all = await loadBenches();
  const chosen = all.filter(
    ({ bench }) => wanted.length === 0 || wanted.some((name) => bench.name.startsWith(name)),
  );
  if (chosen.length === 0) {
    console.error(`No benchmark starts with ${wanted.join(' or ')}. There are:`);
    for (const { bench } of all) console.error(`  ${bench.name}`);
    return 1;
  }
  const done: Result[] = [];
  const broken: string[] = [];
  for (const { file, bench } of chosen) {
    try {
      const result = await measure(file, bench);
      done.push(result);
      print(bench, result);
    } catch (error) {
      broken.push(bench.name);
      console.error(`\n${bench.name}\n  broke: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  mkdirSync(path.dirname(results), { recursive: true });
  const machine = {
    node: process.version,
    system: `${platform()} ${arch()}`,
    processors: cpus().length,
    memoryBytes: totalmem(),
  };
  writeFileSync(
    results,
    `${JSON.stringify({ at: new Date().toISOString(), machine, results: done }, undefined, 1)}\n`,
  );
  const budgets = done.flatMap((result) => result.budgets);
  const met = budgets.filter((budget) => budget.met).length;
  console.log(`\n${met} of ${budgets.length} budgets met. ${path.relative(process.cwd(), results)}`);
  if (broken.length > 0) console.error(`Broken: ${broken.join(', ')}`);
  return broken.length > 0 ? 1 : 0;
}

async function loadBenches(): Promise<{ file: string; bench: Bench }[]> {
  const files = readdirSync(here).filter((file) => file.endsWith('.ts') && !NOT_BENCHES.includes(file));
  const loaded = await Promise.all(
    files.sort().map(async (file) => {
      const { benches } = (await import(`./${file}`)) as { benches?: readonly Bench[] };
      return (benches ?? []).map((bench) => ({ file, bench }));
    }),
  );
  return loaded.flat();
}

/** Takes turns between the subjects, so that a slow moment of the machine hits all of them. */
async function measure(file: string, bench: Bench): Promise<Result> {
  const subjects = Object.keys(bench.subjects);
  const runs: Record<string, Measurement[]> = Object.fromEntries(subjects.map((subject) => [subject, []]));
  for (let run = 0; run < (bench.runs ?? DEFAULT_RUNS); run++) {
    for (const subject of subjects) runs[subject]!.push(await inProcess(file, bench.name, subject));
  }
  const medians = Object.fromEntries(subjects.map((subject) => [subject, medianOf(runs[subject]!)]));
  return { name: bench.name, medians, runs, budgets: bench.budgets.map((budget) => judge(budget, medians)) };
}

function inProcess(file: string, bench: string, subject: string): Promise<Measurement> {
  return new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, ['--subject', file, bench, subject], {
      execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.once('message', (message) => resolve(message as Measurement));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${subject} ended with status ${code} and no result`)));
  });
}

async function runSubject([file, name, subject]: [string, string, string]): Promise<void> {
  const { benches } = (await import(`./${file}`)) as { benches: readonly Bench[] };
  const measurement = await benches.find((bench) => bench.name === name)!.subjects[subject]!();
  const peakMb = process.resourceUsage().maxRSS / 1024;
  process.send!({ ...measurement, 'peak MB': peakMb }, () => process.exit(0));
}

function medianOf(runs: readonly Measurement[]): Measurement {
  const metrics = [...new Set(runs.flatMap((run) => Object.keys(run)))];
  return Object.fromEntries(
    metrics.map((metric) => [
      metric,
      percentile(
        runs.flatMap((run) => run[metric] ?? []),
        0.5,
      ),
    ]),
  );
}

function judge(budget: Budget, medians: Medians): Result['budgets'][number] {
  const value = budget.value(medians);
  const met = budget.max === undefined ? value >= budget.min! : value <= budget.max;
  const { title, max, min } = budget;
  return { title, value, met, ...(max === undefined ? {} : { max }), ...(min === undefined ? {} : { min }) };
}

function print(bench: Bench, result: Result): void {
  const metrics = [
    ...new Set(Object.values(result.medians).flatMap((measurement) => Object.keys(measurement))),
  ];
  const rows = Object.entries(result.medians).map(([subject, measurement]) => [
    `  ${subject}`,
    ...metrics.map((metric) => (measurement[metric] === undefined ? '' : format(measurement[metric]))),
  ]);
  console.log(`\n${bench.name}`);
  printTable([['', ...metrics], ...rows]);
  printTable(
    result.budgets.map((budget) => [
      `  ${budget.met ? 'met ' : 'MISS'} ${budget.title}`,
      format(budget.value),
      budget.max === undefined ? `at least ${budget.min}` : `at most ${budget.max}`,
    ]),
  );
  if (bench.note) console.log(`  ${bench.note}`);
}

function printTable(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]!.length))) ?? [];
  for (const row of rows) {
    console.log(
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
        .join('   '),
    );
  }
}

function format(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
