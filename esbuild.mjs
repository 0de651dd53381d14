// Bundles what ships (extension, server with TypeScript beside it, grid) and, with --test, the suite that runs inside VS Code.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import * as esbuild from 'esbuild';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const withTests = process.argv.includes('--test');

// VS Code would load a `.js` of an ESM package as ESM; everything in dist/ is CommonJS.
for (const dir of ['dist', 'out']) mkdirSync(dir, { recursive: true });
writeFileSync('dist/package.json', '{"type":"commonjs"}\n');

const common = {
  bundle: true,
  minify: production,
  sourcemap: !production,
  logLevel: 'warning',
  legalComments: 'none',
};
const node = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  external: ['vscode'],
  mainFields: ['module', 'main'],
};

// TypeScript is most of the server and only scripts need it: a file of its own is neither read nor compiled before.
const typescriptApart = {
  name: 'typescript-apart',
  setup(build) {
    build.onResolve({ filter: /^typescript$/ }, ({ kind }) =>
      kind === 'entry-point' ? undefined : { path: './typescript.js', external: true },
    );
  },
};

const bundles = [
  {
    ...node,
    entryPoints: { extension: 'client/extension.ts' },
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
  },
  { ...node, entryPoints: { server: 'server/main.ts' }, outdir: 'dist', plugins: [typescriptApart] },
  { ...node, entryPoints: { typescript: 'typescript' }, outdir: 'dist', minify: true, sourcemap: false },
  {
    ...common,
    platform: 'browser',
    format: 'iife',
    target: 'chrome130',
    entryPoints: {
      grid: 'client/query/grid/main.ts',
      push: 'client/staging/page/main.ts',
      form: 'client/connectionUi/page/main.ts',
      calls: 'client/communicationLog/page/main.ts',
      method: 'client/methodRunner/page/main.ts',
    },
    loader: { '.css': 'css' },
    outdir: 'dist',
  },
];
if (withTests) {
  rmSync('out/test/host', { recursive: true, force: true });
  mkdirSync('out/test/host', { recursive: true });
  writeFileSync('out/test/package.json', '{"type":"commonjs"}\n');
  const tests = readdirSync('test/host').filter((file) => file.endsWith('.test.ts'));
  bundles.push({
    ...node,
    minify: false,
    sourcemap: true,
    external: ['vscode', 'mocha'],
    entryPoints: ['test/host/index.ts', ...tests.map((file) => `test/host/${file}`)],
    outdir: 'out/test/host',
  });
}

if (watch) {
  const contexts = await Promise.all(
    bundles.map((options) => esbuild.context({ ...options, logLevel: 'info' })),
  );
  await Promise.all(contexts.map((context) => context.watch()));
} else {
  await Promise.all(bundles.map((options) => esbuild.build(options)));
}
