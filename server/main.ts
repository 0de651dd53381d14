import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from './server.ts';

const transports = ['--stdio', '--node-ipc', '--socket', '--pipe'];

if (process.argv.some((argument) => transports.includes(argument.split('=')[0] ?? ''))) {
  startServer(createConnection(ProposedFeatures.all));
} else {
  process.stderr.write(
    'This is a language server; start it from an editor, or with --stdio to speak the protocol on standard input and output.\n',
  );
  process.exitCode = 1;
}
