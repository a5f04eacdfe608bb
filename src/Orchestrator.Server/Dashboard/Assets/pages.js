// Draws the charts and renews the main part of the page when the server says that something has changed.
(() => {
  "use strict";
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const figures = new Intl.NumberFormat("en", { maximumSignificantDigits: 5 });
  let plots = [];

  function bands(chart) {
    return { hooks: { drawClear: [plot => {
      const { ctx, bbox } = plot;
      ctx.save();
      ctx.beginPath();
      ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
      ctx.clip();
      ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
      ctx.textAlign = "left";
      chart.bands.forEach((band, at) => {
        const from = plot.valToPos(band.from, "x", true);
        const to = plot.valToPos(band.to, "x", true);
        ctx.fillStyle = colour("--band" + at % 2);
        ctx.fillRect(from, bbox.top, to - from, bbox.height);
        if (to - from > 70 * devicePixelRatio) {
          ctx.fillStyle = colour("--quiet");
          ctx.fillText(band.name, Math.max(from, bbox.left) + 4 * devicePixelRatio, bbox.top + 12 * devicePixelRatio);
        }
      });
      ctx.restore();
    }] } };
  }

  function draw(place) {
    const chart = JSON.parse(place.dataset.chart);
    const axis = { stroke: colour("--quiet"), grid: { stroke: colour("--edge"), width: 1 }, ticks: { stroke: colour("--edge"), width: 1 } };
    const figure = value => value == null ? "-" : chart.unit + figures.format(value);
    place.replaceChildren();
    place.classList.add("drawn");
    plots.push(new uPlot({
      width: place.clientWidth,
      height: 200,
      cursor: { drag: { x: false, y: false } },
      scales: { y: { range: (_, least, most) => least == null ? [0, 1] : chart.fromZero ? [0, most > 0 ? most * 1.05 : 1] : least === most ? [least - 1, most + 1] : [least - (most - least) * .05, most + (most - least) * .05] } },
      axes: [axis, { ...axis, size: 64, values: (_, ticks) => ticks.map(figure) }],
      series: [{ label: "at", value: "{YYYY}-{MM}-{DD} {HH}:{mm}:{ss}" }].concat(chart.lines.map((line, at) => (
        { label: line.name, stroke: colour("--line" + at % 6), width: 2, points: { show: false }, value: (_, value) => figure(value), dash: line.name === "budget" ? [6, 4] : undefined }))),
      plugins: [bands(chart)],
    }, [chart.at].concat(chart.lines.map(line => line.values)), place));
  }

  function drawAll() {
    plots.forEach(plot => plot.destroy());
    plots = [];
    document.querySelectorAll("[data-chart]").forEach(draw);
  }

  // Nobody's reading is disturbed: what was open stays open, what was scrolled or had the focus is found again.
  function keep(main) {
    const open = [...main.querySelectorAll("details[open]")].map(one => one.id);
    const log = document.getElementById("log");
    const atEnd = !log || log.scrollTop + log.clientHeight >= log.scrollHeight - 8;
    const top = log ? log.scrollTop : 0;
    const name = one => one.id || one.getAttribute("href") || one.getAttribute("aria-label") || one.textContent;
    const focused = main.contains(document.activeElement) && document.activeElement !== main ? name(document.activeElement) : null;
    return () => {
      open.forEach(id => { const one = id && document.getElementById(id); if (one) { one.open = true; } });
      const now = document.getElementById("log");
      if (now) { now.scrollTop = atEnd ? now.scrollHeight : top; }
      const same = focused && [...main.querySelectorAll("a[href], button, summary, pre")].find(one => name(one) === focused);
      if (same) { same.focus({ preventScroll: true }); }
    };
  }

  const isBusy = () => !getSelection().isCollapsed || document.querySelector(".plot:hover, main button:active, main input:focus") !== null;
  let wanted = false;
  let isRenewing = false;

  async function renew() {
    wanted = true;
    if (isRenewing || isBusy() || document.hidden) { return; }
    isRenewing = true;
    wanted = false;
    try {
      const reply = await fetch(location.href, { headers: { Accept: "text/html" } });
      const main = reply.ok && new DOMParser().parseFromString(await reply.text(), "text/html").getElementById("main");
      if (main) {
        const here = document.getElementById("main");
        const restore = keep(here);
        here.replaceChildren(...main.childNodes);
        drawAll();
        restore();
      } else {
        say("this page could not be renewed; reload it");
      }
    } catch {
      wanted = true;
    } finally {
      isRenewing = false;
    }
  }

  const live = document.getElementById("live");
  const say = words => { if (live.textContent !== words) { live.textContent = words; } };
  let source = null;

  // What a page has asked of a store is not asked again by itself.
  const isStill = !document.body.dataset.changes;

  function listen() {
    if (isStill || source || document.hidden) { return; }
    source = new EventSource(document.body.dataset.changes);
    source.addEventListener("open", () => say("live"));
    source.addEventListener("changed", renew);
    source.addEventListener("error", () => say(source.readyState === EventSource.CLOSED ? "not live: reload the page" : "no answer from the server, trying again"));
  }

  // A page in a pocket costs nothing.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      if (source) { source.close(); }
      source = null;
    } else {
      listen();
      if (!isStill) { renew(); }
    }
  });
  // Ages ("51 s ago") grow by themselves; what was put off is made up for.
  setInterval(() => { if (wanted) { renew(); } }, 2000);
  if (!isStill) { setInterval(renew, 30000); }
  let width = innerWidth;
  addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; drawAll(); } });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  drawAll();
  const log = document.getElementById("log");
  if (log) { log.scrollTop = log.scrollHeight; }
  listen();
})();
