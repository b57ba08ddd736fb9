// The house itself: who may include whom, how long a function may be, whether what is generated and
// what is documented still agrees with its source.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'

const root = new URL('../..', import.meta.url).pathname
const read = path => readFileSync(join(root, path), 'utf8')
const files = (dir, end) => readdirSync(join(root, dir)).filter(name => end.test(name)).map(name => join(dir, name))
const build = process.env.HOTLINED ? join(process.env.HOTLINED, '..') : join(root, 'build/asan')

/** room name → rank, from the table in docs/ARCHITECTURE.md */
function ranks() {
  const found = new Map()
  for (const [, rank, rooms] of read('docs/ARCHITECTURE.md').matchAll(/^\| (\d) \| ([a-z0-9_ ]+) \|/gm))
    for (const room of rooms.trim().split(' ')) found.set(room, Number(rank))
  return found
}

/** feed_index belongs to the room feed: the longest room name that its own begins with */
function rankOf(name, table) {
  for (let room = name; room; room = room.includes('_') ? room.slice(0, room.lastIndexOf('_')) : '')
    if (table.has(room)) return table.get(room)
  return undefined
}

const includes = path => [...read(path).matchAll(/^#include "([^"]+)\.h"/gm)].map(found => found[1])

test('every file of server/ has a rank and includes only its own rank or lower', () => {
  const table = ranks()
  assert.ok(table.size > 10, 'the rank table in docs/ARCHITECTURE.md could not be read')
  for (const path of files('server', /\.[ch]$/)) {
    const rank = rankOf(path.slice('server/'.length, -2), table)
    assert.ok(rank, `${path} is in no row of the rank table in docs/ARCHITECTURE.md`)
    for (const name of includes(path).filter(one => !one.startsWith('../'))) {
      const other = rankOf(name, table)
      assert.ok(other <= rank, `${path} (rank ${rank}) includes ${name}.h (rank ${other})`)
    }
  }
})

test('the law in routing/ knows nothing of the machine', () => {
  for (const path of files('routing', /\.[ch]$/)) {
    for (const name of includes(path)) assert.ok(!name.includes('/'), `${path} includes ${name}.h from elsewhere`)
    if (path === 'routing/generate.c') continue
    const system = [...read(path).matchAll(/^#include <([^>]+)>/gm)].map(found => found[1])
    for (const name of system)
      assert.ok(!/^(time|unistd|sys\/|uv|jansson|libpq)/.test(name), `${path} includes <${name}>: no clock, no I/O here`)
  }
})

test('no C function is longer than eighty lines', () => {
  for (const dir of ['routing', 'server', 'tests/unit', 'tests/services', 'tests/load', 'tests/fuzz'])
    for (const path of files(dir, /\.c$/)) {
      let began = 0
      read(path).split('\n').forEach((line, index) => {
        if (line === '{') began = index
        if (line === '}' && began) {
          assert.ok(index - began <= 80, `${path}:${began}: a function of ${index - began} lines`)
          began = 0
        }
      })
    }
})

test('generated files are what their sources make today', () => {
  const fresh = mkdtempSync(join(tmpdir(), 'hotline-generated-'))
  try {
    for (const dir of ['sql/functions', 'web-agent/src/generated', 'docs'])
      execFileSync('mkdir', ['-p', join(fresh, dir)])
    execFileSync(join(root, 'scripts/generate.sh'), [build, fresh], { stdio: 'pipe' })
    for (const path of ['sql/functions/flow.sql', 'web-agent/src/generated/flow.ts', 'docs/FLOW.md',
      'sql/functions/case_flow.sql', 'web-agent/src/generated/case_flow.ts', 'docs/CASE_FLOW.md',
      'docs/COMMANDS.md', 'web-agent/src/generated/commands.ts'])
      assert.equal(read(path), readFileSync(join(fresh, path), 'utf8'), `${path} is stale: run ./hotline generate`)
  } finally {
    rmSync(fresh, { recursive: true })
  }
})

test('every path that the docs name exists', () => {
  for (const path of ['README.md', ...files('docs', /\.md$/)])
    for (const [, named] of read(path).matchAll(/`((?:routing|server|sql|web-agent|tests|docs|scripts)\/[A-Za-z0-9_./-]+)`/g))
      assert.ok(existsSync(join(root, named)), `${path} names ${named}, which does not exist`)
})

test('every setting is explained, and every statement of the server exists in sql/functions', () => {
  const sql = files('sql/functions', /\.sql$/).map(read).join('\n')
  const named = [...read('server/statements.def').matchAll(/^STATEMENT\((\w+)\)/gm)].map(found => found[1])
  const commanded = [...read('server/commands.def').matchAll(/(?:READ|WRITE|SLOW),\s+"(\w+)"/g)].map(found => found[1])
  for (const name of new Set([...named, ...commanded]))
    assert.match(sql, new RegExp(`function ${name}\\(actor integer, req uuid, p jsonb\\)`), `sql/functions has no ${name}`)
  for (const [, name, sentence] of read('server/settings.def').matchAll(/^SETTING\((\w+),.*"([^"]*)"\)$/gm))
    assert.ok(sentence.length > 5, `setting ${name} has no sentence`)
})
