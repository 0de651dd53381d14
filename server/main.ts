import module from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { findProblemPages } from './problemPages.ts';
import { loadScripts } from './scripts.ts';
import { startServer } from './server.ts';

// TypeScript, loaded later, is compiled once per machine instead of at every start. Older Nodes do without.
const { enableCompileCache } = module as Partial<typeof module>;
enableCompileCache?.();

// Forty megabytes live, but each edit leaves ten to collect, and V8 lets the heap grow to four hundred before it minds.
// Small steps halve that and cost one millisecond per completion.
setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--heap-growing-percent=50');

const transports = ['--stdio', '--node-ipc', '--socket', '--pipe'];

if (process.argv.some((argument) => transports.includes(argument.split('=')[0] ?? ''))) {
  startServer(createConnection(ProposedFeatures.all), {
    loadScripts,
    problemPages: findProblemPages(process.argv[1] ?? ''),
  });
} else {
  process.stderr.write(
    'This is a language server; start it from an editor, or with --stdio to speak the protocol on standard input and output.\n',
  );
  process.exitCode = 1;
}
