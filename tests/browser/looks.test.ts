import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { chromiumPath, openPage, overflow, startBrowser } from "#tests/support/browser.ts";
import { type Scene, startScene } from "#tests/support/scene.ts";

const picture = new URL("../../docs/dashboard.jpg", import.meta.url);
const largestPicture = 200_000;

const pages = {
  "the list of jobs": ["/#/", ".jobs li"],
  "a running job": ["/#/jobs/running", ".running"],
  "a completed job": ["/#/jobs/completed", ".player"],
  "a failed job": ["/#/jobs/failed", ".failure"],
  "the form of a new job": ["/#/new", "form"],
  "the workers": ["/#/workers", ".cards dl"],
  "the charts": ["/#/charts", ".chart path.columns"],
  "the API's page": ["/docs", ".guide section"],
} as const;

const looks = [1280, 360].flatMap((width) => [
  { width, dark: false },
  { width, dark: true },
]);

describe.skipIf(!chromiumPath)("how the dashboard looks", () => {
  const stack = new AsyncDisposableStack();
  let browser: Browser;
  let scene: Scene;

  beforeAll(async () => {
    scene = stack.use(await startScene());
    browser = stack.use(await startBrowser());
  });
  afterAll(() => stack.disposeAsync());

  test.each(looks)("at $width px, dark: $dark, everyone can read every page, and none overflows", async (look) => {
    const { page, context, complaints } = await openPage(browser, `${scene.url}/#/`, look);
    for (const [name, [path, ready]] of Object.entries(pages)) {
      await page.goto(scene.url + path.replace(/jobs\/(\w+)/, (_, job) => `jobs/${scene.ids[job]}`));
      await page.locator(ready).first().waitFor();
      expect([name, await overflow(page)]).toEqual([name, 0]);
      expect([name, await seriousFindings(page)]).toEqual([name, []]);
    }
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("a dry run tells what each preset would make of a source; what only a hand opens can be read by everyone", async () => {
    const { page, context, complaints } = await openPage(browser, `${scene.url}/#/new`, { dark: true });
    await page.locator("#input_url").fill("https://media.example.com/films/ocean.mp4");
    const presets = page.getByRole("radio");
    expect(await presets.first().inputValue()).toBe("720p_h264");
    expect(await presets.first().isChecked()).toBe(true);
    await page.getByRole("button", { name: "Dry run" }).click();
    const plan = page.getByRole("region", { name: "Plan" });
    await plan.getByText("1920×1080 · H.264 · 25 fps · 34.2 Mb/s").waitFor();
    await plan.getByRole("row", { name: "1280×720 H.264 · 25 fps · AAC stereo 3.0 Mb/s" }).waitFor();
    await page.getByRole("group", { name: "Video files" }).getByText("the source is smaller").waitFor();
    await page.getByRole("radio", { name: "2160p_h264" }).check();
    await plan.getByText("the source is smaller").waitFor();
    expect(await seriousFindings(page)).toEqual([]);

    // Other things that only a hand opens, too.
    await page.goto(`${scene.url}/#/`);
    await page.getByLabel("Select all jobs of the list").check();
    await page.getByRole("button", { name: /^Cancel \d+$/ }).click();
    expect(await seriousFindings(page)).toEqual([]);
    await page.goto(`${scene.url}/#/?source=nonsense`);
    await page.getByText("No job fits").waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.goto(`${scene.url}/docs#cancelJob`);
    await page.getByRole("button", { name: "Try it: Order an encode" }).click();
    await page.getByRole("button", { name: "Try it: How every worker is" }).click();
    await page.getByRole("button", { name: "Send" }).last().click();
    await page.locator(".answer .code").waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("charts tell the values of each part of their range, under the cursor and by the keyboard", async () => {
    const { page, context, complaints } = await openPage(browser, `${scene.url}/#/charts`);
    const ended = page.getByRole("slider", { name: "Jobs ended, by time" });
    await ended.focus();
    await page.keyboard.press("Home");
    const words = () => ended.getAttribute("aria-valuetext");
    expect(await words()).toEndWith(": completed 0, failed 0, cancelled 0");
    const counted: string[] = [];
    for (let part = 0; part < 24; part += 1) {
      counted.push((await words()) ?? "");
      await page.keyboard.press("ArrowRight");
    }
    const sum = (name: string) =>
      counted.reduce((total, text) => total + Number(new RegExp(`${name} (\\d+)`).exec(text)?.[1]), 0);
    expect(["completed", "failed", "cancelled"].map(sum)).toEqual([3, 1, 1]);

    await page.getByRole("slider", { name: "Video encoded, by time" }).hover();
    await page.locator(".values").getByText("min").waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole("link", { name: "by preset" }).click();
    await page.getByRole("row", { name: /1080p_h264 2 100 %/ }).waitFor();
    await page.getByRole("link", { name: "by worker" }).click();
    await page.getByRole("row", { name: /127\.0\.0\.1:\d+ 5 75 %/ }).waitFor();
    await page.getByRole("link", { name: "by preset" }).click();
    await page.getByRole("link", { name: "7 days" }).click();
    await page.getByText("All 5 jobs of the last 7 days").waitFor();
    expect(new URL(page.url()).hash).toBe("#/charts?range=7d&by=preset");
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("a worker tells of its machine and its jobs by name, and a load above its cores is explained", async () => {
    const { page, context, complaints } = await openPage(browser, `${scene.url}/#/workers`);
    const card = page.locator(".cards li").first();
    await card.getByText("31.0 on 8 cores").waitFor();
    await card.getByText("387 %: in the last minute 31.0 tasks at a time wanted to run").waitFor();
    for (const words of ["118 GB free of 480 GB", "8 cores, 33.5 GB of memory", "5.1.9-0+deb12u1"])
      expect([words, await card.getByText(words).count()]).toEqual([words, 1]);
    await card.getByText("12 capabilities").click();
    await card.getByText("libx265").waitFor();
    await card.getByRole("link", { name: "keynote-2026.mp4" }).click();
    await page.getByRole("heading", { name: "keynote-2026.mp4" }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("the picture of the README shows it; UPDATE_PICTURES=1 takes it anew", async () => {
    const { page, context } = await openPage(browser, `${scene.url}/#/jobs/${scene.ids["completed"]}`, { height: 960 });
    await page.locator(".strip canvas:not([width='0'])").nth(7).waitFor();
    const taken = await page.screenshot({ type: "jpeg", quality: 75 });
    expect(taken.byteLength).toBeLessThan(largestPicture);
    const { UPDATE_PICTURES } = process.env;
    if (UPDATE_PICTURES) await Bun.write(picture, taken);
    expect(Bun.file(picture).size).toBeLessThan(largestPicture);
    await context.close();
  });
});

async function seriousFindings(page: Page): Promise<string[]> {
  // The page's own policy would refuse it as a script of the page.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>("axe.run({ resultTypes: ['violations'] })");
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
