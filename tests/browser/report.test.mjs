// The HTML report in Chromium. PAGES is the folder that make-pages.sh filled, MODULES the one
// with playwright-core, CHROMIUM the browser.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, test } from "node:test";

const { PAGES, MODULES, CHROMIUM } = process.env;
const { chromium } = createRequire(MODULES + "/")("playwright-core");
const runs = ["broke", "survived", "interrupted", "empty", "cycles"];
const pages = [...runs, "compared", "all/index"];
const sections = ["verdict", "advice", "timeline", "funnel", "balance", "resources", "growth",
  "recovery", "evidence", "ruled-out", "environment", "words"];
// Left out where there is nothing to say of them.
const more = { cycles: ["expectations", "cycles"] };
const moreOf = (name) => [...more[name] ?? [],
  ...Number(query(name, "SELECT count(*) FROM failure")) > 0 ? ["failures"] : []];

const browsers = new Map();
async function browserOf(language) {
  if (!browsers.has(language))
    browsers.set(language, await chromium.launch({
      executablePath: CHROMIUM,
      args: process.getuid() === 0 ? ["--no-sandbox"] : [],
      env: { ...process.env, LANG: language, LC_ALL: language },
    }));
  return browsers.get(language);
}
after(async () => {
  for (const browser of browsers.values())
    await browser.close();
});

// Opens a page; complaints gathers what a page must never do.
async function open(name, { language = "C", width = 1280, init, ...context } = {}) {
  const browser = await browserOf(language);
  const page = await browser.newPage({ viewport: { width, height: 900 },
    reducedMotion: "reduce", ...context });
  const complaints = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => complaints.push("dialog: " + dialog.message()));
  page.on("request", (request) => {
    if (request.url() !== "file://" + PAGES + "/" + name + ".html")
      complaints.push("request: " + request.url());
  });
  if (init)
    await page.addInitScript(init);
  await page.goto("file://" + PAGES + "/" + name + ".html");
  return { page, complaints };
}

// Every chart becomes live once it is seen.
async function seeAll(page) {
  for (const plot of await page.locator(".plot").all()) {
    await plot.scrollIntoViewIfNeeded();
    await plot.and(page.locator(".live")).waitFor();
  }
}

const query = (name, sql) =>
  execFileSync("sqlite3", [PAGES + "/" + name + ".db", sql], { encoding: "utf8" }).trim();

for (const language of ["C", "en_US.UTF-8"])
  for (const colorScheme of ["light", "dark"])
    for (const width of [1280, 420])
      test(`pages work: ${language}, ${colorScheme}, ${width} px`, async () => {
        for (const name of pages) {
          const { page, complaints } = await open(name, { language, colorScheme, width });
          await seeAll(page);
          assert.deepEqual(complaints, [], name);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          assert.ok(wide <= width, `${name} is ${wide} px wide`);
          await page.close();
        }
      });

// As Chromium has it under some settings of LANG.
test("a language that is no language tag does no harm", async () => {
  const { page, complaints } = await open("survived", {
    init: () => Object.defineProperty(Navigator.prototype, "language", {
      get: () => "en-US@posix", configurable: true,
    }),
  });
  assert.throws(() => new Intl.NumberFormat("en-US@posix"));
  await seeAll(page);
  assert.deepEqual(complaints, []);
  await page.close();
});

test("every section is there, and says something", async () => {
  for (const name of runs) {
    const { page } = await open(name);
    for (const id of [...sections, ...moreOf(name)]) {
      const text = await page.locator("#" + id).innerText();
      assert.ok(text.length > 40, `${name}: ${id}: ${text}`);
    }
    const shown = await page.locator("main > section").count();
    assert.equal(shown, sections.length - 1 + moreOf(name).length, name);
    await page.close();
  }
});

