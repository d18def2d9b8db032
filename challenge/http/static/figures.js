// Draws every <figure data-figure="kind"> from the table inside it; the table stays and is the figure's text.
// <th data-key="from"> names a column; <td data-value="3.5"> gives the number or ISO date behind the shown text.
// Words come from the page (headings, data-says, data-now), months from its language.
// No inline style, no eval: colours are read from the tokens, tooltips are drawn on the canvas (richText).
import * as echarts from './vendor/echarts.esm.min.mjs'

const token = (name, el) => getComputedStyle(el).getPropertyValue('--' + name).trim()
const font = '"Inter", system-ui, sans-serif'
const narrow = el => el.clientWidth < 560

function rowsOf (table) {
  const keys = [...table.tHead.rows[0].cells].map(cell => cell.dataset.key)
  return [...table.tBodies].flatMap(body => [...body.rows]).map(row => Object.fromEntries([...row.cells].map((cell, i) => {
    const value = cell.dataset.value ?? cell.textContent.trim()
    return [keys[i], { text: cell.dataset.label ?? cell.textContent.trim(), value: value === '' || isNaN(value) ? value : Number(value), at: cell.dataset.at?.split(' ').map(Number), tone: cell.dataset.tone }]
  })))
}

const day = 864e5, time = value => Date.parse(value)
const months = value => { const d = new Date(value); return d.getUTCMonth() ? d.toLocaleDateString(document.documentElement.lang === 'en' ? 'en-GB' : document.documentElement.lang, { month: 'short', timeZone: 'UTC' }) : String(d.getUTCFullYear()) }

const draw = {
  // columns: from, to, n (data-tone on from/to cells is optional)
  flow (rows, el, c) {
    const tones = new Map(); for (const r of rows) { if (r.from.tone) tones.set(r.from.text, r.from.tone); if (r.to.tone) tones.set(r.to.text, r.to.tone) }
    const names = [...new Set(rows.flatMap(r => [r.from.text, r.to.text]))]
    const total = name => Math.max(...['from', 'to'].map(k => rows.filter(r => r[k].text === name).reduce((s, r) => s + r.n.value, 0)))
    const level = name => Math.max(0, ...rows.filter(r => r.to.text === name).map(r => level(r.from.text) + 1))
    const aside = name => narrow(el) || names.length < 7 ? 0 : level(name) % 2 ? 22 : -22 // close columns: neighbours' words stand at two heights
    return { series: [{ type: 'sankey', orient: narrow(el) ? 'vertical' : 'horizontal', left: 4, right: narrow(el) ? 26 : 124, top: 12, bottom: narrow(el) ? 40 : 12, nodeWidth: 10, nodeGap: 22, nodeAlign: 'left', draggable: false, layoutIterations: 32, emphasis: { focus: 'adjacency' },
      data: names.map(name => ({ name, label: { offset: [0, aside(name)] }, itemStyle: { color: c(tones.get(name) ?? 'sea'), borderWidth: 0 } })), links: rows.map(r => ({ source: r.from.text, target: r.to.text, value: r.n.value })),
      lineStyle: { color: 'source', opacity: 0.16, curveness: 0.5 }, label: { color: c('ink'), fontFamily: font, fontSize: narrow(el) ? 10 : 13, lineHeight: 17, position: narrow(el) ? 'bottom' : 'right', formatter: p => `${p.name.trim()}${narrow(el) ? ' ' : '\n'}${total(p.name)}` } }] }
  },
  // columns: name (data-tone), start, end (data-value="2027-03-01"); data-today on the figure
  gantt (rows, el, c) {
    const today = el.closest('figure').dataset.today, left = narrow(el) ? 128 : 210
    return { grid: { left, right: 16, top: 26, bottom: 26 }, tooltip: { formatter: p => `${p.name}: ${rows[p.dataIndex].start.text} – ${rows[p.dataIndex].end.text}` },
      xAxis: { type: 'time', axisLabel: { color: c('muted'), fontFamily: font, hideOverlap: true, formatter: months }, splitNumber: narrow(el) ? 3 : 8, splitLine: { show: true, lineStyle: { color: c('line') } }, axisLine: { show: false }, axisTick: { show: false } },
      yAxis: { type: 'category', inverse: true, data: rows.map(r => r.name.text), axisTick: { show: false }, axisLine: { show: false }, axisLabel: { color: c('ink'), fontFamily: font, fontSize: narrow(el) ? 12 : 13, lineHeight: 13, width: left - 12, overflow: 'break' } },
      series: [{ type: 'custom', data: rows.map((r, i) => ({ name: r.name.text, value: [i, time(r.start.value), time(r.end.value)] })), encode: { y: 0, x: [1, 2] },
        renderItem: (p, api) => {
          const i = api.value(0), a = api.coord([api.value(1), i]), b = api.coord([api.value(2) + day, i]), tone = rows[p.dataIndex].name.tone ?? 'sea', fill = c(tone), width = b[0] - a[0]
          return rows[i].start.value === rows[i].end.value ? { type: 'path', shape: { pathData: 'M0,-7 L7,0 L0,7 L-7,0 Z' }, x: a[0], y: a[1], style: { fill } } : { type: 'rect', shape: { x: a[0], y: a[1] - 7, width: Math.max(width, 4), height: 14, r: 4 }, style: { fill, opacity: tone === 'edge' ? 0.45 : 1 } }
        }, markLine: today ? { silent: true, symbol: 'none', data: [{ xAxis: time(today) }], lineStyle: { color: c('clay'), type: 'solid', width: 1.5 }, label: { formatter: el.closest('figure').dataset.now ?? '', position: 'start', color: c('clay'), fontFamily: font, fontWeight: 600 } } : undefined }] }
  },
  // first column = category; every further column is a line; data-tone and data-dash on the heading
  lines (rows, el, c, table) {
    const heads = [...table.tHead.rows[0].cells], x = heads[0].dataset.key, unit = el.closest('figure').dataset.unit ?? ''
    return { grid: { left: 44, right: 16, top: 34, bottom: 28 }, tooltip: { trigger: 'axis' }, legend: { top: 0, left: 0, itemWidth: 18, textStyle: { color: c('muted'), fontFamily: font, fontSize: 12 } },
      xAxis: { type: 'category', boundaryGap: false, data: rows.map(r => r[x].text), axisLabel: { color: c('muted'), fontFamily: font, margin: 12 }, axisLine: { lineStyle: { color: c('edge') } }, axisTick: { show: false } },
      yAxis: { axisLabel: { color: c('muted'), fontFamily: font, formatter: '{value}' + unit }, splitLine: { lineStyle: { color: c('line') } } },
      series: heads.slice(1).map(h => ({ name: h.textContent.trim(), type: 'line', step: h.dataset.step, symbol: 'circle', symbolSize: 6, showSymbol: !h.dataset.dash, data: rows.map(r => r[h.dataset.key].value === '–' ? null : r[h.dataset.key].value), color: c(h.dataset.tone ?? 'sea'), lineStyle: { width: 2.2, type: h.dataset.dash ? 'dashed' : 'solid' } })) }
  },
  // columns: proposal (data-tone: sea chosen, sun reserve, edge out), home, away (";" between several)
  arcs (rows, el, c) {
    const side = narrow(el) ? 104 : 130, w = el.clientWidth - 2 * side, h = el.clientHeight - 72
    const list = key => [...new Set(rows.flatMap(r => r[key].text.split('; ')))]
    const spread = (names, x) => names.map((name, i) => ({ name, x, y: i * h / Math.max(1, names.length - 1), symbolSize: 14, itemStyle: { color: c(x ? 'clay' : 'sea') }, label: { show: true, position: x ? 'right' : 'left', color: c('ink'), fontFamily: font, fontSize: 13, distance: 8 } }))
    const look = { sea: { width: 3, type: 'solid' }, sun: { width: 1.8, type: 'dashed' }, edge: { width: 1.5, type: 'dotted' } }
    return { series: [{ type: 'graph', layout: 'none', roam: false, silent: true, left: side, right: side, top: 40, bottom: 32, data: [...spread(list('home'), 0), ...spread(list('away'), w)],
      links: rows.flatMap(r => r.home.text.split('; ').flatMap(a => r.away.text.split('; ').map(b => ({ source: a, target: b, lineStyle: { color: c(r.proposal.tone), opacity: 1, curveness: 0.14, ...look[r.proposal.tone] } })))) }] }
  }
}

