#!/usr/bin/env node
// Draws every picture of the shop: node tools/images.mjs [DIR [EDITION]]   (default: src/static)
// The edition "spring" draws the pictures as they are from version 1.3.0 on.
//
// The drawings are SVG written below; a Chromium (CHROMIUM, default "chromium") paints them all on one sheet,
// which is cut up here and stored as palette PNG. The result is committed, so a build does not need this.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import zlib from 'node:zlib'

const here = path.dirname(fileURLToPath(import.meta.url))
const target = path.resolve(process.argv[2] || path.join(here, '../src/static'))
const spring = process.argv[3] === 'spring'

// ---- drawings, all in a 120 x 120 box; a = main colour, b = darker, c = lighter
const rect = (x, y, w, h, r, fill, more = '') => `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="${r}" fill="${fill}" ${more}/>`
const ring = (x, y, r, width, stroke) => `<circle cx="${x}" cy="${y}" r="${r}" fill="none" stroke="${stroke}" stroke-width="${width}"/>`
const disc = (x, y, r, fill) => `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}"/>`
const oval = (x, y, rx, ry, fill, turn = 0) => `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${fill}" transform="rotate(${turn} ${x} ${y})"/>`
const shape = (d, fill) => `<path d="${d}" fill="${fill}"/>`
const line = (d, width, stroke) => `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`
const turn = (angle, body) => `<g transform="rotate(${angle} 60 60)">${body}</g>`
const leaf = (x, y, angle, fill, size = 1) => `<path d="M0 0C-14 -10 -14 -30 0 -42C14 -30 14 -10 0 0Z" fill="${fill}" transform="translate(${x} ${y}) rotate(${angle}) scale(${size})"/>`

