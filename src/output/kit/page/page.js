"use strict";
// Draws the charts of a report from the data block. Every chart has its numbers in a table below it, so
// that nothing is lost where no script runs.
(function () {
  const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#000000", "#e69f00", "#56b4e9"];
  const all = JSON.parse(document.getElementById("data").textContent);
  const isSmall = window.innerWidth < 640;

  function short(value) {
    const size = Math.abs(value);
    // as handover::output::kit::numbers: four digits can be read without a "k"
    const units = [[1e12, " tn", 1e12], [1e9, " bn", 1e9], [1e6, " M", 1e6], [1e3, " k", 1e4]];
    for (const [factor, word, least] of units) {
      if (size >= least) return String(Math.round(value / factor * 100) / 100) + word;
    }
    if (size >= 100 || value === 0) return String(Math.round(value));
    return String(Math.round(value * 100) / 100);
  }

  function axis(name) {
    return { type: "value", name: name, nameLocation: "middle", nameGap: isSmall ? 44 : 52, scale: true,
      axisLabel: { formatter: short, hideOverlap: true }, nameTextStyle: { color: "#555" } };
  }

  function base() {
    return { animation: false, color: colours, textStyle: { fontFamily: "system-ui, sans-serif", fontSize: 12 },
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
      axisLabel: { width: isSmall ? 108 : 200, overflow: "break", interval: 0 } };
    option.xAxis = Object.assign(axis(chart.unit), { nameGap: 28, scale: false, splitNumber: isSmall ? 3 : 6 });
    option.series = [{ type: "bar", data: chart.values.map(value => ({ value: value,
        itemStyle: { color: value < 0 ? colours[1] : colours[0] } })), barMaxWidth: 18, name: chart.unit },
      { type: "custom", silent: true, tooltip: { show: false }, data: chart.low.map((low, n) => [low, chart.high[n], n]).filter(d => d[0] !== null),
        encode: { x: [0, 1], y: 2 }, z: 9,
        renderItem: function (params, api) {
          const from = api.coord([api.value(0), api.value(2)]), to = api.coord([api.value(1), api.value(2)]);
          const half = Math.min(6, 120 / count), style = { stroke: "#1b1b1b", lineWidth: 1.5, fill: "none" };
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
      axisLabel: { width: isSmall ? 108 : 200, overflow: "break", interval: 0 } };
    option.xAxis = Object.assign(axis(chart.unit), { nameGap: 28, scale: false, splitNumber: isSmall ? 3 : 6 });
    option.series = [{ type: "custom", name: chart.unit, data: chart.from.map((from, n) => [from, chart.to[n], n]), encode: { x: [0, 1], y: 2 },
      renderItem: function (params, api) {
        const from = api.coord([api.value(0), api.value(2)]), to = api.coord([api.value(1), api.value(2)]);
        const n = api.value(2), half = Math.min(11, api.size([0, 1])[1] * 0.34), right = Math.max(from[0], to[0]);
        const isLess = chart.kinds[n] === "less" || chart.kinds[n] === "found";
        return { type: "group", children: [
          { type: "rect", shape: { x: Math.min(from[0], to[0]), y: from[1] - half, width: Math.max(1, Math.abs(to[0] - from[0])), height: 2 * half },
            style: { fill: hues[chart.kinds[n]] } },
          { type: "text", style: { text: short(isLess ? -chart.values[n] : chart.values[n]), fill: "#1b1b1b", fontSize: 12, x: right + 5, y: from[1], verticalAlign: "middle" } }] };
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
      formatter: short, inRange: { color: least < 0 ? ["#d55e00", "#ffffff", "#0072b2"] : ["#ffffff", "#56b4e9", "#00395c"] } };
    const cell = value => ({ value: value, label: { color: Math.abs(value[2]) > most * 0.45 ? "#fff" : "#000" } });
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
      label: { fontSize: isSmall ? 10 : 12, color: "#1b1b1b", width: isSmall ? 84 : 185, overflow: "truncate" } }];
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
      axisLabel: { width: isSmall ? 122 : 220, overflow: "break", interval: 0 } };
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
          const segment = (x1, y1, x2, y2) => ({ type: "line", shape: { x1: x1, y1: y1, x2: x2, y2: y2 }, style: { stroke: "#1b1b1b", lineWidth: 1.3 } });
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
        const children = [{ type: "line", shape: { x1: low[0], y1: at[1], x2: high[0], y2: at[1] }, style: { stroke: "#888", lineWidth: 1.2 } },
          { type: "circle", shape: { cx: at[0], cy: at[1], r: 5 }, style: { fill: colours[0] } }];
        // the largest are named first, and a name that would lie on another is left to the table
        if (params.dataIndex === 0) placed.length = 0;
        const isFree = placed.every(other => Math.abs(other[0] - at[0]) > 170 || Math.abs(other[1] - at[1]) > 15);
        if (isFree && params.dataIndex < (isSmall ? 3 : 8)) {
          placed.push(at);
          children.push({ type: "text", style: { text: chart.points[params.dataIndex].name, fill: "#1b1b1b", fontSize: 12, x: at[0] + 8, y: at[1] - 16,
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
      axisLabel: { width: isSmall ? 122 : 220, overflow: "break", interval: 0 }, axisTick: { show: false } };
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
    option.visualMap.inRange.color = ["#f4f8fc", "#56b4e9", "#00395c"];
    option.series[0].data.forEach(one => { one.label.color = one.value[2] > least + (most - least) * 0.6 ? "#fff" : "#000"; });
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
  const drawn = [];
  for (const id of Object.keys(all)) {
    const place = document.getElementById(id), make = kinds[all[id].kind];
    if (!place || !make) continue;
    const chart = echarts.init(place, null, { renderer: "svg" });
    const label = place.getAttribute("aria-label");
    chart.setOption(make(all[id]));
    place.setAttribute("aria-label", label);
    drawn.push(chart);
  }
  window.addEventListener("resize", () => drawn.forEach(chart => chart.resize()));
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(part => { if (part.closest("figure") === null) part.open = true; });
    drawn.forEach(chart => chart.resize());
  });
})();
