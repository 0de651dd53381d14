import assert from 'node:assert/strict';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { closeEditors, connected, openDocument } from '../support/extension.ts';
import { hasUi, ui } from '../support/ui.ts';
import { until } from '../support/until.ts';

/** Names the webview of the results. */
const results = '.toolbar .count';

const page = {
  text: (selector: string) => ui({ op: 'text', selector, webview: results }),
  click: (selector: string) => ui({ op: 'click', selector, webview: results }),
  waitFor: (selector: string) => ui({ op: 'waitFor', selector, webview: results }),
  count: async (selector: string) => Number(await ui({ op: 'count', selector, webview: results })),
  evaluate: async <T>(expression: string) =>
    JSON.parse(await ui({ op: 'evaluate', expression, webview: results })) as T,
};

const forgetShown = `(() => {
  document.querySelector('.count').textContent = '';
  document.querySelectorAll('.placeholder, .failure').forEach((element) => element.remove());
  return true;
})()`;

/**
 * Runs a query from a new document and waits until the grid says that it has ended and has drawn what came.
 * The panel is used again and hears of a run by messages, so what it still says of the run before is taken away first.
 */
async function run(content: string): Promise<string> {
  await openDocument({ language: 'campaign-querydef', content });
  await page.evaluate(forgetShown);
  await vscode.commands.executeCommand('campaign.query.run');
  return until('the query to end and to be shown', async () => {
    const count = await page.text('.count');
    const hasEnded = / in \d/.test(count) || (await page.count('.placeholder .hint, .failure')) > 0;
    const isShown = (await page.count('.row:not([hidden]) .cell, .placeholder .hint, .failure')) > 0;
    return hasEnded && isShown ? count : undefined;
  });
}

const recipients = (lineCount: number, more = '') =>
  `<queryDef schema="nms:recipient" operation="select" lineCount="${lineCount}">
  <select><node expr="@email"/><node expr="@lastName"/><node expr="[folder/@label]"/></select>${more}
  <orderBy><node expr="@id"/></orderBy>
</queryDef>`;