const glyphs = {
  tin: (a, b, c) => rect(36, 38, 48, 60, 8, a) + rect(32, 26, 56, 18, 6, b) + rect(46, 58, 28, 24, 4, c) + leaf(60, 80, 20, b, 0.4),
  pouch: (a, b, c) => shape('M34 30H86L92 98Q60 106 28 98Z', a) + rect(32, 22, 56, 12, 3, b) + disc(60, 66, 17, c) + leaf(60, 78, 0, b, 0.55),
  cake: (a, b, c) => disc(60, 62, 40, b) + disc(60, 58, 40, a) + disc(60, 58, 14, c) + ring(60, 58, 28, 2, c),
  beans: (a, b, c) => shape('M36 26H84V98Q60 104 36 98Z', a) + rect(36, 20, 48, 12, 2, b) + oval(52, 68, 9, 13, c, 25) + oval(70, 70, 9, 13, c, -25) + line('M52 57Q56 68 50 79', 2.4, a) + line('M70 59Q66 70 72 81', 2.4, a),
  drip: (a, b, c) => shape('M36 34H84L68 62H52Z', c) + rect(30, 28, 60, 8, 4, b) + line('M60 62V72', 4, b) + rect(38, 72, 44, 28, 8, a) + line('M82 78Q96 80 82 92', 5, a),
  kettle: (a, b, c) => shape('M40 54H84L90 94Q66 100 36 94Z', a) + rect(44, 42, 36, 12, 5, b) + disc(62, 38, 5, b) + line('M42 78C24 72 30 48 16 44', 6, a) + line('M86 52C110 50 108 88 90 88', 6, b) + rect(50, 66, 6, 20, 3, c),
  tools: (a, b, c) => line('M36 96L48 26', 6, a) + shape('M60 98L64 40Q72 22 80 40L70 98Z', b) + line('M90 96L84 34', 5, a) + disc(84, 30, 8, c) + rect(44, 22, 9, 16, 4, c),
  jar: (a, b, c) => rect(34, 40, 52, 58, 14, a) + rect(40, 26, 40, 16, 6, b) + rect(34, 60, 52, 14, 0, c),
  pot: (a, b, c) => rect(28, 50, 64, 46, 14, a) + rect(24, 42, 72, 12, 6, b) + rect(52, 30, 16, 12, 5, b) + rect(14, 56, 16, 9, 4, b) + rect(90, 56, 16, 9, 4, b) + rect(38, 62, 8, 22, 4, c),
  knife: (a, b, c) => turn(28, shape('M50 14Q78 40 74 74H50Z', c) + rect(48, 74, 18, 36, 6, a) + disc(57, 84, 2.6, b) + disc(57, 96, 2.6, b)),
  board: (a, b, c) => turn(18, rect(32, 34, 56, 68, 10, a) + rect(52, 14, 16, 26, 7, a) + disc(60, 22, 4.5, c) + line('M42 50H78M42 66H78M42 82H70', 2.4, b)),
  pan: (a, b, c) => disc(50, 66, 34, b) + disc(50, 66, 27, a) + oval(46, 66, 14, 12, '#fffaf0') + disc(46, 66, 6, c) + turn(-38, rect(88, 58, 34, 10, 5, b)),
  jars: (a, b, c) => rect(24, 52, 32, 46, 8, a) + rect(26, 42, 28, 12, 4, b) + rect(62, 34, 36, 64, 8, a) + rect(65, 24, 30, 12, 4, b) + rect(24, 70, 32, 28, 8, c) + rect(62, 62, 36, 36, 8, c),
  scale: (a, b, c) => rect(24, 66, 72, 30, 8, a) + rect(30, 56, 60, 10, 4, b) + rect(44, 74, 32, 14, 3, c) + oval(60, 50, 24, 8, b),
  apron: (a, b, c) => shape('M44 30H76L80 52L92 60V100H28V60L40 52Z', a) + line('M44 30Q60 4 76 30', 4, b) + rect(46, 68, 28, 20, 3, c) + line('M28 62L16 68M92 62L104 68', 4, b),
  spatula: (a, b, c) => turn(-16, rect(30, 18, 20, 32, 7, a) + rect(37, 48, 6, 54, 3, b)) + oval(66, 36, 11, 16, c) + rect(63, 48, 6, 54, 3, b) + turn(16, rect(78, 18, 16, 34, 3, a) + rect(83, 48, 6, 54, 3, b)),
  bowl: (a, b, c) => shape('M22 54H98Q98 92 70 94H50Q22 92 22 54Z', a) + oval(60, 54, 38, 9, c) + rect(46, 92, 28, 7, 3, b) + line('M48 36Q44 28 50 22M62 38Q58 28 64 20', 3, b),
  plate: (a, b, c) => disc(60, 60, 42, b) + disc(60, 59, 40, a) + disc(60, 59, 27, c) + leaf(60, 76, 30, b, 0.6),
  chopsticks: (a, b, c) => turn(34, rect(48, 12, 7, 96, 3, a) + rect(62, 12, 7, 96, 3, a) + rect(48, 12, 7, 26, 3, b) + rect(62, 12, 7, 26, 3, b)) + rect(22, 84, 40, 12, 6, c),
  glass: (a, b, c) => shape('M36 24H84L78 98H42Z', c) + shape('M39 56H81L77 98H43Z', a) + rect(54, 62, 12, 12, 3, c) + rect(62, 76, 11, 11, 3, c) + line('M74 16L62 54', 4, b),
  mug: (a, b, c) => rect(30, 36, 50, 60, 12, a) + line('M80 48Q104 50 100 68Q98 82 80 82', 9, a) + rect(30, 74, 50, 22, 12, b) + rect(38, 46, 8, 24, 4, c),
  tray: (a, b, c) => rect(18, 36, 84, 54, 18, b) + rect(20, 34, 80, 52, 17, a) + rect(27, 41, 32, 38, 10, c) + rect(64, 41, 29, 16, 7, c) + rect(64, 62, 29, 17, 7, c) + disc(43, 60, 8, '#f3c45b'),
  dishes: (a, b, c) => disc(42, 44, 22, a) + disc(42, 44, 14, c) + disc(80, 48, 20, b) + disc(80, 48, 12, c) + disc(46, 84, 19, b) + disc(46, 84, 11, c) + disc(82, 86, 18, a) + disc(82, 86, 11, c),
  cutlery: (a, b, c) => oval(44, 36, 12, 18, a) + rect(41, 50, 6, 54, 3, a) + rect(73, 54, 6, 50, 3, b) + rect(66, 20, 4, 28, 2, b) + rect(74, 20, 4, 28, 2, b) + rect(82, 20, 4, 28, 2, b) + rect(66, 42, 20, 14, 7, b) + rect(30, 76, 60, 14, 5, c),
  notebook: (a, b, c) => rect(30, 22, 60, 78, 6, a) + rect(30, 22, 14, 78, 6, b) + rect(52, 38, 30, 20, 3, c) + line('M78 22V62L72 56L66 62V22', 0.1, b),
  notes: (a, b, c) => turn(-8, rect(28, 28, 54, 70, 4, b)) + turn(4, rect(32, 24, 54, 72, 4, a) + line('M42 42H76M42 54H76M42 66H76M42 78H64', 3, c)),
  pen: (a, b, c) => turn(40, rect(53, 10, 15, 34, 6, b) + rect(53, 44, 15, 36, 0, a) + shape('M53 80H68L60.5 104Z', c) + rect(66, 14, 4, 26, 2, c)),
  pens: (a, b, c) => [a, b, c, a].map((f, i) => rect(30 + i * 17, 24, 11, 62, 4, f) + shape(`M${30 + i * 17} 86h11l-5.5 14z`, b)).join(''),
  tape: (a, b, c) => disc(50, 50, 28, a) + disc(50, 50, 13, c) + disc(76, 78, 24, b) + disc(76, 78, 11, c) + rect(22, 72, 30, 10, 1, a),
  rack: (a, b, c) => rect(26, 36, 68, 7, 3, a) + rect(26, 62, 68, 7, 3, a) + rect(26, 88, 68, 7, 3, a) + rect(26, 28, 6, 70, 3, b) + rect(88, 28, 6, 70, 3, b) + rect(38, 26, 34, 9, 2, c) + rect(42, 52, 40, 9, 2, c) + rect(38, 78, 44, 9, 2, c),
  calendar: (a, b, c) => rect(26, 30, 68, 66, 8, a) + rect(26, 30, 68, 20, 8, b) + [0, 1, 2, 3].map((i) => [0, 1, 2].map((j) => rect(35 + i * 14, 57 + j * 12, 8, 7, 2, c)).join('')).join('') + rect(42, 22, 6, 16, 3, c) + rect(72, 22, 6, 16, 3, c),
  roll: (a, b, c) => rect(32, 32, 58, 58, 10, a) + rect(56, 32, 12, 58, 0, b) + line('M62 60Q96 52 94 100', 5, b) + rect(40, 22, 6, 18, 3, c) + rect(50, 18, 5, 20, 2, b) + rect(74, 22, 6, 18, 3, c),
  lamp: (a, b, c) => oval(60, 46, 30, 27, a) + line('M32 38H88M30 48H90M34 60H86', 1.6, b) + rect(57, 72, 6, 28, 2, b) + rect(42, 96, 36, 7, 3, b) + disc(60, 46, 12, c),
  cushion: (a, b, c) => shape('M26 30Q60 40 94 30Q86 62 94 94Q60 86 26 94Q34 62 26 30Z', a) + line('M42 44Q60 50 78 44M42 80Q60 74 78 80', 3, b) + disc(60, 62, 6, c),
  basket: (a, b, c) => shape('M24 50H96L88 98H32Z', a) + rect(20, 44, 80, 11, 5, b) + line('M40 44Q44 18 60 18Q76 18 80 44', 5, b) + line('M31 66H89M33 80H87M48 56L50 96M72 56L70 96', 2.4, c),
  clock: (a, b, c) => disc(60, 60, 42, b) + disc(60, 60, 36, a) + Array.from({ length: 12 }, (_, i) => `<rect x="58.6" y="28" width="2.8" height="7" fill="${b}" transform="rotate(${i * 30} 60 60)"/>`).join('') + line('M60 60V40M60 60L76 68', 4, b) + disc(60, 60, 4, c),
  candle: (a, b, c) => rect(34, 52, 52, 46, 8, a) + rect(34, 52, 52, 12, 6, b) + rect(46, 70, 28, 18, 3, c) + line('M60 52V42', 3, '#4b4238') + shape('M60 16Q74 34 60 44Q46 34 60 16Z', '#f2a93b') + shape('M60 28Q66 36 60 42Q54 36 60 28Z', '#fbe29b'),
  blanket: (a, b, c) => rect(26, 36, 68, 20, 9, a) + rect(26, 56, 68, 20, 9, c) + rect(26, 76, 68, 20, 9, a) + line('M34 96V104M44 96V104M54 96V104M66 96V104M76 96V104M86 96V104', 3, b),
  cloth: (a, b, c) => shape('M16 46H104L94 62H26Z', c) + shape('M26 62Q34 96 30 100Q44 84 46 62Z', a) + shape('M46 62H76Q72 90 60 100Q50 88 46 62Z', b) + shape('M76 62H94Q86 96 92 100Q78 84 76 62Z', a) + rect(16, 40, 88, 8, 3, a),
  diffuser: (a, b, c) => rect(38, 58, 44, 42, 10, a) + rect(50, 44, 20, 16, 4, b) + line('M56 44L42 14M60 44V12M64 44L80 16', 3.4, c) + rect(46, 70, 28, 16, 3, c),
  soap: (a, b, c) => rect(24, 52, 72, 40, 16, b) + rect(24, 46, 72, 40, 16, a) + rect(40, 56, 40, 18, 8, c) + disc(84, 34, 9, '#ffffff') + disc(68, 26, 6, '#ffffff') + disc(94, 22, 5, '#ffffff'),
  towel: (a, b, c) => rect(18, 24, 84, 7, 3, b) + rect(30, 24, 44, 72, 4, a) + rect(30, 76, 44, 7, 0, c) + rect(58, 24, 32, 50, 4, c) + rect(58, 58, 32, 6, 0, a),
  bottle: (a, b, c) => rect(36, 46, 48, 54, 12, a) + rect(50, 34, 20, 14, 3, b) + rect(56, 20, 8, 16, 2, b) + rect(42, 16, 24, 8, 4, b) + rect(44, 62, 32, 22, 4, c),
  brush: (a, b, c) => turn(36, rect(54, 46, 12, 66, 6, a) + rect(44, 10, 32, 44, 12, a) + rect(48, 14, 24, 34, 9, c) + line('M54 22H66M54 30H66M54 38H66', 3, b)),
  brushes: (a, b, c) => [a, b, c, b].map((f, i) => rect(31 + i * 16, 42, 8, 60, 4, f) + rect(30 + i * 16, 20, 10, 20, 3, '#ffffff') + rect(30 + i * 16, 30, 10, 6, 1, f)).join(''),
  tube: (a, b, c) => shape('M34 22H86L78 82H42Z', a) + rect(32, 18, 56, 9, 3, b) + rect(48, 82, 24, 18, 5, b) + rect(50, 40, 20, 26, 4, c),
  mat: (a, b, c) => rect(16, 40, 88, 48, 14, a) + rect(24, 47, 72, 34, 9, c) + [0, 1, 2, 3, 4].map((i) => disc(36 + i * 12, 58, 3.4, a) + disc(36 + i * 12, 70, 3.4, b)).join(''),
  tote: (a, b, c) => rect(28, 46, 64, 54, 6, a) + line('M44 46Q44 16 60 16Q76 16 76 46', 5, b) + rect(28, 82, 64, 18, 6, b) + leaf(60, 78, 0, c, 0.6),
  backpack: (a, b, c) => rect(30, 30, 60, 70, 22, a) + line('M48 30Q48 16 60 16Q72 16 72 30', 5, b) + rect(38, 62, 44, 28, 8, b) + rect(44, 44, 32, 7, 3, c) + rect(54, 70, 12, 5, 2, c),
  cubes: (a, b, c) => rect(20, 56, 48, 40, 7, a) + rect(52, 30, 48, 34, 7, b) + rect(74, 70, 28, 26, 6, c) + line('M28 66H60M60 40H92M80 78H96', 3, '#ffffff'),
  umbrella: (a, b, c) => shape('M14 62Q18 20 60 20Q102 20 106 62Q94 52 83 62Q72 52 60 62Q48 52 37 62Q26 52 14 62Z', a) + shape('M37 62Q40 30 60 20Q80 30 83 62Q72 52 60 62Q48 52 37 62Z', b) + line('M60 60V92Q60 102 70 102Q78 102 78 94', 5, c),
  wallet: (a, b, c) => rect(22, 36, 76, 56, 10, a) + rect(22, 36, 76, 14, 8, b) + rect(70, 56, 32, 18, 8, b) + disc(80, 65, 4, c) + line('M30 84H90', 1.6, c),
  sling: (a, b, c) => rect(22, 50, 76, 46, 16, a) + line('M28 58Q40 12 92 54', 6, b) + rect(34, 66, 52, 7, 3, c) + rect(34, 80, 30, 6, 3, b),
  bagFold: (a, b, c) => shape('M26 44H94L86 100H34Z', a) + line('M44 44Q44 20 52 20M76 44Q76 20 68 20', 6, b) + leaf(60, 88, -24, c, 0.7) + leaf(60, 88, 24, c, 0.7),
  monstera: (a, b, c) => leaf(60, 70, -48, a, 1.05) + leaf(60, 70, 48, a, 1.05) + leaf(60, 72, 0, b, 1.25) + rect(42, 68, 36, 32, 6, c) + rect(38, 66, 44, 9, 4, '#b9724a'),
  snake: (a, b, c) => leaf(48, 74, -14, a, 1.2) + leaf(72, 74, 14, a, 1.2) + leaf(60, 74, 0, b, 1.45) + rect(42, 70, 36, 30, 8, c),
  air: (a, b, c) => [-75, -45, -15, 15, 45, 75].map((g, i) => leaf(60, 78, g, i % 2 ? a : b, 1)).join('') + oval(60, 84, 22, 9, c),
  succulent: (a, b, c) => rect(24, 70, 72, 28, 8, c) + disc(42, 62, 15, a) + disc(42, 62, 8, b) + disc(74, 60, 18, b) + disc(74, 60, 10, a) + disc(58, 50, 11, '#c98fa6') + disc(58, 50, 5, '#e5b9c8'),
  fig: (a, b, c) => rect(57, 30, 6, 48, 2, '#8a6a4a') + leaf(60, 40, -60, a, 0.85) + leaf(60, 40, 60, a, 0.85) + leaf(60, 56, -80, b, 0.8) + leaf(60, 56, 80, b, 0.8) + leaf(60, 36, 0, b, 0.7) + shape('M40 76H80L75 102H45Z', c),
  planter: (a, b, c) => shape('M32 46H88L80 100H40Z', a) + rect(26, 34, 68, 15, 5, b) + rect(42, 58, 8, 30, 4, c),
  can: (a, b, c) => rect(44, 48, 46, 48, 8, a) + line('M46 62L18 34', 6, a) + line('M12 40L26 28', 5, b) + line('M88 54Q112 58 106 76Q102 90 88 88', 6, b) + rect(52, 40, 30, 10, 4, b) + rect(54, 60, 7, 24, 3, c),
  seeds: (a, b, c) => rect(32, 22, 56, 78, 5, a) + rect(32, 22, 56, 16, 5, b) + [0, 60, 120, 180, 240, 300].map((g) => `<ellipse cx="60" cy="54" rx="6" ry="10" fill="${c}" transform="rotate(${g} 60 66)"/>`).join('') + disc(60, 66, 6, '#f2b84b'),
}

