// Chromium with one desk per person: test ids, errors of the page, accessibility, pictures.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium, selectors } from 'playwright-core';
import { PASSWORD } from './client.mjs';
import { root } from './services.mjs';
import { PATIENCE_MS } from './until.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SCREENS = path.join(root, 'var/screens');
const LEVELS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];

selectors.setTestIdAttribute('data-test');

export async function openBrowser() {
  await mkdir(SCREENS, { recursive: true });
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
}

export class Desk {
  /** A person's own browser window, before the login. */
  static async open(browser, server, login) {
    const context = await browser.newContext({
      baseURL: server.url, viewport: { width: 1366, height: 768 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai',
      reducedMotion: 'reduce',
    });
    const desk = new Desk(await context.newPage(), login);
    await desk.page.goto('/');
    return desk;
  }

  /** A citizen's telephone, without a login. */
  static async visit(browser, server, path) {
    const context = await browser.newContext({
      baseURL: server.url, viewport: { width: 360, height: 640 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai',
      reducedMotion: 'reduce', hasTouch: true,
    });
    const desk = new Desk(await context.newPage(), 'citizen');
    await desk.page.goto(path);
    return desk;
  }

  faults = []; // what the page itself complained about
  allowed = []; // patterns of complaints that a test provokes

  constructor(page, login) {
    this.page = page;
    this.login = login;
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => this.complain(`error: ${error.stack ?? error}`));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complain(`console: ${message.text()}`);
    });
  }

  complain(text) {
    if (!this.allowed.some((pattern) => pattern.test(text))) this.faults.push(text);
  }

  at(id) {
    return this.page.getByTestId(id);
  }

  async enter(password = PASSWORD) {
    await this.at('login').fill(this.login);
    await this.at('password').fill(password);
    await this.at('login-submit').click();
  }

  /** To a page by the main menu; what does not fit there stands under “更多”. */
  async goTo(page) {
    const entry = this.at(`nav-${page}`);
    if (!(await entry.isVisible())) await this.at('nav-more').click();
    await entry.click();
  }

  press(...keys) {
    return keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve());
  }

  type(text) {
    return this.page.keyboard.insertText(text);
  }

  /** Wait until the element says this. */
  async says(id, wanted) {
    const element = this.at(id).first();
    const fits = (text) => text !== null && (wanted instanceof RegExp ? wanted.test(text) : text.includes(wanted));
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const text = await element.textContent({ timeout: Math.max(1, end - Date.now()) }).catch(() => null);
      if (fits(text)) return text.trim();
      assert.ok(Date.now() < end, `${this.login}: ${id} says “${text?.trim() ?? '(is not there)'}”, not “${wanted}”`);
      await this.page.evaluate(() => new Promise(requestAnimationFrame));
    }
  }

  async gone(id) {
    await this.at(id).waitFor({ state: 'detached' });
  }

  /** A dialog's form: choose a radio by its test id, whose label is what people click. */
  choose(id) {
    return this.at(id).check();
  }

  async picture(name) {
    await this.page.screenshot({ path: path.join(SCREENS, `${name}.png`) });
  }

  /** No violations of WCAG 2 A and AA on what is shown now. */
  async accessible(what) {
    await this.page.evaluate(AXE);
    const { violations } = await this.page.evaluate((values) =>
      window.axe.run(document, { runOnly: { type: 'tag', values } }), LEVELS);
    const told = violations.map((v) =>
      [`${v.id}: ${v.help}`, ...v.nodes.map((n) => `  ${n.target} ${n.failureSummary}`)].join('\n'));
    assert.deepEqual(told, [], `${what} is not accessible`);
  }

  checkQuiet() {
    assert.deepEqual(this.faults, [], `the page of ${this.login} complained`);
  }
}