suite('queries', () => {
  suiteSetup(async function () {
    if (!hasUi) this.skip();
    await connected();
    await vscode.commands.executeCommand('campaign.results.focus');
  });
  suiteTeardown(closeEditors);

  test('a query runs into the grid, with labels from the model', async () => {
    assert.match(await run(recipients(50)), /^50 rows in /);
    await page.waitFor('.headcell .label:text-is("E-mail")');
    const heads = await page.evaluate<string[]>(
      "[...document.querySelectorAll('.headcell:not([hidden]) .label')].map((e) => e.textContent)",
    );
    assert.deepEqual(heads, ['E-mail', 'Last name', 'Folder › Label']);
    assert.ok((await page.count('.row:not([hidden]) .cell')) >= 9);
  });

  test('a column sorts by its header, and the grid says so', async () => {
    await run(recipients(50));
    await page.click('.headcell:has(.label:text-is("Last name"))');
    await page.waitFor('.headcell.ascending[aria-sort="ascending"]:has(.label:text-is("Last name"))');
    const names = await page.evaluate<string[]>(
      '[...document.querySelectorAll(\'.row:not([hidden]) .cell[aria-colindex="3"]\')].map((e) => e.textContent)',
    );
    assert.deepEqual(
      names,
      [...names].sort((a, b) => a.localeCompare(b, undefined, { sensitivity: 'base' })),
    );
  });

  test('typing filters the rows and counts them', async () => {
    await run(recipients(200));
    const email = await page.evaluate<string>(
      'document.querySelector(\'.row:not([hidden]) .cell[aria-colindex="2"]\').textContent',
    );
    await ui({ op: 'fill', selector: '.filter', text: email, webview: results });
    await page.waitFor('.count:text-matches("^1 of 200 rows")');
  });

  test('the grid works by keyboard: cells, selection, copy', async () => {
    await run(recipients(50));
    await page.click('.row:not([hidden]) .cell[aria-colindex="2"]');
    await ui({ op: 'press', key: 'Shift+ArrowRight' });
    await ui({ op: 'press', key: 'Shift+ArrowDown' });
    await ui({ op: 'press', key: 'Control+c' });
    const shown = await page.evaluate<string[][]>(
      "[...document.querySelectorAll('.row:not([hidden])')].slice(0, 2).map((row) => [...row.querySelectorAll('.cell')].slice(0, 2).map((cell) => cell.textContent))",
    );
    const copied = await until('the copied cells', async () => {
      const text = await vscode.env.clipboard.readText();
      return text.includes('\t') ? text : undefined;
    });
    assert.equal(copied, shown.map((row) => row.join('\t')).join('\n'));
    const active = await page.evaluate<{ id: string | null; exists: boolean }>(
      "(() => { const id = document.querySelector('.grid').getAttribute('aria-activedescendant'); return { id, exists: document.getElementById(id) !== null }; })()",
    );
    assert.deepEqual(active, { id: 'cell-1-1', exists: true });
  });

  test('a query without rows says so', async () => {
    await run(recipients(50, '<where><condition expr="@email = \'nobody\'"/></where>'));
    assert.match(await page.text('.placeholder'), /No rows match this query\./);
  });

  test('an error of the server is shown with what to do, and the query can be run again', async () => {
    await run(
      '<queryDef schema="nms:recipient" operation="select"><select><node expr="@noSuchField"/></select></queryDef>',
    );
    const text = await page.text('.failure');
    assert.match(text, /noSuchField/);
    assert.equal(await page.count('.failure button:text-is("Run Again")'), 1);
    assert.equal(await page.count('.failure[role="alert"]'), 1);
  });

  test('a query can be cancelled while its rows arrive; those that came stay', async () => {
    // Small pages pass the throttle one by one: there is time to cancel.
    const settings = vscode.workspace.getConfiguration('campaign.query');
    await settings.update('pageSize', 50, vscode.ConfigurationTarget.Global);
    try {
      await openDocument({ language: 'campaign-querydef', content: recipients(20_000) });
      const running = vscode.commands.executeCommand('campaign.query.run');
      await page.waitFor('.count:text-matches("^[1-9].* so far$")');
      await page.click('.cancel');
      await running;
      await page.waitFor('.count:text-matches("^[1-9].* rows in .*, cancelled$")');
      assert.ok((await page.count('.row:not([hidden]) .cell')) > 0);
      assert.equal(await page.count('.progress.running'), 0);
    } finally {
      await settings.update('pageSize', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  test('scrolling through many rows never uncovers an empty place', async () => {
    await run(recipients(20_000));
    // At each position: what is on the screen before the page had a chance to draw, and after it had.
    const uncovered = await page.evaluate<number>(`(async () => {
      const grid = document.querySelector('.grid');
      const box = grid.getBoundingClientRect();
      const head = document.querySelector('.head').getBoundingClientRect().height;
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const holes = () => {
        let count = 0;
        for (let y = box.top + head + 3; y < box.top + grid.clientHeight - 3; y += 9) {
          const at = document.elementFromPoint(box.left + 12, y);
          if (at === null || !at.closest('.row') || at.textContent === '') count++;
        }
        return count;
      };
      let total = 0;
      const end = grid.scrollHeight - grid.clientHeight;
      for (let step = 0; step <= 120; step++) {
        grid.scrollTop = (end * ((step * 37) % 121)) / 120;
        total += holes();
        await frame();
        total += holes();
      }
      return total;
    })()`);
    assert.equal(uncovered, 0);
  });

  test('the SQL of a query is shown without running it', async () => {
    await openDocument({ language: 'campaign-querydef', content: recipients(5) });
    await vscode.commands.executeCommand('campaign.query.showSql');
    const editor = await until('the SQL', () => {
      const active = vscode.window.activeTextEditor;
      return active?.document.languageId === 'sql' ? active : undefined;
    });
    assert.match(editor.document.getText(), /^SELECT\b/i);
    // Nothing to save: closing it asks no question.
    assert.equal(editor.document.isDirty, false);
    assert.equal(editor.document.isUntitled, false);
  });

  test('what the server refuses of a query that is run is shown where it stands', async () => {
    await run(recipients(5).replace('@lastName', '@lastname'));
    const uri = vscode.window.activeTextEditor!.document.uri;
    const refusal = await until('the refusal', () =>
      vscode.languages
        .getDiagnostics(uri)
        .find(({ code }) => typeof code === 'object' && code.value === 'query/server-refused'),
    );
    assert.equal(vscode.window.activeTextEditor!.document.getText(refusal.range), '@lastname');
  });

  test('values of an enumeration are shown by their labels, and copied as they are stored', async () => {
    await run(
      `<queryDef schema="nms:recipient" operation="select" lineCount="5"><select><node expr="@gender"/></select>
  <where><condition expr="@gender = 1"/></where></queryDef>`,
    );
    await page.waitFor('.row:not([hidden]) .cell:text-is("Male")');
    await page.click('.row:not([hidden]) .cell:text-is("Male")');
    await vscode.env.clipboard.writeText('before');
    await ui({ op: 'press', key: 'Control+c' });
    const copied = await until('the copied cell', async () => {
      const text = await vscode.env.clipboard.readText();
      return text === 'before' ? undefined : text;
    });
    assert.equal(copied, '1');
  });

  test('every control of the page has a name and is reached by the keyboard', async () => {
    await run(recipients(50));
    const unnamed = await page.evaluate<
      string[]
    >(`[...document.querySelectorAll('button, input, select, [role="grid"]')]
      .filter((e) => e.offsetParent !== null)
      .filter((e) => (e.getAttribute('aria-label') ?? e.textContent).trim() === '' || e.tabIndex < 0)
      .map((e) => e.outerHTML)`);
    assert.deepEqual(unnamed, []);
    await page.click('.filter');
    const visited: string[] = [];
    for (const key of ['Tab', 'Tab', 'Tab', 'Tab']) {
      await ui({ op: 'press', key });
      visited.push(
        await page.evaluate<string>(
          "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent",
        ),
      );
    }
    assert.deepEqual(visited, ['Columns', 'Export', 'Run Again', 'Query results']);
  });

  /** Accepts the offered name in the dialog that asks where to save, and reads what is written there. */
  async function savedFile(name: string): Promise<string> {
    const target = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, name);
    await ui({ op: 'waitFor', selector: '.quick-input-widget:has-text("Save Rows") input' });
    await ui({ op: 'press', key: 'Enter' });
    const text = await until('the file', async () => {
      const bytes = await vscode.workspace.fs.readFile(target).then(
        (read) => read,
        () => undefined,
      );
      return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
    });
    await vscode.workspace.fs.delete(target);
    await vscode.commands.executeCommand('notifications.clearAll');
    return text;
  }

  test('what is shown is saved as a file, in the shape of the answer', async () => {
    await run(recipients(30));
    await page.click('button:text-is("Export")');
    await page.click('.menuitem:text-is("Save as XML…")');
    const text = await savedFile('recipient.xml');
    assert.match(text, /^<\?xml [^>]*>\n<recipient-collection>\n {2}<recipient /);
    assert.equal(text.match(/<recipient /g)?.length, 30);
    assert.match(text, /<folder label="[^"]+"\/>/);
  });

  test('a query is saved whole without being shown, beyond the limit of the grid', async () => {
    const content = recipients(5).replace(' lineCount="5"', '');
    await openDocument({ language: 'campaign-querydef', content });
    const saving = vscode.commands.executeCommand('campaign.query.export');
    const lines = (await savedFile('recipient.csv')).trimEnd().split('\r\n');
    await saving;
    assert.equal(lines[0]!.replace('\uFEFF', ''), '@email,@lastName,folder/@label');
    assert.equal(lines.length, 20_001);
  });

  test('rows are counted without being fetched', async () => {
    await openDocument({ language: 'campaign-querydef', content: recipients(5) });
    await vscode.commands.executeCommand('notifications.clearAll');
    await vscode.commands.executeCommand('campaign.query.count');
    // In the list, since toasts come and go.
    await vscode.commands.executeCommand('notifications.showList');
    await ui({
      op: 'waitFor',
      selector: '.notification-list-item:has-text("rows of nms:recipient on Sandbox")',
    });
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  test('a parameter of the query is asked for before it runs', async () => {
    await openDocument({
      language: 'campaign-querydef',
      content:
        '<queryDef schema="nms:recipient" operation="select"><select><node expr="@id"/></select><where><condition expr="@id = $long(vars/@id)"/></where></queryDef>',
    });
    const running = vscode.commands.executeCommand('campaign.query.run');
    await ui({ op: 'waitFor', selector: '.quick-input-widget:has-text("$long(vars/@id)") input' });
    await ui({ op: 'type', text: '-5' });
    await ui({ op: 'press', key: 'Enter' });
    await running;
    await page.waitFor('.placeholder:has-text("No rows match this query.")');
  });

  test('a query that ran is in the history, from where it runs again', async () => {
    await run(recipients(7));
    await page.evaluate("document.querySelector('.count').textContent = ''");
    const chosen = vscode.commands.executeCommand('campaign.query.history');
    await ui({ op: 'waitFor', selector: '.quick-input-widget .monaco-list-row:has-text("7 rows")' });
    await ui({ op: 'press', key: 'Enter' });
    await chosen;
    await page.waitFor('.count:text-matches("^7 rows in ")');
  });

  test('a schema of the tree is previewed and opened', async () => {
    await vscode.commands.executeCommand('campaign.schema.preview', 'cus:store');
    await page.waitFor('.source:text-is("Sandbox · cus:store")');
    await until('rows of the preview', async () =>
      /rows in/.test(await page.text('.count')) ? true : undefined,
    );
    await vscode.commands.executeCommand('campaign.schema.open', { schemaId: 'cus:store' });
    const document = vscode.window.activeTextEditor!.document;
    assert.equal(document.uri.toString(), 'campaign-schema:/cus/store.xml');
    assert.match(document.getText(), /<schema[^>]* name="store"/);
  });
});
