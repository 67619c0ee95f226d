"use strict";
// Draws the charts of a report from the data block. Every chart has its numbers in a table below it, so
// that nothing is lost where no script runs.
(function () {
  const themes = {
    light: { ink: "#1b1b1b", grey: "#555", line: "#ddd", paper: "#ffffff", pale: "#56b4e9", strong: "#00395c",
      colours: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#000000", "#e69f00", "#56b4e9"] },
    dark: { ink: "#ececec", grey: "#b0b0b0", line: "#444", paper: "#161616", pale: "#24648f", strong: "#8fd0f7",
      colours: ["#4aa8e0", "#f08a3c", "#2fc79a", "#e3a2c8", "#ececec", "#f0b830", "#8fd0f7"] },
  };
  const all = JSON.parse(document.getElementById("data").textContent);
  const isSmall = window.innerWidth < 640;
  const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");
  let theme = themes[prefersDark.matches ? "dark" : "light"], colours = theme.colours;
  // what stands on a cell of this strength can be read
  const over = strength => (strength > 0.65) === (theme === themes.light) ? "#fff" : strength > 0.65 ? "#000" : theme.ink;

  function short(value) {
    const size = Math.abs(value);
    // as handover::output::kit::numbers: four digits can be read without a "k"
    const units = [[1e12, " tn", 1e12], [1e9, " bn", 1e9], [1e6, " M", 1e6], [1e3, " k", 1e4]];
    for (const [factor, word, least] of units) {
      const digits = factor === 1e12 ? 100 : 10;
      if (size >= least) return String(Math.round(value / factor * digits) / digits) + word;
    }
    if (size >= 100 || value === 0) return String(Math.round(value));
    return String(Math.round(value * 100) / 100);
  }

  function axis(name) {
    return { type: "value", name: name, nameLocation: "middle", nameGap: isSmall ? 44 : 52, scale: true,
      axisLabel: { formatter: short, hideOverlap: true, color: theme.grey }, nameTextStyle: { color: theme.grey },
      splitLine: { lineStyle: { color: theme.line } } };
  }

  function base() {
    return { animation: false, color: colours, textStyle: { fontFamily: "system-ui, sans-serif", fontSize: 12, color: theme.ink },
      // tooltips as drawn text: no name of a scenario is ever read as markup
      tooltip: { renderMode: "richText", confine: true }, aria: { enabled: true, decal: { show: true } } };
  }

  // curves over time, each with a band where it has one
  function line(chart) {
    const option = base();
    option.aria.decal.show = false;
    const series = [];
    chart.curves.forEach(function (curve, place) {
      const colour = colours[place % colours.length];
      if (curve.low) {
        const quiet = { type: "line", stack: "band" + place, stackStrategy: "all", symbol: "none", silent: true,
          lineStyle: { opacity: 0 }, tooltip: { show: false } };
        series.push(Object.assign({}, quiet, { name: curve.name + ", low", data: curve.low }));
        series.push(Object.assign({}, quiet, { name: curve.name + ", high",
          data: curve.high.map((high, n) => high === null ? null : high - curve.low[n]),
          areaStyle: { color: colour, opacity: 0.18 } }));
      }
      series.push({ type: "line", name: curve.name, data: curve.values, symbol: "none",
        lineStyle: { width: 2, type: ["solid", "dashed", "dotted"][place % 3], color: colour }, itemStyle: { color: colour } });
    });
    option.legend = { top: 0, data: chart.curves.map(curve => curve.name) };
    option.grid = { left: 70, right: 16, top: 46, bottom: 34 };
    option.tooltip = { renderMode: "richText", confine: true, trigger: "axis", valueFormatter: value => value === undefined || value === null ? "-" : short(value) };
    option.xAxis = { type: "category", data: chart.dates, boundaryGap: false, axisLabel: { hideOverlap: true, formatter: d => d.slice(0, 4),
      interval: (n, d) => d.slice(5, 7) === "01" && Number(d.slice(0, 4)) % (isSmall ? 4 : 2) === 1 } };
    option.yAxis = axis(chart.unit);
    option.series = series;
    return option;
  }

  // means with their intervals, one row a group
  function bars(chart) {
    const option = base();
    const count = chart.names.length;
    option.grid = { left: isSmall ? 116 : 210, right: 22, top: 8, bottom: 48 };
    option.tooltip = { renderMode: "richText", confine: true, trigger: "item", valueFormatter: short };
    option.yAxis = { type: "category", data: chart.names, inverse: true,
      axisLabel: { width: isSmall ? 108 : 200, overflow: "break", lineHeight: 14, interval: 0 } };
    option.xAxis = Object.assign(axis(chart.unit), { nameGap: 28, scale: false, splitNumber: isSmall ? 3 : 6 });
    option.series = [{ type: "bar", data: chart.values.map(value => ({ value: value,
        itemStyle: { color: value < 0 ? colours[1] : colours[0] } })), barMaxWidth: 18, name: chart.unit },
      { type: "custom", silent: true, tooltip: { show: false }, data: chart.low.map((low, n) => [low, chart.high[n], n]).filter(d => d[0] !== null),
        encode: { x: [0, 1], y: 2 }, z: 9,
        renderItem: function (params, api) {
          const from = api.coord([api.value(0), api.value(2)]), to = api.coord([api.value(1), api.value(2)]);
          const half = Math.min(6, 120 / count), style = { stroke: theme.ink, lineWidth: 1.5, fill: "none" };
          const segment = (x1, y1, x2, y2) => ({ type: "line", shape: { x1: x1, y1: y1, x2: x2, y2: y2 }, style: style });
          return { type: "group", children: [segment(from[0], from[1], to[0], to[1]),
            segment(from[0], from[1] - half, from[0], from[1] + half), segment(to[0], to[1] - half, to[0], to[1] + half)] };
        } }];
    return option;
  }

  // bars that begin where the one above ends, from one sum to the next
  function waterfall(chart) {
    const option = base(), hues = { absorbed: colours[0], less: colours[6], displaced: colours[1], found: colours[2] };
    option.aria.decal.show = false;
    option.grid = { left: isSmall ? 116 : 210, right: isSmall ? 52 : 80, top: 8, bottom: 48 };
    option.tooltip = { renderMode: "richText", confine: true, trigger: "item", formatter: item => chart.names[item.value[2]] + ": " + short(chart.values[item.value[2]]) };
    option.yAxis = { type: "category", data: chart.names, inverse: true, axisLine: { onZero: false }, axisTick: { show: false },
      axisLabel: { width: isSmall ? 108 : 200, overflow: "break", lineHeight: 14, interval: 0 } };
    option.xAxis = Object.assign(axis(chart.unit), { nameGap: 28, scale: false, splitNumber: isSmall ? 3 : 6 });
    option.series = [{ type: "custom", name: chart.unit, data: chart.from.map((from, n) => [from, chart.to[n], n]), encode: { x: [0, 1], y: 2 },
      renderItem: function (params, api) {
        const from = api.coord([api.value(0), api.value(2)]), to = api.coord([api.value(1), api.value(2)]);
        const n = api.value(2), half = Math.min(11, api.size([0, 1])[1] * 0.34), right = Math.max(from[0], to[0]);
        const isLess = chart.kinds[n] === "less" || chart.kinds[n] === "found";
        return { type: "group", children: [
          { type: "rect", shape: { x: Math.min(from[0], to[0]), y: from[1] - half, width: Math.max(1, Math.abs(to[0] - from[0])), height: 2 * half },
            style: { fill: hues[chart.kinds[n]] } },
          { type: "text", style: { text: short(isLess ? -chart.values[n] : chart.values[n]), fill: theme.ink, fontSize: 12, x: right + 5, y: from[1], verticalAlign: "middle" } }] };
      } }];
    return option;
  }

  // from rows to columns
  function heat(chart) {
    const option = base();
    option.aria.decal.show = false;
    const values = chart.cells.map(cell => cell[2]);
    const most = Math.max(1e-9, ...values.map(Math.abs));
    const least = Math.min(0, ...values);
    option.grid = { left: isSmall ? 92 : 150, right: 10, top: 10, bottom: 84 };
    option.tooltip = { renderMode: "richText", confine: true, formatter: item => chart.rows[item.value[1]] + " → " + chart.columns[item.value[0]] + ": " + short(item.value[2]) };
    option.xAxis = { type: "category", data: chart.columns, axisLabel: { interval: 0, rotate: isSmall ? 60 : 0 } };
    option.yAxis = { type: "category", data: chart.rows, inverse: true, axisLabel: { interval: 0, width: isSmall ? 86 : 140, overflow: "break" } };
    option.visualMap = { min: least < 0 ? -most : 0, max: most, calculable: false, orient: "horizontal", left: "center", bottom: 0,
      formatter: short, textStyle: { color: theme.ink },
      inRange: { color: least < 0 ? [colours[1], theme.paper, colours[0]] : [theme.paper, theme.pale, theme.strong] } };
    const cell = value => ({ value: value, label: { color: over(Math.abs(value[2]) / most) } });
    option.series = [{ type: "heatmap", data: chart.cells.map(cell),
      label: { show: !isSmall, formatter: item => item.value[2] === 0 ? "" : short(item.value[2]) } }];
    return option;
  }

  function sankey(chart) {
    const option = base();
    option.aria.decal.show = false;
    option.tooltip = { renderMode: "richText", confine: true, trigger: "item", valueFormatter: short };
    option.series = [{ type: "sankey", data: chart.nodes, links: chart.links, left: 4, right: isSmall ? 90 : 190, top: 8, bottom: 10,
      nodeGap: 15, nodeWidth: 12, draggable: false, lineStyle: { color: "source", opacity: 0.35 },
      // whose name is the same but for its last word must be readable on a telephone too
      label: { fontSize: isSmall ? 10 : 12, lineHeight: isSmall ? 11 : 14, color: theme.ink, width: isSmall ? 84 : 185,
        overflow: isSmall ? "break" : "truncate" } }];
    return option;
  }

  // bars of several series side by side, each with its interval
  function indices(chart) {
    const option = base();
    const count = chart.names.length, series = chart.series.length;
    option.legend = { top: 0 };
    option.grid = { left: isSmall ? 130 : 230, right: 22, top: isSmall ? 58 : 34, bottom: 48 };
    option.tooltip = { renderMode: "richText", confine: true, trigger: "item", valueFormatter: short };
    option.yAxis = { type: "category", data: chart.names, inverse: true,
      axisLabel: { width: isSmall ? 122 : 220, overflow: "break", lineHeight: 14, interval: 0 } };
    option.xAxis = Object.assign(axis(chart.unit), { nameGap: 28, scale: false, splitNumber: isSmall ? 3 : 6 });
    option.series = [];
    chart.series.forEach(function (one, place) {
      option.series.push({ type: "bar", name: one.name, data: one.values, barMaxWidth: 14, barGap: "20%", itemStyle: { color: colours[place] } });
      option.series.push({ type: "custom", silent: true, tooltip: { show: false }, z: 9,
        data: one.low.map((low, n) => [low, one.high[n], n]), encode: { x: [0, 1], y: 2 },
        renderItem: function (params, api) {
          const from = api.coord([api.value(0), api.value(2)]), to = api.coord([api.value(1), api.value(2)]);
          const bars = api.barLayout({ count: series, barMaxWidth: 14, barGap: "20%" });
          const y = from[1] + bars[place].offsetCenter;
          const segment = (x1, y1, x2, y2) => ({ type: "line", shape: { x1: x1, y1: y1, x2: x2, y2: y2 }, style: { stroke: theme.ink, lineWidth: 1.3 } });
          const half = Math.min(4, 90 / count);
          return { type: "group", children: [segment(from[0], y, to[0], y),
            segment(from[0], y - half, from[0], y + half), segment(to[0], y - half, to[0], y + half)] };
        } });
    });
    return option;
  }

  // named points with intervals to both sides
  function plane(chart) {
    const option = base(), placed = [];
    option.aria.decal.show = false;
    option.grid = { left: 76, right: isSmall ? 40 : 150, top: 16, bottom: 52 };
    option.xAxis = Object.assign(axis("mean absolute effect (mu*), " + chart.unit), { nameGap: 30, scale: false, splitNumber: isSmall ? 3 : 6 });
    option.yAxis = Object.assign(axis("spread (sigma), " + chart.unit), { scale: false });
    option.tooltip = { renderMode: "richText", confine: true, trigger: "item",
      formatter: item => chart.points[item.dataIndex].name + ": mu* " + short(item.value[0]) + ", sigma " + short(item.value[1]) };
    option.series = [{ type: "custom", data: chart.points.map(p => [p.x, p.y, p.low, p.high]), encode: { x: [0, 2, 3], y: 1 },
      renderItem: function (params, api) {
        const at = api.coord([api.value(0), api.value(1)]);
        const low = api.coord([api.value(2), api.value(1)]), high = api.coord([api.value(3), api.value(1)]);
        const children = [{ type: "line", shape: { x1: low[0], y1: at[1], x2: high[0], y2: at[1] }, style: { stroke: theme.grey, lineWidth: 1.2 } },
          { type: "circle", shape: { cx: at[0], cy: at[1], r: 5 }, style: { fill: colours[0] } }];
        // the largest are named first, and a name that would lie on another is left to the table
        if (params.dataIndex === 0) placed.length = 0;
        const isFree = placed.every(other => Math.abs(other[0] - at[0]) > 170 || Math.abs(other[1] - at[1]) > 15);
        if (isFree && params.dataIndex < (isSmall ? 3 : 8)) {
          placed.push(at);
          children.push({ type: "text", style: { text: chart.points[params.dataIndex].name, fill: theme.ink, fontSize: 12, x: at[0] + 8, y: at[1] - 16,
            width: isSmall ? 120 : 260, overflow: "truncate", align: at[0] > params.coordSys.x + params.coordSys.width * 0.7 ? "right" : "left" } });
        }
        return { type: "group", children: children };
      } }];
    return option;
  }

  // curves over a common axis of numbers
  function curves(chart) {
    const option = base();
    option.aria.decal.show = false;
    option.legend = { top: 0, type: "plain" };
    option.grid = { left: 76, right: 18, top: isSmall ? 20 + 24 * chart.curves.length : 62, bottom: 52 };
    option.tooltip = { renderMode: "richText", confine: true, trigger: "item", formatter: item => item.seriesName + ": " + short(item.value[1]) };
    option.xAxis = Object.assign(axis(isSmall ? "% of the way through the factor" : chart.across), { nameGap: 30, min: 0, max: 100, scale: false });
    option.yAxis = axis(chart.unit);
    option.series = chart.curves.map((curve, place) => ({ type: "line", name: curve.name, data: curve.points, symbolSize: curve.points.length === 1 ? 12 : 5,
      symbol: ["circle", "rect", "triangle", "diamond"][place % 4], itemStyle: { color: colours[place % colours.length] },
      lineStyle: { width: 2, type: ["solid", "dashed", "dotted"][place % 3], color: colours[place % colours.length] } }));
    return option;
  }

  // from the mean to both ends of each factor
  function tornado(chart) {
    const option = base();
    option.aria.decal.show = false;
    option.legend = { top: 0, data: ["factor low", "factor high"] };
    option.grid = { left: isSmall ? 130 : 230, right: 22, top: 30, bottom: 48 };
    option.tooltip = { renderMode: "richText", confine: true, trigger: "item",
      formatter: item => item.name + ", " + item.seriesName + ": " + short(item.value[0]) };
    option.yAxis = { type: "category", data: chart.names, inverse: true, axisLine: { onZero: false },
      axisLabel: { width: isSmall ? 122 : 220, overflow: "break", lineHeight: 14, interval: 0 }, axisTick: { show: false } };
    option.xAxis = Object.assign(axis(chart.unit), { nameGap: 28, splitNumber: isSmall ? 3 : 6 });
    const height = 10;
    const bars = (name, values, place) => ({ type: "custom", name: name, itemStyle: { color: colours[place] },
      data: values.map((value, n) => ({ name: chart.names[n], value: [value, n, chart.middle] })), encode: { x: [0, 2], y: 1 },
      renderItem: function (params, api) {
        const end = api.coord([api.value(0), api.value(1)]), middle = api.coord([api.value(2), api.value(1)]);
        return { type: "rect", shape: { x: Math.min(end[0], middle[0]), y: middle[1] + (place ? -height : 0), width: Math.abs(end[0] - middle[0]), height: height },
          style: { fill: colours[place] } };
      } });
    option.series = [bars("factor low", chart.low, 1), bars("factor high", chart.high, 0)];
    return option;
  }

  // means of the cells of two factors
  function surface(chart) {
    const option = heat({ rows: chart.rows.slice().reverse(), columns: chart.columns,
      cells: chart.cells.map(cell => [cell[0], chart.rows.length - 1 - cell[1], cell[2]]) });
    const values = chart.cells.map(cell => cell[2]), least = Math.min(...values), most = Math.max(...values);
    option.visualMap.min = least;
    option.visualMap.max = most > least ? most : least + 1;
    option.visualMap.inRange.color = [theme.paper, theme.pale, theme.strong];
    option.series[0].data.forEach(one => { one.label.color = over(most > least ? (one.value[2] - least) / (most - least) : 0); });
    option.series[0].label.formatter = item => short(item.value[2]);
    option.tooltip.formatter = item => chart.up + " " + chart.rows[chart.rows.length - 1 - item.value[1]] + ", " + chart.across + " " +
      chart.columns[item.value[0]] + ": " + short(item.value[2]) + " " + chart.unit;
    option.xAxis.name = chart.across;
    option.xAxis.nameLocation = "middle";
    option.xAxis.nameGap = isSmall ? 62 : 30;
    option.grid.bottom = isSmall ? 150 : 106;
    option.grid.top = 40;
    option.yAxis.name = chart.up;
    option.yAxis.nameLocation = "start";
    option.yAxis.nameTextStyle = { align: "left", padding: [0, 0, 4, isSmall ? -86 : -140] };
    return option;
  }

  const kinds = { line: line, bars: bars, waterfall: waterfall, heat: heat, sankey: sankey, indices: indices, plane: plane, curves: curves, tornado: tornado,
    surface: surface };
  // names of axes and legends follow the page; what a chart says of its own stays
  function themed(option) {
    for (const one of [option.xAxis, option.yAxis].filter(Boolean)) {
      one.axisLabel = Object.assign({ color: theme.grey }, one.axisLabel);
      one.axisLine = Object.assign({ lineStyle: { color: theme.grey } }, one.axisLine);
      one.nameTextStyle = Object.assign({ color: theme.grey }, one.nameTextStyle);
    }
    if (option.legend) option.legend.textStyle = { color: theme.ink };
    return option;
  }

  // --- choosing: pictures of a metric in a region or in all of them ---

  const SVG = "http://www.w3.org/2000/svg";
  function mark(name, attributes, text) {
    const element = document.createElementNS(SVG, name);
    for (const key of Object.keys(attributes)) element.setAttribute(key, attributes[key]);
    // text, never markup
    if (text !== undefined) element.textContent = text;
    return element;
  }
  const yearOf = (date, n) => (n === 0 ? "start " : "") + date.slice(0, 4);

  // an axis with zero and all values, in steps of 1, 2 or 5 times a power of ten
  function scale(values, count) {
    const least = Math.min(0, ...values), most = Math.max(0, ...values), wanted = (most - least) / count || 1;
    const power = Math.pow(10, Math.floor(Math.log10(wanted)));
    const step = power * ([1, 2, 5].find(digit => digit * power >= wanted * (1 - 1e-9)) || 10);
    return { low: Math.floor(least / step) * step, high: Math.ceil(most / step) * step, step: step };
  }

  function panel(data, metric, place, view, width, height) {
    const curves = metric.views[view][place], names = data.views[view].curves;
    const values = curves.flat(2).filter(value => value !== null);
    const most = Math.max(0, ...values.map(Math.abs)), isFew = most > 0 && most < metric.least;
    const end = curve => { const known = curve[0].filter(value => value !== null); return known.length ? short(known[known.length - 1]) : "none"; };
    const svg = mark("svg", { viewBox: "0 0 " + width + " " + height, role: "img",
      "aria-label": data.regions[place] + ": " + metric.title + ", " + curves.map(end).join(" and ") + " at the end" });
    if (isFew) svg.setAttribute("class", "few");
    svg.append(mark("text", { class: "name", x: 0, y: 13 }, data.regions[place]));
    if (most === 0) {
      svg.append(mark("text", { class: "none", x: width / 2, y: height / 2 }, "none"));
      return svg;
    }
    const left = 54, right = 20, top = 24, bottom = 22, last = data.dates.length - 1;
    const axis = scale(values, height > 240 ? 5 : 3);
    const x = n => Math.round((left + (width - left - right) * n / last) * 10) / 10;
    const y = value => Math.round((top + (height - top - bottom) * (axis.high - value) / (axis.high - axis.low)) * 10) / 10;
    for (let tick = axis.low; tick <= axis.high + axis.step / 2; tick += axis.step) {
      svg.append(mark("line", { class: "grid", x1: left, x2: width - right, y1: y(tick), y2: y(tick) }));
      svg.append(mark("text", { class: "up", x: left - 5, y: y(tick) + 4 }, short(Math.abs(tick) < axis.step / 2 ? 0 : tick)));
    }
    const every = Math.ceil(last / Math.max(2, Math.floor((width - left - right) / 80)));
    for (let n = last; n >= 0; n -= every) {
      svg.append(mark("text", { class: "across", x: x(n), y: height - 4 }, yearOf(data.dates[n], n)));
    }
    const points = values => values.map((value, n) => value === null ? null : x(n) + " " + y(value)).filter(Boolean);
    const kind = n => curves.length > 1 && n === 0 ? "base" : "reform";
    curves.forEach((curve, n) => {
      if (curve.length === 3) svg.append(mark("path", { class: "band " + kind(n), d: "M" + points(curve[2]).concat(points(curve[1]).reverse()).join("L") + "Z" }));
    });
    curves.forEach((curve, n) => {
      svg.append(mark("path", { class: "curve " + kind(n), d: "M" + points(curve[0]).join("L") }));
      // each year's numbers, for a mouse that rests on them
      curve[0].forEach((value, m) => {
        if (value === null) return;
        const dot = mark("circle", { class: "year", cx: x(m), cy: y(value), r: 6, fill: "transparent" });
        const ends = curve.length === 3 ? " (" + short(curve[1][m]) + " to " + short(curve[2][m]) + ")" : "";
        dot.append(mark("title", {}, (names[n] ? names[n] + ", " : "") + yearOf(data.dates[m], m) + ": " + short(value) + ends + " " + metric.unit));
        svg.append(dot);
      });
    });
    if (isFew) svg.append(mark("text", { class: "none", x: width / 2, y: top + 12 }, "of too few agents to tell"));
    return svg;
  }

  function numbers(data, metric, places, view) {
    const table = document.createElement("table"), head = table.createTHead().insertRow(), body = table.createTBody();
    table.className = "tight";
    const every = Math.ceil(data.dates.length / 17);
    const shown = data.dates.map((date, n) => n).filter(n => n % every === 0 || n === data.dates.length - 1);
    const cell = (row, name, text, more) => row.appendChild(Object.assign(document.createElement(name), { textContent: text }, more));
    cell(head, "th", "last record of", { scope: "col" });
    shown.forEach(n => cell(head, "th", yearOf(data.dates[n], n), { scope: "col" }));
    for (const place of places) {
      metric.views[view][place].forEach((curve, n) => {
        const row = body.insertRow();
        cell(row, "th", (data.regions[place] + " " + data.views[view].curves[n]).trim(), { scope: "row" });
        shown.forEach(m => { cell(row, "td", curve[0][m] === null ? "-" : short(curve[0][m])).dataset.label = yearOf(data.dates[m], m); });
      });
    }
    return table;
  }

  function explore(id, data) {
    const part = document.getElementById(id), find = name => part.querySelector(name);
    const choices = find(".choices"), picks = {};
    part.querySelectorAll("select").forEach(select => { picks[select.dataset.pick] = select; });
    function draw() {
      const metric = data.metrics[Number(picks.metric.value)], view = picks.view ? Number(picks.view.value) : 0;
      const isAll = picks.region.value === "all", chosen = Number(picks.region.value);
      const places = isAll ? data.regions.map((name, n) => n) : [chosen];
      const panels = find(".panels"), width = Math.round(Math.min(panels.clientWidth, 992)) || 300;
      panels.classList.toggle("alone", !isAll);
      const size = isAll ? [300, 170] : [width, isSmall ? 240 : 340];
      panels.replaceChildren(...places.map(place => panel(data, metric, place, view, size[0], size[1])));
      find(".what").textContent = metric.title + ", " + metric.unit + (isAll ? "" : ": " + data.regions[chosen]);
      const names = data.views[view].curves, both = names.length > 1 ? "Dashed: " + names[0] + "; solid: " + names[1] + ". " : "";
      find(".how").textContent = both + data.says + (isAll ? " Each region has its own scale." : "");
      find(".scroll").replaceChildren(numbers(data, metric, places, view));
      const last = data.dates.length - 1;
      const told = curve => {
        const value = curve[0][last];
        if (value === null) return "nothing recorded";
        return short(value) + (curve.length === 3 ? " (" + short(curve[1][last]) + " to " + short(curve[2][last]) + ")" : "");
      };
      const sentence = place => metric.views[view][place].map((curve, n) => (names[n] ? names[n] + " " : "") + told(curve)).join(", ");
      find(".said").textContent = isAll ? "" : "At the end of " + data.dates[last].slice(0, 4) + ": " + sentence(chosen) + " " + metric.unit + ".";
    }
    choices.hidden = false;
    choices.addEventListener("change", draw);
    draw();
    return draw;
  }

  const drawn = [], explored = [];
  function drawAll() {
    colours = theme.colours;
    drawn.splice(0).forEach(chart => chart.dispose());
    for (const id of Object.keys(all)) {
      const place = document.getElementById(id), make = kinds[all[id].kind];
      if (!place || !make) continue;
      const chart = echarts.init(place, null, { renderer: "svg" });
      const label = place.getAttribute("aria-label");
      chart.setOption(themed(make(all[id])));
      place.setAttribute("aria-label", label);
      drawn.push(chart);
    }
  }
  drawAll();
  for (const id of Object.keys(all)) {
    if (all[id].kind === "explore" && document.getElementById(id)) explored.push(explore(id, all[id]));
  }
  function turn(name) {
    if (theme === themes[name]) return;
    theme = themes[name];
    drawAll();
  }
  prefersDark.addEventListener("change", () => turn(prefersDark.matches ? "dark" : "light"));
  window.addEventListener("resize", () => { drawn.forEach(chart => chart.resize()); explored.forEach(draw => draw()); });
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(part => { if (part.closest("figure") === null) part.open = true; });
    turn("light");
    drawn.forEach(chart => chart.resize());
  });
  window.addEventListener("afterprint", () => turn(prefersDark.matches ? "dark" : "light"));
})();
