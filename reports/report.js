// Turns the drawings of the report into charts that can be zoomed, and nothing else: all that
// the report says is in its HTML.
(() => {
  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };
  const controls = document.getElementById("controls");
  const store = document.getElementById("data");
  if (!controls || !store)
    return;

  // ------------------------------------------------------------------ figures and units

  const number = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });
  const scaled = (value, base, units) => {
    let i = 0;
    for (value = Math.abs(value); i + 1 < units.length && value >= base; i++)
      value /= base;
    return (i > 0 && value < 100 ? value.toFixed(1) : number.format(value)) + units[i];
  };
  const signed = (format) => (value) =>
    (value < 0 ? "-" : "") + format(Math.abs(value));
  const units = {
    count: (value) => number.format(value),
    rate: (value) => number.format(value) + "/s",
    percent: (value) => number.format(value) + " %",
    bytes: signed((value) => scaled(value, 1024, [" B", " KiB", " MiB", " GiB", " TiB"])),
    us: signed((value) => scaled(value, 1000, [" us", " ms", " s"])),
  };
  const two = (value) => String(value).padStart(2, "0");
  // Seconds: as such in a short run, else as h:mm:ss; see chart_time().
  const clock = (seconds, span) => {
    if (span < 600)
      return number.format(seconds || 0) + " s";
    const whole = Math.round(Math.abs(seconds));
    return (seconds < 0 ? "-" : "") + Math.floor(whole / 3600) + ":" +
      two(Math.floor(whole / 60) % 60) + ":" + two(whole % 60);
  };

  // -------------------------------------------------------------------------- the data

  async function unpack(text) {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < bytes.length; i++)
      bytes[i] = binary.charCodeAt(i);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  // Reads what html_data() of the program wrote; see html_data.h.
  function decode(bytes) {
    const length = new DataView(bytes.buffer).getUint32(0, true);
    const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
    let at = 4 + length;
    const column = (rows) => {
      const values = new Array(rows);
      let last = 0;
      for (let i = 0; i < rows; i++) {
        let value = 0;
        let place = 1;
        while (bytes[at] >= 128) {
          value += (bytes[at++] - 128) * place;
          place *= 128;
        }
        value += bytes[at++] * place;
        if (value === 0) {
          values[i] = null;
          continue;
        }
        value -= 1;
        last += value % 2 ? -(value + 1) / 2 : value / 2;
        values[i] = last;
      }
      return values;
    };
    for (const frame of head.frames) {
      frame.x = column(frame.rows).map((us) => us / 1e6);
      frame.data = [];
      for (let i = 0; i < frame.columns; i++)
        frame.data.push(bytes[at++] ? column(frame.rows) : null);
    }
    return head;
  }

  // --------------------------------------------------------------------------- the page

  const style = () => {
    const all = getComputedStyle(document.documentElement);
    const get = (name) => all.getPropertyValue(name).trim();
    const dash = (text) => (text === "none" ? [] : text.split(" ").map(Number));
    return {
      ink: get("--ink"), muted: get("--muted"), hair: get("--hair"), bad: get("--bad"),
      line: [0, 1, 2, 3, 4, 5, 6, 7].map((i) => get("--s" + i)),
      dash: [0, 1, 2, 3, 4, 5, 6, 7].map((i) => dash(get("--d" + i))),
      bands: { ramp: get("--ramp"), exhausted: get("--over"), recovery: get("--back") },
    };
  };

  function start(head) {
    const full = { time: [head.from / 1e6, head.to / 1e6], held: null };
    const view = { axis: "time", log: false, limits: false, range: full.time };
    const live = new Map(); // plot element → its chart
    let look = style();
    let strip = null;
    const readout = element("div", { className: "readout" });
    const status = element("div", { className: "sr" });
    status.setAttribute("role", "status");
    const reset = element("button", { type: "button", className: "reset",
      textContent: "Whole run", disabled: true });

    // ------------------------------------------------------------- over held connections

    // Rows of a frame before the release by how many connections were held, which need not
    // be the order in time.
    const held = head.held === null ? null : head.frames[0].data[head.held];
    const heldAt = (seconds) => {
      const x = head.frames[0].x;
      let low = 0;
      let high = x.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (x[middle] <= seconds)
          low = middle + 1;
        else
          high = middle;
      }
      return low > 0 ? held[low - 1] : null;
    };
    const orders = new Map();
    const orderOf = (frame) => {
      if (!orders.has(frame)) {
        const last = head.held_to / 1e6;
        const xs = frame === head.frames[0] ? held : frame.x.map(heldAt);
        const rows = [];
        for (let i = 0; i < frame.rows; i++)
          if (xs[i] !== null && frame.x[i] <= last)
            rows.push(i);
        rows.sort((a, b) => xs[a] - xs[b] || a - b);
        orders.set(frame, { rows, x: rows.map((i) => xs[i]) });
      }
      return orders.get(frame);
    };

    // ------------------------------------------------------------------ a chart's columns

    const take = (chart, series) => {
      const values = head.frames[series.frame].data[series.column];
      const scaledBy = (value) => (value === null || (view.log && value <= 0)
        ? null : value * series.scale);
      if (view.axis === "held" && !chart.apart)
        return orderOf(head.frames[series.frame]).rows.map((i) => scaledBy(values[i]));
      return values.map(scaledBy);
    };
    const axisOf = (chart, number) => (view.axis === "held" && !chart.apart
      ? orderOf(head.frames[number]).x : head.frames[number].x);
    const columnsOf = (chart) => {
      const numbers = [...new Set(chart.series.map((series) => series.frame))];
      const tables = numbers.map((n) => [axisOf(chart, n),
        ...chart.series.filter((series) => series.frame === n)
          .map((series) => take(chart, series))]);
      // Where runs are compared, each has an axis of its own.
      return tables.length === 1 ? tables[0]
        : uPlot.join(tables, tables.map((table) => table.slice(1).map(() => 2)));
    };
    const ordered = (chart) => {
      const numbers = [...new Set(chart.series.map((series) => series.frame))];
      return numbers.flatMap((n) => chart.series.filter((series) => series.frame === n));
    };

    // ------------------------------------------------------------------------- drawing

    const onAxis = (us) => (view.axis === "held" ? heldAt(us / 1e6) : us / 1e6);
    const drawBands = (u) => {
      const { ctx, bbox } = u;
      ctx.save();
      ctx.font = 10 * devicePixelRatio + "px system-ui, sans-serif";
      ctx.textAlign = "center";
      for (const band of view.axis === "time" ? head.bands : []) {
        const from = Math.max(u.valToPos(band.from / 1e6, "x", true), bbox.left);
        const to = Math.min(u.valToPos(band.to / 1e6, "x", true), bbox.left + bbox.width);
        if (to <= from)
          continue;
        ctx.fillStyle = look.bands[band.name] || "transparent";
        ctx.fillRect(from, bbox.top, to - from, bbox.height);
        ctx.fillStyle = look.muted;
        if (to - from > ctx.measureText(band.name).width + 6)
          ctx.fillText(band.name, (from + to) / 2, bbox.top - 5 * devicePixelRatio);
      }
      ctx.restore();
    };
    const line = (ctx, x1, y1, x2, y2) => {
      ctx.beginPath();
      ctx.moveTo(x1, y1);
      ctx.lineTo(x2, y2);
      ctx.stroke();
    };
    const drawLimits = (u, chart) => {
      const { ctx, bbox } = u;
      ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
      ctx.textAlign = "left";
      for (const limit of chart.limits) {
        const y = u.valToPos(limit.value, "y", true);
        if (y < bbox.top - 1 || y > bbox.top + bbox.height)
          continue;
        line(ctx, bbox.left, y, bbox.left + bbox.width, y);
        ctx.fillText(limit.label + ": " + units[chart.unit](limit.value),
          bbox.left + 6 * devicePixelRatio, y - 4 * devicePixelRatio);
      }
      ctx.setLineDash([]);
    };
    const drawMarks = (u) => {
      const { ctx, bbox } = u;
      const foot = bbox.top + bbox.height;
      for (const mark of head.marks) {
        const x = u.valToPos(onAxis(mark.x), "x", true);
        if (!(x >= bbox.left && x <= bbox.left + bbox.width))
          continue;
        if (mark.broke)
          line(ctx, x, bbox.top, x, foot);
        else
          line(ctx, x, foot - 8 * devicePixelRatio, x, foot + 3 * devicePixelRatio);
      }
    };
    const drawOver = (u, chart) => {
      const { ctx } = u;
      ctx.save();
      ctx.strokeStyle = ctx.fillStyle = look.bad;
      ctx.lineWidth = 1.5 * devicePixelRatio;
      ctx.font = 11 * devicePixelRatio + "px system-ui, sans-serif";
      drawLimits(u, chart);
      if (!chart.apart)
        drawMarks(u);
      ctx.restore();
    };

    // ----------------------------------------------------------------------- the cursor

    const describe = (seconds) => {
      if (view.axis === "held")
        return "at " + units.count(seconds) + " held";
      const us = seconds * 1e6;
      const band = head.bands.find((one) => us >= one.from && us < one.to);
      const span = view.range[1] - view.range[0];
      const near = head.marks.filter((mark) => Math.abs(mark.x - us) < span * 4e3)
        .map((mark) => mark.label);
      return [clock(seconds, full.time[1]), band ? band.name : "", ...near.slice(0, 3)]
        .filter(Boolean).join(" · ");
    };
    // The last known value: rates are known once a second only.
    const known = (values, i) => {
      for (let k = i; k >= 0 && k > i - 100; k--)
        if (values[k] !== null && values[k] !== undefined)
          return values[k];
      return null;
    };
    const showValues = (u, chart, outputs) => {
      const i = u.cursor.idx;
      ordered(chart).forEach((series, k) => {
        const value = i === null || i === undefined ? null : known(u.data[k + 1], i);
        outputs.get(series).textContent = value === null ? "" : units[chart.unit](value);
      });
      if (!chart.apart)
        readout.textContent = i === null || i === undefined ? "" : describe(u.data[0][i]);
    };

    // ---------------------------------------------------------------------- zoom and axis

    const setRange = (range) => {
      const whole = view.axis === "time" ? full.time : full.held;
      view.range = range || whole;
      reset.disabled = view.range[0] === whole[0] && view.range[1] === whole[1];
      for (const one of live.values())
        if (!one.chart.apart)
          one.u.setScale("x", { min: view.range[0], max: view.range[1] });
      if (strip)
        showSelection();
    };
    // A drag over one chart zooms into all.
    const zoom = (u) => {
      const { left, width } = u.select;
      if (width > 3)
        setRange([u.posToVal(left, "x"), u.posToVal(left + width, "x")]);
      u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
    };
    // For whoever looks at the page with a program.
    const note = (u, key) => {
      if (key === "x")
        u.root.parentElement.dataset.range = u.scales.x.min + " " + u.scales.x.max;
    };
    const showSelection = () => {
      strip.root.classList.toggle("whole", reset.disabled);
      const left = strip.valToPos(view.range[0], "x");
      const width = strip.valToPos(view.range[1], "x") - left;
      strip.setSelect({ left, width, top: 0, height: strip.over.clientHeight }, false);
    };

    // Moves the cursor of all charts with the keys, for there is not always a mouse.
    const onKey = (event, one) => {
      const { u, chart } = one;
      const x = u.data[0];
      const shown = chart.apart ? [u.scales.x.min, u.scales.x.max] : view.range;
      const span = shown[1] - shown[0];
      const now = u.cursor.idx ?? x.findIndex((value) => value >= shown[0]);
      const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20,
        Home: -Infinity, End: Infinity };
      if (event.key in steps) {
        const pixels = Math.max(1, Math.round((u.valToIdx(shown[1]) - u.valToIdx(shown[0])) / 200));
        const to = Math.min(u.valToIdx(shown[1]),
          Math.max(u.valToIdx(shown[0]), now + steps[event.key] * pixels));
        for (const other of live.values())
          if (other === one || (!chart.apart && !other.chart.apart))
            other.u.setCursor({ left: other.u.valToPos(x[to], "x"), top: 1 });
        status.textContent = describe(x[to]) + ": " + ordered(chart).map((series, k) => {
          const value = known(u.data[k + 1], to);
          return series.label + " " + (value === null ? "unknown" : units[chart.unit](value));
        }).join(", ");
      } else if ((event.key === "+" || event.key === "-") && !chart.apart) {
        const middle = x[now] ?? shown[0];
        const part = event.key === "+" ? 0.25 : 1;
        const whole = view.axis === "time" ? full.time : full.held;
        setRange([Math.max(whole[0], middle - span * part),
          Math.min(whole[1], middle + span * part)]);
      } else if (event.key === "0" || event.key === "Escape") {
        setRange(null);
      } else {
        return;
      }
      event.preventDefault();
    };

    // ------------------------------------------------------------------------ one chart

    const highLimit = (chart, max) => Math.max(max, ...chart.limits
      .filter((limit) => view.limits || limit.value <= 1.6 * max)
      .map((limit) => limit.value));
    const rangeY = (chart) => (u, min, max) => {
      if (min === null || max === null)
        return view.log ? [1, 10] : [0, 1];
      if (view.log)
        return [10 ** Math.floor(Math.log10(Math.max(min, 1e-3))),
          10 ** Math.ceil(Math.log10(Math.max(highLimit(chart, max), 1e-2)))];
      return [Math.min(0, min * 1.05), highLimit(chart, max) * 1.06 || 1];
    };
    const timeSteps = [1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60,
      120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];
    const steps = { bytes: Array.from({ length: 50 }, (_, i) => 2 ** i) };
    const axes = (chart) => [
      { stroke: look.muted, grid: { show: false }, ticks: { stroke: look.hair }, size: 34,
        font: "11px system-ui, sans-serif",
        ...(view.axis === "held" && !chart.apart ? {} : { incrs: timeSteps }),
        values: (u, ticks) => ticks.map((tick) => (view.axis === "held" && !chart.apart
          ? units.count(tick) : clock(tick, chart.apart ? ticks.at(-1) : full.time[1]))) },
      { stroke: look.muted, grid: { stroke: look.hair, width: 1 }, ticks: { show: false },
        size: 74, gap: 4, font: "11px system-ui, sans-serif",
        ...(chart.unit in steps && !view.log ? { incrs: steps[chart.unit] } : {}),
        values: (u, ticks) => ticks.map((tick) => (tick === null ? "" : units[chart.unit](tick))) },
    ];
    const optionsOf = (chart, outputs, hidden) => ({
      width: 400,
      height: 240,
      padding: [18, 10, 0, 0],
      legend: { show: false },
      cursor: {
        // The cursor is shared; a drag is passed on by setRange().
        sync: chart.apart ? undefined : { key: "brink", scales: ["x", null],
          filters: { pub: (type) => type === "mousemove" || type === "mouseleave" } },
        drag: { x: true, y: false, dist: 5, setScale: chart.apart },
        points: { size: 6 },
        ...(chart.apart ? {} : { bind: { dblclick: () => () => setRange(null) } }),
      },
      scales: {
        x: { time: false, ...(chart.apart ? {} : { range: () => view.range }) },
        y: { distr: view.log ? 3 : 1, range: rangeY(chart) },
      },
      axes: axes(chart),
      series: [{}, ...ordered(chart).map((series) => ({
        label: series.label,
        show: !hidden.has(series.label),
        stroke: look.line[series.slot],
        dash: look.dash[series.slot],
        width: 1.7,
        spanGaps: series.spans,
        // A second without success leaves a gap, and the ones between would be lost.
        points: { show: chart.unit === "us", size: 3, width: 1, fill: look.line[series.slot] },
      }))],
      hooks: {
        drawClear: chart.apart ? [] : [drawBands],
        draw: [(u) => drawOver(u, chart)],
        setScale: [note],
        setSelect: chart.apart ? [] : [zoom],
        setCursor: [(u) => showValues(u, chart, outputs)],
      },
    });

    // A button for each line of the legend.
    const makeLegend = (plot, chart, hidden, outputs) => {
      const items = plot.parentElement.querySelectorAll(".legend > li");
      chart.series.forEach((series, i) => {
        const button = element("button", { type: "button" }, ...items[i].childNodes);
        const output = element("output");
        button.setAttribute("aria-pressed", "true");
        button.addEventListener("click", () => {
          const one = live.get(plot);
          const show = !hidden.delete(series.label);
          if (show)
            hidden.add(series.label);
          button.setAttribute("aria-pressed", String(!show));
          if (one)
            one.u.setSeries(ordered(chart).indexOf(series) + 1, { show: !show });
        });
        items[i].replaceChildren(button, output);
        outputs.set(series, output);
      });
    };
    const prepare = (plot) => {
      const chart = head.charts[Number(plot.dataset.chart)];
      const one = { chart, hidden: new Set(), outputs: new Map() };
      makeLegend(plot, chart, one.hidden, one.outputs);
      plot.tabIndex = 0;
      plot.setAttribute("role", "application");
      plot.setAttribute("aria-label", chart.title +
        ": arrow keys move the cursor, + and - zoom, 0 shows the whole run");
      plot.addEventListener("keydown", (event) => {
        if (live.has(plot))
          onKey(event, live.get(plot));
      });
      return one;
    };
    const draw = (plot, one) => {
      const tall = plot.closest(".lead") ? 320 : 240;
      const height = one.u ? one.u.height : plot.clientWidth < 480 ? 210 : tall;
      if (one.u)
        one.u.destroy();
      one.u = new uPlot(Object.assign(optionsOf(one.chart, one.outputs, one.hidden),
        { width: plot.clientWidth, height }), columnsOf(one.chart), plot);
      plot.classList.add("live");
      live.set(plot, one);
    };

    // --------------------------------------------------------------------------- controls

    const choose = (name, legend, choices, change) => {
      const set = element("fieldset", {}, element("legend", { textContent: legend }));
      for (const [value, text] of choices) {
        const input = element("input", { type: "radio", name, value,
          checked: value === choices[0][0] });
        input.addEventListener("change", () => change(value));
        set.append(element("label", {}, input, text));
      }
      return set;
    };
    const redraw = () => {
      for (const [plot, one] of live)
        draw(plot, one);
      if (strip)
        showSelection();
    };
    const setAxis = (axis) => {
      view.axis = axis;
      if (axis === "held" && !full.held) {
        const xs = orderOf(head.frames[0]).x;
        full.held = [xs[0], xs.at(-1)];
      }
      view.range = full[axis];
      reset.disabled = true;
      document.getElementById("range").hidden = axis === "held";
      redraw();
    };
    const showLimits = element("input", { type: "checkbox" });
    const row = element("div", { className: "row" });
    if (held)
      row.append(choose("axis", "Over", [["time", "time"], ["held", "connections held"]], setAxis));
    row.append(choose("scale", "Scale", [["linear", "linear"], ["log", "logarithmic"]],
      (value) => { view.log = value === "log"; redraw(); }));
    if (head.charts.some((chart) => chart.limits.length > 0))
      row.append(element("label", {}, showLimits, "all limits"));
    showLimits.addEventListener("change", () => { view.limits = showLimits.checked; redraw(); });
    reset.addEventListener("click", () => setRange(null));
    row.append(reset, readout);
    controls.append(row, element("div", { id: "range" }), status);

    // ------------------------------------------------------------------------- the strip

    const makeStrip = () => {
      const place = document.getElementById("range");
      const first = head.charts.find((chart) => !chart.apart);
      if (!first || place.clientWidth < 300)
        return;
      const series = first.series[0];
      const frame = head.frames[series.frame];
      strip = new uPlot({
        width: place.clientWidth, height: 44, padding: [2, 10, 2, 74],
        legend: { show: false },
        cursor: { x: false, y: false, points: { show: false }, drag: { x: true, y: false, setScale: false },
          bind: { dblclick: () => () => setRange(null) } },
        scales: { x: { time: false, range: () => full.time } },
        axes: [{ show: false }, { show: false }],
        series: [{}, { stroke: look.line[series.slot], width: 1.2, points: { show: false }, spanGaps: true }],
        hooks: {
          drawClear: [drawBands],
          setSelect: [(u) => {
            if (u.select.width > 3)
              setRange([u.posToVal(u.select.left, "x"), u.posToVal(u.select.left + u.select.width, "x")]);
          }],
        },
      }, [frame.x, frame.data[series.column].map((value) => value === null ? null : value * series.scale)], place);
      place.setAttribute("aria-hidden", "true");
      showSelection();
    };

    // ------------------------------------------------------------- charts when they are seen

    const waiting = new Map();
    for (const plot of document.querySelectorAll(".plot"))
      waiting.set(plot, prepare(plot));
    const seen = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries)
        if (isIntersecting && waiting.has(target)) {
          draw(target, waiting.get(target));
          waiting.delete(target);
        }
    }, { rootMargin: "300px" });
    for (const plot of waiting.keys())
      seen.observe(plot);
    const resized = new ResizeObserver((entries) => {
      for (const { target } of entries)
        if (live.has(target) && target.clientWidth > 0)
          live.get(target).u.setSize({ width: target.clientWidth, height: live.get(target).u.height });
    });
    for (const plot of waiting.keys())
      resized.observe(plot);
    makeStrip();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      look = style();
      redraw();
    });
    document.documentElement.dataset.charts = "live";
  }

  const complain = (text) => {
    controls.append(element("p", { className: "empty", textContent: text }));
    document.documentElement.dataset.charts = "static";
  };
  if (typeof DecompressionStream === "undefined")
    complain("This browser cannot unpack the samples (it has no DecompressionStream), so the " +
      "charts are still pictures. Everything else is complete.");
  else
    unpack(store.textContent).then(decode).then(start).catch((error) => {
      complain("The samples could not be read, so the charts are still pictures: " + error.message);
    });
})();