test("every cycle has its recovery, and no table of a section is wider than the page", async () => {
  const { page } = await open("cycles");
  assert.equal(await page.locator("#recovery figure.chart").count(),
    Number(query("cycles", "SELECT count(*) FROM cycle")));
  for (const id of ["resources", "growth", "cycles", "recovery"]) {
    const table = page.locator(`#${id} > .scroll`).first();
    const [inside, outside] = await table.evaluate((box) => [box.scrollWidth, box.clientWidth]);
    assert.ok(inside <= outside, `${id}: ${inside} of ${outside} px`);
  }
  await page.close();
});

test("the verdict is the database's", async () => {
  for (const name of runs) {
    const { page } = await open(name, { javaScriptEnabled: false });
    const verdict = page.locator("#verdict");
    const [outcome, limit, held] = query(name, `SELECT outcome, coalesce(limit_id, ''),
      coalesce(broke_held, -1) FROM v_run`).split("|");
    assert.equal(await verdict.getAttribute("data-outcome"), outcome, name);
    assert.equal(await verdict.getAttribute("data-limit"), limit, name);
    assert.equal(await verdict.getAttribute("data-held"), held, name);
    assert.equal(await page.locator("#verdict-text").innerText(),
      query(name, "SELECT text FROM finding WHERE kind = 'verdict'"), name);
    assert.match((await verdict.locator("h1").innerText()).toLowerCase(), new RegExp("^" + outcome));
    await page.close();
  }
});

test("outcomes are what the runs were made for", () => {
  assert.equal(query("broke", "SELECT outcome, limit_id FROM v_run"), "broke|acceptor-nofile");
  assert.equal(query("survived", "SELECT outcome FROM v_run"), "survived");
  assert.equal(query("interrupted", "SELECT outcome FROM v_run"), "interrupted");
  assert.equal(query("empty", "SELECT (SELECT count(*) FROM tick), outcome FROM v_run"),
    "0|interrupted");
});

test("sparse runs explain themselves", async () => {
  const empty = (await open("empty", { javaScriptEnabled: false })).page;
  assert.match(await empty.locator("#verdict").innerText(), /Not one sample was stored/);
  assert.match(await empty.locator("#timeline").innerText(), /nothing to draw/);
  assert.match(await empty.locator("#recovery").innerText(), /No recovery was measured/);
  await empty.close();
  const cut = (await open("interrupted", { javaScriptEnabled: false })).page;
  assert.match(await cut.locator("#verdict").innerText(), /cut short/);
  assert.match(await cut.locator("#recovery").innerText(), /No recovery was measured/);
  await cut.close();
  const survived = (await open("survived", { javaScriptEnabled: false })).page;
  assert.match(await survived.locator("#verdict").innerText(), /nothing gave way[^]*ask for more/);
  await survived.close();
});

test("a label from outside is text", async () => {
  const { page, complaints } = await open("broke");
  const label = await page.locator(".kicker .label").innerText();
  assert.equal(label, "</script><img src=x onerror=alert(1)>\"M^?^A'&");
  assert.equal(await page.evaluate(() => document.images.length), 0);
  assert.deepEqual(complaints, []);
  await page.close();
  for (const name of ["compared", "all/index"]) {
    const other = (await open(name)).page;
    assert.equal(await other.evaluate(() => document.images.length), 0);
    await other.close();
  }
});

test("the policy lets nothing else run", async () => {
  const { page, complaints } = await open("survived");
  await seeAll(page);
  assert.match(await page.locator("meta[http-equiv]").getAttribute("content"),
    /^default-src 'none';.*script-src 'sha256-[^']+'$/);
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.injected = true";
    document.body.append(script);
    document.body.append(Object.assign(new Image(), { src: "other.png" }));
  });
  assert.equal(await page.evaluate(() => window.injected), undefined);
  assert.ok(complaints.every((text) => /Content Security Policy|request/.test(text)));
  assert.ok(complaints.length >= 2);
  await page.close();
});