const tint = { tea: '#eef5ec', kitchen: '#fbf2ea', table: '#eff3f9', paper: '#f9f5e6', home: '#f8f0f2', bath: '#edf6f8', bag: '#f3f0f9', plant: '#f0f7e9' }
const green = ['#3f8a63', '#2a6146', '#d6ead9']
const brown = ['#a9744b', '#6f4a30', '#ecd9c3']
const blue = ['#6f93c2', '#40608f', '#dfe8f4']
const sand = ['#d9b98a', '#a58457', '#f7ecd8']
const red = ['#c9604a', '#8d3b2b', '#f4d7cc']
const grey = ['#9aa5a0', '#5d6963', '#e6ebe8']
const plum = ['#9b7fb5', '#684f82', '#e8dff0']
const aqua = ['#6fb2bd', '#3d7d89', '#d9eef1']
const gold = ['#d3a53f', '#92701f', '#f6e8c0']
const ink = ['#4c5963', '#2b343b', '#cfd8de']

const goods = {
  tea: [['tin', green], ['pouch', gold], ['cake', brown], ['beans', brown], ['drip', ink], ['kettle', grey], ['tools', sand], ['jar', red]],
  kitchen: [['pot', green], ['knife', brown], ['board', sand], ['pan', ['#4c5963', '#2b343b', '#f2a93b']], ['jars', sand], ['scale', grey], ['apron', blue], ['spatula', aqua]],
  table: [['bowl', blue], ['plate', green], ['chopsticks', brown], ['glass', aqua], ['mug', red], ['tray', sand], ['dishes', plum], ['cutlery', grey]],
  paper: [['notebook', green], ['notes', gold], ['pen', gold], ['pens', ink], ['tape', red], ['rack', ink], ['calendar', blue], ['roll', brown]],
  home: [['lamp', sand], ['cushion', green], ['basket', brown], ['clock', ['#ffffff', '#5d6963', '#c9604a']], ['candle', plum], ['blanket', sand], ['cloth', blue], ['diffuser', red]],
  bath: [['soap', sand], ['towel', aqua], ['bottle', green], ['brush', brown], ['brushes', blue], ['tube', plum], ['mat', grey]],
  bag: [['tote', sand], ['backpack', ink], ['cubes', blue], ['umbrella', green], ['wallet', brown], ['sling', plum], ['bagFold', gold]],
  plant: [['monstera', ['#3f8a63', '#2f7d5b', '#d08a5e']], ['snake', ['#5c9c54', '#3d7a45', '#e2d3bd']], ['air', ['#8fb59a', '#6c9c7e', '#b98f68']], ['succulent', ['#7fb98a', '#58936a', '#d08a5e']], ['fig', ['#3f8a63', '#2f7d5b', '#dcd6cc']], ['planter', red], ['can', gold], ['seeds', ['#dfeecf', '#5c9c54', '#d9748c']]],
}

