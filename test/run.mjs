// `npm test`: everything there is to check, from a fresh clone. Each step is also a script of package.json.
import { installAll, runMain, runPackageScript } from '../sandbox/vscode/bootstrap.mjs';

/** In order of their cost; the first that fails ends the run. */
const STEPS = { check: 'types, lint, format, unit tests', 'test:host': 'the suite inside a real VS Code' };

await runMain(async () => {
  installAll({ vscodeServer: true });
  for (const [script, contents] of Object.entries(STEPS)) {
    console.log(`\n${script}: ${contents}`);
    const status = await runPackageScript(script);
    if (status !== 0) {
      console.error(`\n${script} failed. Run it alone with: npm run ${script}`);
      return status;
    }
  }
  return 0;
});