test("without script there are drawings, each with its sentence and its table", async () => {
  const { page } = await open("broke", { javaScriptEnabled: false });
  const charts = await page.locator("figure.chart").all();
  assert.ok(charts.length >= 9);
  for (const chart of charts) {
    assert.equal(await chart.getAttribute("role"), "figure");
    assert.ok(await chart.locator(".plot > svg").isVisible());
    assert.ok(await chart.locator(".plot path.line").count() > 0);
    const about = await chart.getAttribute("aria-describedby");
    assert.ok((await page.locator("#" + about).textContent()).length > 20);
    assert.ok(await chart.locator("tbody tr").count() >= 2);
  }
  await page.close();
});

test("where data cannot be unpacked the page says so", async () => {
  const { page, complaints } = await open("broke", {
    init: () => { delete window.DecompressionStream; },
  });
  assert.match(await page.locator("#controls").innerText(), /no DecompressionStream/);
  assert.ok(await page.locator("#chart-connections .plot > svg").isVisible());
  assert.deepEqual(complaints, []);
  await page.close();
});

const rangeOf = async (page, id) =>
  (await page.locator(`#chart-${id} .plot`).getAttribute("data-range")).split(" ").map(Number);

async function drag(page, id, from, to) {
  const over = page.locator(`#chart-${id} .u-over`);
  await over.scrollIntoViewIfNeeded();
  const box = await over.boundingBox();
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * from, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * (from + to) / 2, y);
  await page.mouse.move(box.x + box.width * to, y);
  await page.mouse.up();
}

test("zoom and cursor go over all charts", async () => {
  const { page, complaints } = await open("broke");
  await seeAll(page);
  const whole = await rangeOf(page, "connections");
  const apart = await rangeOf(page, "recovery-curves");
  await drag(page, "connections", 0.3, 0.6);
  const zoomed = await rangeOf(page, "connections");
  const span = whole[1] - whole[0];
  assert.ok(Math.abs(zoomed[0] - (whole[0] + 0.3 * span)) < 0.05 * span, String(zoomed));
  assert.ok(Math.abs(zoomed[1] - (whole[0] + 0.6 * span)) < 0.05 * span, String(zoomed));
  for (const id of ["fds", "memory", "cpu", "latency", "sockets"])
    assert.deepEqual(await rangeOf(page, id), zoomed, id);
  assert.deepEqual(await rangeOf(page, "recovery-curves"), apart);
  await page.locator("#chart-fds .u-over").scrollIntoViewIfNeeded();
  const box = await page.locator("#chart-fds .u-over").boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + 20);
  assert.match(await page.locator("#chart-connections .legend output").first().innerText(), /\d/);
  assert.match(await page.locator(".readout").innerText(), /ramp|plateau|hold|exhausted/);
  await page.getByRole("button", { name: "Whole run" }).click();
  assert.deepEqual(await rangeOf(page, "memory"), whole);
  assert.deepEqual(complaints, []);
  await page.close();
});

test("charts over held connections, with a logarithmic scale, and all limits", async () => {
  const { page, complaints } = await open("broke");
  await seeAll(page);
  await page.getByRole("radio", { name: "connections held" }).check();
  const held = await rangeOf(page, "fds");
  const most = Number(query("broke", "SELECT held_peak FROM v_run"));
  assert.deepEqual(held, [0, most]);
  await page.getByRole("radio", { name: "logarithmic" }).check();
  await page.getByRole("checkbox", { name: "all limits" }).check();
  await seeAll(page);
  await page.getByRole("radio", { name: "time" }).check();
  await page.getByRole("radio", { name: "linear" }).check();
  assert.deepEqual(complaints, []);
  await page.close();
});

test("the legend hides and shows a line", async () => {
  const { page } = await open("broke");
  await seeAll(page);
  const button = page.locator("#chart-connections .legend button").first();
  assert.equal(await button.getAttribute("aria-pressed"), "true");
  await button.click();
  assert.equal(await button.getAttribute("aria-pressed"), "false");
  await button.press("Enter");
  assert.equal(await button.getAttribute("aria-pressed"), "true");
  await page.close();
});