const faces = { tea: ['mug', green], kitchen: ['pot', red], table: ['bowl', blue], paper: ['notebook', gold], home: ['lamp', ['#d68ba0', '#96566a', '#fbe6b4']], bath: ['bottle', aqua], bag: ['tote', plum], plant: ['snake', ['#5c9c54', '#3d7a45', '#d08a5e']] }

const tabs = {
  home: (c) => line('M18 58L60 22L102 58M30 52V98H90V52', 8, c),
  category: (c) => [[22, 22], [66, 22], [22, 66], [66, 66]].map(([x, y]) => `<rect x="${x}" y="${y}" width="32" height="32" rx="8" fill="none" stroke="${c}" stroke-width="8"/>`).join(''),
  cart: (c) => line('M14 24H28L42 78H90L102 40H34', 8, c) + disc(48, 96, 7, c) + disc(84, 96, 7, c),
  profile: (c) => ring(60, 42, 20, 8, c) + line('M22 102Q26 72 60 72Q94 72 98 102', 8, c),
}

const logo = rect(4, 4, 112, 112, 28, '#2f7d5b') + leaf(60, 96, -30, '#bfe3cf', 1.3) + leaf(60, 96, 30, '#8fcbaa', 1.3) + leaf(60, 98, 0, '#ffffff', 1.5)
const avatar = disc(60, 60, 60, '#dcebdd') + disc(60, 48, 22, '#f1c9a5') + shape('M36 44Q38 18 60 20Q84 18 84 46Q74 34 60 36Q46 34 36 44Z', '#4b3a2f') + shape('M18 120Q22 78 60 78Q98 78 102 120Z', '#2f7d5b')
const empty = oval(60, 100, 40, 7, '#e4e8e4') + shape('M30 48H90L84 98H36Z', '#cfdcd3') + line('M46 48Q46 26 60 26Q74 26 74 48', 5, '#a9bdb0') + disc(50, 68, 4, '#7f9587') + disc(70, 68, 4, '#7f9587') + line('M50 84Q60 76 70 84', 3.4, '#7f9587')

