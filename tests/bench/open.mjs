// Opens PAGE in CHROMIUM and zooms into it: "NAME SECONDS" a line, until it is drawn.
import { createRequire } from "node:module";

const { PAGE, CHROMIUM, MODULES } = process.env;
const { chromium } = createRequire(MODULES + "/")("playwright-core");
const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: process.getuid() === 0 ? ["--no-sandbox"] : [],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 900 },
  reducedMotion: "reduce" });
const drawn = () => page.evaluate(() => new Promise((done) =>
  requestAnimationFrame(() => requestAnimationFrame(done))));
const over = page.locator("#chart-connections .u-over");

async function timed(name, action) {
  const from = performance.now();
  await action();
  await drawn();
  console.log(name, ((performance.now() - from) / 1000).toFixed(2));
}

await timed("opening-it,-to-the-first-chart", async () => {
  await page.goto("file://" + PAGE);
  await page.locator("#timeline").scrollIntoViewIfNeeded();
  await over.waitFor();
});
await timed("drawing-all-charts", async () => {
  for (const plot of await page.locator(".plot").all()) {
    await plot.scrollIntoViewIfNeeded();
    await plot.and(page.locator(".live")).waitFor();
  }
});
await over.scrollIntoViewIfNeeded();
const box = await over.boundingBox();
await page.mouse.move(box.x + 100, box.y + 100);
await page.mouse.down();
await page.mouse.move(box.x + 200, box.y + 100);
await timed("zooming-all-charts", async () => {
  await page.mouse.up();
  await page.locator(".reset:enabled").waitFor();
});
await timed("going-back-to-the-whole", () => page.locator(".reset").click());
await browser.close();