test("the keyboard is enough", async () => {
  const { page } = await open("broke");
  await seeAll(page);
  await page.evaluate(() => scrollTo(0, 0));
  const order = [];
  const tabTo = async (wanted) => {
    for (let i = 0; i < 60 && order.at(-1) !== wanted; i++) {
      await page.keyboard.press("Tab");
      order.push(await page.evaluate(() => {
        const now = document.activeElement;
        return now.name || now.getAttribute("role") || now.tagName;
      }));
    }
    assert.equal(order.at(-1), wanted, order.join(" "));
  };
  await tabTo("application");
  const whole = await rangeOf(page, "connections");
  await page.keyboard.press("Home");
  for (let i = 0; i < 5; i++)
    await page.keyboard.press("PageDown");
  assert.match(await page.locator("[role=status]").innerText(), /held by clients [\d,]+/);
  await page.keyboard.press("+");
  const zoomed = await rangeOf(page, "connections");
  assert.ok(zoomed[1] - zoomed[0] < 0.6 * (whole[1] - whole[0]), String(zoomed));
  assert.deepEqual(await rangeOf(page, "fds"), zoomed);
  await page.keyboard.press("0");
  assert.deepEqual(await rangeOf(page, "connections"), whole);
  await tabTo("axis");
  await tabTo("scale");
  await page.close();
});

test("in print there are drawings on white, and the words", async () => {
  const { page } = await open("broke", { colorScheme: "dark" });
  await seeAll(page);
  await page.emulateMedia({ media: "print" });
  assert.ok(await page.locator("#chart-connections .plot > svg").isVisible());
  assert.ok(!await page.locator("#chart-connections .uplot").isVisible());
  assert.ok(!await page.locator("#controls").isVisible());
  assert.ok(await page.locator("#term-held").isVisible());
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor),
    "rgb(255, 255, 255)");
  assert.ok((await page.pdf()).length > 20000);
  await page.close();
});

// WCAG 2, success criterion 1.4.3: 4.5 to 1, or 3 to 1 for large text.
const dimTexts = () => {
  const parse = (text) => text.match(/[\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (one) => {
    for (; one; one = one.parentElement) {
      const colour = parse(getComputedStyle(one).backgroundColor);
      if (colour.length === 3 || colour[3] === 1)
        return colour;
    }
    return [255, 255, 255];
  };
  const dim = new Set();
  for (const one of document.body.querySelectorAll("*")) {
    const own = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || one.closest("script, svg") || !one.getClientRects().length)
      continue;
    const style = getComputedStyle(one);
    const pair = [light(parse(style.color)), light(ground(one))].sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    if (ratio < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5))
      dim.add(`${one.tagName}.${one.className}: ${ratio.toFixed(2)}`);
  }
  return [...dim];
};

for (const colorScheme of ["light", "dark"])
  test("text stands out: " + colorScheme, async () => {
    for (const name of pages) {
      const { page } = await open(name, { colorScheme });
      await seeAll(page);
      assert.deepEqual(await page.evaluate(dimTexts), [], name);
      await page.close();
    }
  });

test("links lead somewhere", async () => {
  for (const name of pages) {
    const { page } = await open(name, { javaScriptEnabled: false });
    for (const link of new Set(await page.locator("a[href^='#']").evaluateAll((all) =>
      all.map((one) => one.getAttribute("href")))))
      assert.equal(await page.locator(link).count(), 1, name + ": " + link);
    await page.close();
  }
  const { page } = await open("all/index");
  await page.locator("tbody a").first().click();
  assert.match(await page.locator("h1").innerText(), /\w/);
  await page.close();
});

test("the same database gives the same bytes", () => {
  assert.deepEqual(readFileSync(PAGES + "/again.html"), readFileSync(PAGES + "/broke.html"));
});