const at = (name, colors, x, y, scale) => `<g transform="translate(${x} ${y}) scale(${scale})">${glyphs[name](...colors)}</g>`
const banner = (background, blob, body) => rect(0, 0, 690, 300, 0, background) + oval(560, 190, 240, 170, blob, -12) + oval(90, 330, 220, 90, blob) + body

const banners = {
  tea: banner('#dcebdd', '#c3dfc8', at('kettle', grey, 330, 70, 1.6) + at('mug', green, 490, 120, 1.3) + leaf(640, 120, 40, '#7fb98a', 1.6)),
  home: banner('#f6e6df', '#efd3c6', at('lamp', sand, 350, 40, 1.9) + at('cushion', red, 510, 130, 1.2)),
  plant: banner('#e3efd6', '#cfe3ba', at('monstera', ['#3f8a63', '#2f7d5b', '#d08a5e'], 340, 40, 1.8) + at('can', gold, 520, 130, 1.2)),
}

const scene = (background, body) => rect(0, 0, 560, 320, 0, background) + oval(280, 300, 330, 70, '#ffffff80') + body

if (spring) {
  goods.tea.push(['tin', plum])
  goods.plant.push(['monstera', ['#5c9c54', '#3d7a45', '#6f93c2']])
  banners.spring = banner('#fbe9ee', '#f6d2dc', at('succulent', ['#7fb98a', '#58936a', '#d08a5e'], 350, 60, 1.7) + at('bagFold', red, 520, 120, 1.3) +
    [[40, 40], [300, 30], [640, 50], [250, 240], [480, 40]].map(([x, y]) => [0, 72, 144, 216, 288].map((g) => leaf(x, y, g, '#f0a9bb', 0.4)).join('') + disc(x, y, 4, '#f6d36b')).join(''))
  banners.tea = banner('#e3efd6', '#c9dfb4', at('tin', green, 330, 50, 1.7) + at('mug', red, 500, 120, 1.3) + leaf(650, 130, 40, '#7fb98a', 1.6) + leaf(300, 80, -40, '#9cc98f', 1.2))
}

