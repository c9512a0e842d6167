import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { slowness } from "./slowness.ts";
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

/** Of a session, so that two in a row are over before a test is (`bun run test`). */
const longestMs = 140_000;
const stepMs = 30_000;
const pageMs = 90_000;

/**
 * Debian's Chromium, without a window. A session that does not get on is closed, which fails its test: at the time-out of
 * the test itself the runner kills every process, this browser too, and all tests after it would fail as well.
 */
export async function startBrowser(): Promise<Browser & AsyncDisposable> {
  const browser = await chromium.launch({ executablePath: chromiumPath ?? "", args: flags });
  const newContext = async (options?: BrowserContextOptions) => {
    const context = await open(options);
    context.setDefaultTimeout(stepMs * slowness());
    const end = () => context.close({ reason: "the session did not come to its end" });
    const timer = setTimeout(end, Math.min(pageMs * slowness(), longestMs));
    context.on("close", () => clearTimeout(timer));
    return context;
  };
  const open = browser.newContext.bind(browser);
  return Object.assign(browser, { newContext, [Symbol.asyncDispose]: () => browser.close() });
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

/** Plays the first video of a page until a second of it has been seen. */
export const playPastOneSecond = (page: Page) =>
  page.evaluate(`new Promise((resolve, reject) => {
    const video = document.querySelector("video");
    video.muted = true;
    video.addEventListener("timeupdate", () => video.currentTime > 1 && resolve());
    video.play().catch(reject);
  })`);
