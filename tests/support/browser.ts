import { type Browser, chromium, type Page } from "playwright-core";
import { toolPath } from "./tools.ts";

export const chromiumPath = toolPath("chromium");

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--autoplay-policy=no-user-gesture-required",
];

/** Debian's Chromium, without a window. */
export async function startBrowser(): Promise<Browser & AsyncDisposable> {
  const browser = await chromium.launch({ executablePath: chromiumPath ?? "", args: flags });
  return Object.assign(browser, { [Symbol.asyncDispose]: () => browser.close() });
}

type Look = { width?: number; height?: number; dark?: boolean };

/** A page in a session of its own; `complaints` holds what it logged as an error. */
export async function openPage(browser: Browser, url: string, { width = 1280, height = 800, dark = false }: Look = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    locale: "en-GB",
    timezoneId: "UTC",
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.goto(url);
  return { page, context, complaints };
}

/** How far the page is wider than the window: 0 where nothing overflows. */
export const overflow = (page: Page) =>
  page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") as Promise<number>;