async function render (figure) {
  const table = figure.querySelector('table'), details = figure.querySelector('details')
  let el = figure.querySelector('.plot')
  if (!el) {
    el = document.createElement('div'); el.className = ('plot ' + (figure.dataset.plot ?? '')).trim()
    el.setAttribute('role', 'img'); el.setAttribute('aria-label', [figure.querySelector('figcaption')?.textContent.trim().replace(/\s+/g, ' '), figure.dataset.says].filter(Boolean).join(' – '))
    const after = details ?? table.closest('.scroll') ?? table; after.before(el)
    if (details) details.open = false
  }
  const option = await draw[figure.dataset.figure](rowsOf(table), el, name => token(name, figure), table)
  echarts.getInstanceByDom(el)?.dispose()
  const tip = { renderMode: 'richText', confine: true, backgroundColor: token('card', figure), borderColor: token('line', figure), textStyle: { color: token('ink', figure), fontFamily: font, fontSize: 13 } }
  echarts.init(el, null, { renderer: 'canvas' }).setOption({ animation: false, textStyle: { fontFamily: font }, ...option, tooltip: { ...tip, ...option.tooltip } })
}

// Draws the figures of a piece of page, and again when its width or the colour scheme changes.
const shown = new Set()
const again = () => { for (const figure of shown) if (figure.isConnected) render(figure); else shown.delete(figure) }

export async function drawAll (root) {
  const figures = [...root.querySelectorAll('[data-figure]')]
  await document.fonts?.load('500 13px Inter').catch(() => {})
  await Promise.all(figures.map(figure => { shown.add(figure); return render(figure) }))
  document.documentElement.dataset.figures = 'drawn'
}

let wait = 0
addEventListener('resize', () => { clearTimeout(wait); wait = setTimeout(again, 150) })
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again)