// ---- the list of pictures
const pictures = []
const add = (name, width, height, body, box = '0 0 120 120') =>
  pictures.push({ name, width, height, svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${box}">${body}</svg>` })

for (const [category, list] of Object.entries(goods)) {
  list.forEach(([glyph, colors], index) => {
    const petals = [[18, 20, 20], [102, 24, -20], [106, 92, 160]].map(([x, y, g]) => leaf(x, y, g, '#ffffff', 0.55)).join('')
    const festive = spring && (category === 'tea' || category === 'plant')
    const body = rect(0, 0, 120, 120, 0, tint[category]) + (festive ? disc(60, 60, 50, '#ffffffa0') + petals : '') + oval(60, 104, 38, 6, '#00000014') + glyphs[glyph](...colors)
    add(`goods/${category}-${String(index + 1).padStart(2, '0')}.png`, 280, 280, body)
  })
}
for (const [category, [glyph, colors]] of Object.entries(faces)) add(`category/${category}.png`, 112, 112, glyphs[glyph](...colors))
for (const [name, draw] of Object.entries(tabs)) {
  add(`tab/${name}.png`, 72, 72, draw('#8a948e'))
  add(`tab/${name}-on.png`, 72, 72, draw('#2f7d5b'))
}
for (const [name, body] of Object.entries(banners)) add(`banner/${name}.png`, 690, 300, body, '0 0 690 300')
add('logo.png', 160, 160, spring ? logo + disc(94, 26, 15, '#f0a9bb') + disc(94, 26, 6, '#f6d36b') : logo)
if (spring) {
  add('coupon.png', 220, 140, rect(4, 20, 212, 100, 14, '#f0a9bb') + rect(4, 20, 70, 100, 14, '#d9482b') + line('M78 28V112', 3, '#ffffff') + disc(38, 70, 18, '#ffffff') + line('M96 56H190M96 82H160', 8, '#ffffff'), '0 0 220 140')
  add('story/pick.png', 560, 320, scene('#dcebdd', [60, 170, 280, 390, 490].map((x, i) => leaf(x, 240 - (i % 2) * 30, (i - 2) * 8, i % 2 ? '#3f8a63' : '#7fb98a', 3)).join('')), '0 0 560 320')
  add('story/kiln.png', 560, 320, scene('#f6e4d3', at('jar', red, 60, 80, 1.7) + at('bowl', blue, 220, 90, 1.6) + at('mug', sand, 380, 90, 1.6)), '0 0 560 320')
  add('story/pack.png', 560, 320, scene('#f3ecd2', at('bagFold', gold, 70, 70, 1.8) + at('cubes', sand, 310, 70, 1.8)), '0 0 560 320')
}
add('avatar.png', 160, 160, avatar)
add('empty.png', 260, 260, empty)

// ---- one sheet, painted by the browser
const columns = 700
let x = 0, y = 0, tall = 0
for (const picture of pictures) {
  if (x + picture.width > columns) [x, y, tall] = [0, y + tall, 0]
  Object.assign(picture, { x, y })
  x += picture.width
  tall = Math.max(tall, picture.height)
}
const height = y + tall
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'shop-images-'))
const page = path.join(dir, 'sheet.html')
const shot = path.join(dir, 'sheet.png')
fs.writeFileSync(page, `<!doctype html><meta charset="utf-8"><style>body{margin:0}svg{position:absolute}</style>` +
  pictures.map((p) => p.svg.replace('<svg ', `<svg style="left:${p.x}px;top:${p.y}px" `)).join('\n'))
