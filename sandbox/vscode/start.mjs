// `npm start`: a sandbox instance and a VS Code with the extension, opened in the browser. `-- --check` drives it.
import { installAll, runMain, runPinned } from './bootstrap.mjs';

await runMain(async () => {
  installAll({ vscodeServer: true });
  return runPinned('sandbox/vscode/start.ts', process.argv.slice(2));
});
