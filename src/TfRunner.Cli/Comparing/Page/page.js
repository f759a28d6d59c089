(() => {
  "use strict";
  const report = JSON.parse(document.getElementById("report").textContent);
  const page = document.getElementById("page");
  const SVG = "http://www.w3.org/2000/svg";
  const make = (tag, attributes, ...children) => {
    const node = document.createElement(tag);
    Object.entries(attributes || {}).forEach(([k, v]) => node.setAttribute(k, v));
    children.flat().forEach(c => c !== null && c !== undefined && node.append(c));
    return node;
  };
  const draw = (parent, tag, attributes, text) => {
    const node = document.createElementNS(SVG, tag);
    Object.entries(attributes).forEach(([k, v]) => node.setAttribute(k, v));
    if (text !== undefined) node.textContent = text;
    parent.append(node);
    return node;
  };
  const colour = i => `var(--c${i % 8})`;
  const time = ns => {
    for (const [unit, size] of [["s", 1e9], ["ms", 1e6], ["us", 1e3]]) {
      if (ns >= size * 0.9995) return trim(ns / size) + " " + unit;
    }
    return trim(ns) + " ns";
  };
  const trim = v => v >= 99.95 ? v.toFixed(0) : v >= 9.995 ? String(+v.toFixed(1)) : String(+v.toFixed(2));
  // Ticks at 1, 2 and 5 of each power of ten; fewer where they would crowd.
  const logTicks = (low, high, most) => {
    for (const steps of [[1, 1.5, 2, 3, 4, 5, 7], [1, 2, 5], [1, 3], [1]]) {
      const ticks = [];
      for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++) {
        steps.forEach(s => { const t = s * 10 ** e; if (t >= low && t <= high) ticks.push(t); });
      }
      if (ticks.length <= most) return ticks;
    }
    return [low, high];
  };
  const range = rows => {
    const all = rows.flatMap(r => [r.sorted[0][1], r.sorted[r.sorted.length - 1][1]]).map(v => Math.max(v, 1));
    return [Math.min(...all) * 0.9, Math.max(...all) * 1.12];
  };

  const table = (headers, batch, cellsOf) => make("table", {},
    make("thead", {}, make("tr", {}, headers.map(h => make("th", h === "verdict" || h === "remark" ? { class: "left" } : {}, h)))),
    make("tbody", {}, batch.rows.map((row, r) => cellsOf(row) && make("tr", {}, cellsOf(row).map((cell, i) => {
      const header = headers[i];
      const classes = [header, cell === "" || (row.reason && cell === "-") ? "empty" : "", header === "verdict" ? `left ${cell}` : ""];
      return make("td", { class: classes.join(" ").trim(), "data-label": header },
        i === 0 && row.sorted ? make("span", { class: "key", style: `background:${colour(r)}` }) : null, cell);
    })))));

  const frame = (title, what, wide) => {
    const plot = make("div", {});
    return { plot, node: make("section", { class: wide ? "chart wide" : "chart" }, make("h3", {}, title), make("p", { class: "soft" }, what), plot) };
  };
  const yAxis = (svg, y, low, high, left, right) => logTicks(low, high, 7).forEach(t => {
    draw(svg, "line", { x1: left, x2: right, y1: y(t), y2: y(t), stroke: "var(--grid)" });
    draw(svg, "text", { x: left - 8, y: y(t) + 4, "text-anchor": "end" }, time(t));
  });
  const canvas = (plot, height) => {
    plot.replaceChildren();
    const width = Math.max(260, plot.clientWidth);
    const svg = draw(plot, "svg", { viewBox: `0 0 ${width} ${height}`, height, role: "img" });
    return { svg, width };
  };

  // Percentiles over -log10(1 - p): each step to the right is a tenfold rarer call.
  const tail = (plot, rows, index) => {
    const { svg, width } = canvas(plot, 300);
    const [left, right, top, bottom] = [62, width - 12, 8, 268];
    const [low, high] = range(rows);
    const most = Math.max(...rows.map(r => Math.log10(r.count)));
    const x = p => left + (right - left) * p / Math.max(most, 1.3);
    const y = v => bottom - (bottom - top) * Math.log(Math.max(v, low) / low) / Math.log(high / low);
    yAxis(svg, y, low, high, left, right);
    [[0, "min"], [0.301, "p50"], [1, "p90"], [2, "p99"], [3, "p99.9"], [4, "p99.99"], [5, "p99.999"]].filter(([p]) => p <= Math.max(most, 1.3)).forEach(([p, name]) => {
      draw(svg, "line", { x1: x(p), x2: x(p), y1: top, y2: bottom, stroke: "var(--grid)" });
      if (p !== 0 || x(0.301) - x(0) > 42) draw(svg, "text", { x: x(p), y: bottom + 18, "text-anchor": p === 0 ? "start" : "middle" }, name);
    });
    rows.forEach((row, i) => {
      const path = row.sorted.map(([rank, v]) => `${x(-Math.log10(1 - rank / row.count)).toFixed(1)},${y(v).toFixed(1)}`).join("L");
      draw(svg, "path", { d: "M" + path, fill: "none", stroke: colour(index(row)), "stroke-width": 2, "stroke-linejoin": "round" });
    });
  };

  const course = (plot, rows, index) => {
    const { svg, width } = canvas(plot, 300);
    const [left, right, top, bottom] = [62, width - 12, 8, 268];
    const [low, high] = range(rows);
    const begin = Math.min(...rows.map(r => r.points[0][0]));
    const end = Math.max(...rows.map(r => r.points[r.points.length - 1][0]), begin + 1);
    const x = t => left + (right - left) * (t - begin) / (end - begin);
    const y = v => bottom - (bottom - top) * Math.log(Math.max(v, low) / low) / Math.log(high / low);
    yAxis(svg, y, low, high, left, right);
    const steps = width < 480 ? 2 : 4;
    for (let i = 0; i <= steps; i++) {
      const t = begin + (end - begin) * i / steps;
      draw(svg, "text", { x: x(t), y: bottom + 18, "text-anchor": i === 0 ? "start" : i === steps ? "end" : "middle" }, time((t - begin) * 1000).replace(/^0 ns$/, "0"));
    }
    rows.forEach(row => {
      const d = row.points.map(([t, v]) => `M${x(t).toFixed(1)} ${y(v).toFixed(1)}h0`).join("");
      draw(svg, "path", { d, fill: "none", stroke: colour(index(row)), "stroke-width": 2.4, "stroke-linecap": "round", "stroke-opacity": 0.45 });
    });
  };

  // One band per mode; its height is the share of calls at that time, with a mark at the median.
  const shapes = (plot, rows, index) => {
    const band = 46;
    const { svg, width } = canvas(plot, rows.length * band + 34);
    const narrow = width < 560;
    const [left, right] = [narrow ? 4 : 160, width - 12];
    const lows = rows.map(r => r.sorted[0][1]);
    const highs = rows.map(r => r.sorted.find(([rank]) => rank >= 0.995 * (r.count - 1))[1]);
    const [low, high] = [Math.max(1, Math.min(...lows) * 0.9), Math.max(...highs) * 1.15];
    const x = v => left + (right - left) * Math.log(Math.max(v, low) / low) / Math.log(high / low);
    const bottom = rows.length * band + 6;
    logTicks(low, high, narrow ? 4 : 9).forEach(t => {
      draw(svg, "line", { x1: x(t), x2: x(t), y1: 0, y2: bottom, stroke: "var(--grid)" });
      draw(svg, "text", { x: x(t), y: bottom + 18, "text-anchor": "middle" }, time(t));
    });
    rows.forEach((row, i) => {
      const bins = Math.floor((right - left) / 3);
      const density = new Array(bins).fill(0);
      for (let k = 1; k < row.sorted.length; k++) {
        const [rank, v] = row.sorted[k];
        const at = Math.floor((x(v) - left) / (right - left) * bins);
        if (at >= 0 && at < bins) density[at] += rank - row.sorted[k - 1][0];
      }
      const smooth = density.map((_, k) => [-2, -1, 0, 1, 2].reduce((s, o) => s + (density[k + o] || 0) * [1, 4, 6, 4, 1][o + 2], 0));
      const peak = Math.max(...smooth, 1e-9);
      const base = (i + 1) * band;
      const points = smooth.map((d, k) => `${(left + (k + 0.5) * (right - left) / bins).toFixed(1)},${(base - (d / peak) * (band - (narrow ? 20 : 8))).toFixed(1)}`);
      draw(svg, "path", { d: `M${left},${base}L${points.join("L")}L${right},${base}Z`, fill: colour(index(row)), "fill-opacity": 0.35, stroke: colour(index(row)), "stroke-width": 1.2 });
      const median = row.sorted.find(([rank]) => rank >= (row.count - 1) / 2)[1];
      draw(svg, "line", { x1: x(median), x2: x(median), y1: base - band + (narrow ? 20 : 8), y2: base, stroke: "var(--ink)", "stroke-width": 1.5 });
      draw(svg, "text", { x: narrow ? left : left - 10, y: narrow ? base - band + 14 : base - 14, "text-anchor": narrow ? "start" : "end", class: "name" }, row.mode);
    });
  };

  page.append(
    make("h1", {}, `${report.model}: what each way of calling it costs`),
    make("p", { class: "soft" }, `${report.path}, signature ${report.signature}`));
  if (report.cancelled) page.append(make("p", { class: "lead" }, "Cancelled: this is what was measured until then."));
  const charts = [];
  report.batches.forEach(batch => {
    if (report.batches.length > 1) page.append(make("h2", {}, batch.batch === 1 ? "1 row per call" : `${batch.batch} rows per call`));
    page.append(make("p", { class: "soft" }, `Inputs: ${batch.inputs}`), table(report.headers, batch, row => row.cells), make("p", { class: "soft" }, batch.sampled + "."));
    const rows = batch.rows.filter(r => r.sorted);
    if (rows.length === 0) return;
    const index = row => batch.rows.indexOf(row);
    const legend = () => make("div", { class: "legend" }, rows.map(r => make("span", {}, make("span", { class: "key", style: `background:${colour(index(r))}` }), r.mode)));
    const grid = make("div", { class: "charts" });
    [
      ["Percentiles", "Each step to the right is a tenfold rarer call.", tail, false],
      ["Latency against time", "Modes take turns, so a disturbance shows in all of them.", course, false],
      ["Distributions", "Up to the 99.5th percentile; the mark is the median.", shapes, true],
    ].forEach(([title, what, render, wide]) => {
      const { plot, node } = frame(title, what, wide);
      if (!wide) node.insertBefore(legend(), plot);
      grid.append(node);
      charts.push(() => render(plot, rows, index));
    });
    page.append(grid);
    page.append(
      make("h3", { class: "apart" }, "All figures"),
      make("p", { class: "soft" }, "Below a percentile its 95 % interval; ? where there are too few calls to bound it. Outliers are counted and stay in every figure."),
      make("div", { class: "scroll" }, table(report.figureHeaders, batch, row => row.figures)));
  });
  if (report.notes.length > 0) page.append(make("h2", {}, "What to know"), make("ul", {}, report.notes.map(n => make("li", {}, n))));
  page.append(
    make("h2", {}, "Where it was measured"), make("ul", {}, report.environment.map(e => make("li", {}, e))),
    make("h2", {}, "To run it again"), make("pre", {}, report.command.split(" ").flatMap((word, i) => [i > 0 ? " " : "", make("span", { class: "word" }, word)])));
  document.title = `${report.model}: tfrunner diff`;
  const renderAll = () => charts.forEach(c => c());
  renderAll();
  let width = innerWidth;
  addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; renderAll(); } });
})();