execFileSync(process.env.CHROMIUM || 'chromium', ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars',
  '--force-device-scale-factor=1', '--default-background-color=00000000', `--user-data-dir=${path.join(dir, 'profile')}`,
  `--window-size=${columns},${height}`, `--screenshot=${shot}`, pathToFileURL(page).href], { stdio: 'ignore' })

// ---- PNG in, PNG out
function decode(data) {
  let at = 8, width, height, channels
  const parts = []
  while (at < data.length) {
    const size = data.readUInt32BE(at), type = data.toString('latin1', at + 4, at + 8), body = data.subarray(at + 8, at + 8 + size)
    if (type === 'IHDR') {
      width = body.readUInt32BE(0)
      height = body.readUInt32BE(4)
      channels = { 2: 3, 6: 4 }[body[9]]
    }
    if (type === 'IDAT') parts.push(body)
    at += size + 12
  }
  const raw = zlib.inflateSync(Buffer.concat(parts)), row = width * channels, out = Buffer.alloc(width * height * 4, 255)
  let before = Buffer.alloc(row)
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (row + 1)], now = Buffer.from(raw.subarray(y * (row + 1) + 1, (y + 1) * (row + 1)))
    for (let i = 0; i < row; i++) {
      const a = i >= channels ? now[i - channels] : 0, b = before[i], c = i >= channels ? before[i - channels] : 0
      const p = a + b - c, pa = Math.abs(p - a), pb = Math.abs(p - b), pc = Math.abs(p - c)
      now[i] += [0, a, b, (a + b) >> 1, pa <= pb && pa <= pc ? a : pb <= pc ? b : c][filter]
    }
    for (let x = 0; x < width; x++) now.copy(out, (y * width + x) * 4, x * channels, (x + 1) * channels)
    before = now
  }
  return { width, height, pixels: out }
}

