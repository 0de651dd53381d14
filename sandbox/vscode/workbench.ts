/** A VS Code workbench, used the way a person uses it: keys, the Command Palette, and what is to be seen. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';

const TIMEOUT_MS = 20_000;
const KEY_DELAY_MS = 15;
const POLL_MS = 50;
const modifier = process.platform === 'darwin' ? 'Meta' : 'Control';

export class Workbench {
  readonly page: Page;
  private readonly screenshots: string;

  /** @param screenshots folder for the pictures; made when missing. */
  constructor(page: Page, screenshots: string) {
    this.page = page;
    this.screenshots = screenshots;
    mkdirSync(screenshots, { recursive: true });
    page.setDefaultTimeout(TIMEOUT_MS);
  }

  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await this.page.locator('.monaco-workbench .part.activitybar .action-item').first().waitFor();
  }

  /** Takes a picture of the window; the pointer is moved away so that no hover covers it. */
  async screenshot(name: string): Promise<string> {
    const file = path.join(this.screenshots, `${name}.png`);
    await this.restPointer();
    await this.page.screenshot({ path: file, animations: 'disabled', caret: 'initial' });
    return file;
  }

  /** Runs a command by its title, as the Command Palette shows it. */
  async runCommand(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.quickInput().fill(`>${title}`);
    await this.chooseQuickPick(title);
  }

  /** Opens a file of the workspace by its name. */
  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press(`${modifier}+p`);
    await this.quickInput().fill(name);
    await this.chooseQuickPick(name);
    await this.page.locator('.tab.active', { hasText: name }).waitFor();
    await this.editor().locator('.view-line').first().waitFor();
  }

  /** Chooses the row of an open quick pick that has the text. */
  async chooseQuickPick(text: string | RegExp): Promise<void> {
    const row = this.page.locator('.quick-input-widget .monaco-list-row', { hasText: text }).first();
    await row.waitFor();
    await row.click();
    await this.restPointer();
  }

  /** Types into an open input box and accepts it. */
  async answerInput(text: string): Promise<void> {
    await this.quickInput().fill(text);
    await this.page.keyboard.press('Enter');
  }

  quickInput(): Locator {
    return this.page.locator('.quick-input-widget:not(.hidden) input').first();
  }

  editor(): Locator {
    return this.page.locator('.editor-group-container.active .editor-instance');
  }

  /** Puts the cursor behind the first occurrence of a text in the active editor. */
  async placeCursorAfter(text: string): Promise<void> {
    await this.page.keyboard.press(`${modifier}+f`);
    const find = this.page.locator('.find-widget.visible textarea').first();
    await find.fill(text);
    await this.page.locator('.find-widget.visible .matchesCount', { hasText: /of/ }).waitFor();
    await this.page.keyboard.press('Enter');
    // Escape closes the find widget and leaves the match selected; the right arrow goes to its end.
    await this.page.keyboard.press('Escape');
    await this.page.keyboard.press('ArrowRight');
  }

  /** Moves the pointer to where nothing reacts to it. */
  private async restPointer(): Promise<void> {
    await this.page.mouse.move(640, 799);
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text, { delay: KEY_DELAY_MS });
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key.replace('Mod+', `${modifier}+`));
  }

  /** The labels of the visible completion list, once it has one that matches. Lists are shown a screenful at a time. */
  async completions(expected: string): Promise<string[]> {
    const rows = this.page.locator('.suggest-widget.visible .monaco-list-row');
    await rows.filter({ hasText: expected }).first().waitFor();
    return rows.locator('.label-name').allInnerTexts();
  }

  /** Opens a view container by the name its icon has. */
  async openViewContainer(title: string): Promise<void> {
    const item = this.page.locator('.part.activitybar .action-item').filter({
      has: this.page.locator(`.action-label[aria-label^="${title}"]`),
    });
    await item.waitFor();
    if ((await item.getAttribute('aria-selected')) !== 'true') await item.click();
    await this.restPointer();
  }

  /** A row of the tree in the side bar by its label, which a description may follow. */
  treeItem(label: string): Locator {
    const exactly = new RegExp(`^${label}$`);
    return this.page
      .locator('.part.sidebar .monaco-list-row')
      .filter({ has: this.page.locator('.label-name', { hasText: exactly }) })
      .first();
  }

  /** Expands an item of the tree and waits until it has. */
  async expand(label: string): Promise<void> {
    const item = this.treeItem(label);
    await item.waitFor();
    if ((await item.getAttribute('aria-expanded')) !== 'true')
      await item.locator('.monaco-tl-twistie').click();
    await this.restPointer();
    await item.and(this.page.locator('[aria-expanded="true"]')).waitFor();
    await item.locator('.codicon-tree-item-loading').waitFor({ state: 'detached' });
  }

  /** How many visible rows of the tree are one level below an item. */
  async childrenOf(label: string): Promise<number> {
    const level = Number(await this.treeItem(label).getAttribute('aria-level'));
    return this.page.locator(`.part.sidebar .monaco-list-row[aria-level="${level + 1}"]`).count();
  }

  /** An item of the status bar by its text, and by its icon's name. */
  statusBarItem(text: string, icon: string): Locator {
    return this.page.locator('.part.statusbar .statusbar-item', { hasText: text }).filter({
      has: this.page.locator(`.codicon-${icon}`),
    });
  }

  /** The document of the webview that has such an element; VS Code does not say otherwise which is which. */
  async webview(selector: string): Promise<Frame> {
    const endsAt = Date.now() + TIMEOUT_MS;
    while (Date.now() < endsAt) {
      for (const frame of this.page.frames()) {
        // A frame may be replaced while it is looked at.
        if (
          (await frame
            .locator(selector)
            .count()
            .catch(() => 0)) > 0
        )
          return frame;
      }
      await this.page.waitForTimeout(POLL_MS);
    }
    throw new Error(`No webview has ${selector}.`);
  }

  /** The text of the notifications on the screen. */
  async notifications(): Promise<string[]> {
    return this.page.locator('.notification-toast .notification-list-item-message').allInnerTexts();
  }
}
