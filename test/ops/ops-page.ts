import { type Browser, chromium, type Page } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
}

/** The operators' page in a browser of its own, with everything that goes wrong in it noted. */
export class OpsPage {
  private constructor(
    readonly page: Page,
    /** Errors, and whatever the content security policy has refused. */
    readonly troubles: readonly string[],
  ) {}

  static async open(browser: Browser, url: string, colorScheme: 'light' | 'dark' = 'light'): Promise<OpsPage> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const troubles: string[] = [];
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) troubles.push(message.text());
    });
    await page.goto(`${url}/ops`);
    return new OpsPage(page, troubles);
  }

  async enter(token: string): Promise<void> {
    await this.page.getByLabel('Token with the ops scope').fill(token);
    await this.page.getByRole('button', { name: 'Watch' }).click();
  }

  /** What a table says, row by row, cell by cell. */
  rows(table: string): Promise<string[][]> {
    return this.page.evaluate<string[][]>(
      `[...document.querySelectorAll('[data-table="${table}"] tbody tr')].map((row) =>
        [...row.children].map((cell) => cell.textContent))`,
    );
  }

  /** How often the chart has been drawn on. */
  turns(): Promise<number> {
    return this.page.evaluate<number>(`document.querySelector('polyline.reads').points.length`);
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}