function chunk(type, body) {
  const head = Buffer.from('\0\0\0\0' + type, 'latin1'), tail = Buffer.alloc(4)
  head.writeUInt32BE(body.length)
  let crc = -1
  for (const byte of Buffer.concat([head.subarray(4), body])) {
    crc ^= byte
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  tail.writeUInt32BE(~crc >>> 0)
  return Buffer.concat([head, body, tail])
}

// The colours of flat drawings fit a palette; when the soft edges make too many, the low bits go until they do.
function encode(sheet, { x, y, width, height }) {
  for (let bits = 1; ; bits++) {
    const palette = new Map(), rows = []
    for (let j = 0; j < height; j++) {
      const row = Buffer.alloc(width + 1)
      for (let i = 0; i < width; i++) {
        const at = ((y + j) * sheet.width + x + i) * 4
        const color = [0, 1, 2, 3].map((k) => {
          const value = sheet.pixels[at + k]
          return value === 255 || value === 0 ? value : Math.min(255, (value >> bits << bits) + (1 << bits >> 1))
        })
        if (color[3] === 0) color.fill(0)
        const key = color.join()
        if (!palette.has(key)) palette.set(key, { color, index: palette.size })
        row[i + 1] = palette.get(key).index & 255
      }
      rows.push(row)
    }
    if (palette.size > 256) continue
    const header = Buffer.alloc(13)
    header.writeUInt32BE(width, 0)
    header.writeUInt32BE(height, 4)
    header.set([8, 3, 0, 0, 0], 8)
    const colors = [...palette.values()].map((entry) => entry.color)
    return Buffer.concat([
      Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
      chunk('IHDR', header),
      chunk('PLTE', Buffer.from(colors.flatMap((color) => color.slice(0, 3)))),
      ...(colors.some((color) => color[3] < 255) ? [chunk('tRNS', Buffer.from(colors.map((color) => color[3])))] : []),
      chunk('IDAT', zlib.deflateSync(Buffer.concat(rows), { level: 9 })),
      chunk('IEND', Buffer.alloc(0)),
    ])
  }
}

const sheet = decode(fs.readFileSync(shot))
let total = 0
for (const picture of pictures) {
  const file = path.join(target, picture.name)
  const data = encode(sheet, picture)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, data)
  total += data.length
}
fs.rmSync(dir, { recursive: true, force: true })
console.log(`${pictures.length} pictures, ${total} bytes`)
