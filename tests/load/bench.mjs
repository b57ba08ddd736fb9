// ./hotline bench: what the server does on this machine, next to what the machine can do.
//
// Everything is measured in one run on one private PostgreSQL and Redis; figures that depend on the
// machine are given as ratios to a limit measured in the same run (pgbench calling the same statement).
// Words choose parts: intake loop latency idle start dispatch (all without words); duplicate and history (only by
// their words: they make a million tickets). What follows dispatch is its own.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { benchDuplicate } from './duplicate.mjs'
import { benchDispatch } from './dispatch.mjs'
import { benchHistory } from './history.mjs'

const root = new URL('../..', import.meta.url).pathname
const keep = process.env.BENCH_KEEP === '1'
const dir = join(root, process.argv.includes('history') ? 'var/bench-history' : 'var/bench')
const hotlined = process.env.HOTLINED ?? join(root, 'build/release/hotlined')
const load = join(root, 'build/release/hotline_load')
const port = 23450
const seconds = Number(process.env.BENCH_SECONDS ?? 10)
const extra = Object.fromEntries((process.env.BENCH_SET ?? '').split(' ').filter(Boolean).map(pair => pair.split('=')))
const words = process.argv.slice(2)
const chosen = words.includes('dispatch') ? words.slice(0, words.indexOf('dispatch') + 1) : words
const wants = part => chosen.length === 0 || chosen.includes(part)

const median = values => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
const row = (name, ...cells) => console.log(`  ${name.padEnd(46)} ${cells.join('  ')}`)
const services = verb => execFileSync(join(root, 'hotline'), ['services', verb, dir], { encoding: 'utf8' })

/** "name value" lines of the load client as an object */
const figures = text => Object.fromEntries(text.trim().split('\n').map(line => line.split(' ')).map(([k, v]) => [k, Number(v)]))

function connect() {
  return Object.fromEntries(services('conninfo').trim().split('\n').map(line => {
    const at = line.indexOf('=')
    return [line.slice(0, at), line.slice(at + 1)]
  }))
}

/** A server with these settings; resolves when it answers, with the milliseconds that took. */
async function serve(environment, settings = {}) {
  const all = { port, key_file: join(dir, 'contact.key'), files_dir: join(dir, 'files'), sql_dir: join(root, 'sql'), log_level: 'warn',
    static_dir: join(root, 'web-agent/dist'), max_links_per_ip: 20000, frames_per_second: 1000000,
    link_budget: 67108864, logins_per_minute: 1000, ...settings, ...extra }
  const args = Object.entries(all).flatMap(([name, value]) => ['--set', `${name}=${value}`])
  const began = performance.now()
  const child = spawn(hotlined, ['serve', ...args], { env: { ...process.env, ...environment }, stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = new Promise(resolve => child.on('exit', resolve))
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null)
    if (answer?.ok) break
    if (child.exitCode !== null) throw new Error(`hotlined ended with ${child.exitCode}`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  const stop = async () => { child.kill('SIGTERM'); await ended }
  return { pid: child.pid, took: performance.now() - began, stop }
}

/** Every part begins with an empty house: what one left to be dispatched, or read behind the commit, must not slow the next. */
function clean(environment) {
  const tables = 'ticket, contact, ticket_event, evaluation, answered, outbox, call, agent_seat, agent_span, '
    + 'likeness, likeness_key, likeness_due, search_due, search_open, search_closed'
  execFileSync('psql', ['-qX', '-c', 'set client_min_messages = warning', '-c', `truncate ${tables} cascade`, '-c', 'checkpoint', environment.HOTLINE_TEST_SUPERUSER.replace('dbname=postgres', 'dbname=hotline')])
  execFileSync('redis-cli', ['-s', environment.HOTLINE_REDIS_SOCKET, 'flushall'], { stdio: 'ignore' })
}

async function login(name) {
  const answer = await fetch(`http://127.0.0.1:${port}/api/login`, { method: 'POST',
    headers: { 'content-type': 'application/json' }, body: JSON.stringify({ login: name, password: 'hotline12345' }) })
  if (!answer.ok) throw new Error(`login ${name}: ${answer.status} ${await answer.text()}`)
  return /sid=([^;]+)/.exec(answer.headers.get('set-cookie'))[1]
}

function drive(...args) {
  const result = spawnSync(load, args.map(String), { encoding: 'utf8' })
  if (result.status !== 0) throw new Error(`load ${args[0]}: ${result.stderr}`)
  if (result.stderr) console.log(result.stderr.trim())
  return figures(result.stdout)
}

/** pgbench calling ticket_submit as the server does: prepared, one commit each. Transactions a second. */
function pgbench(environment, clients) {
  const script = join(dir, 'submit.sql')
  const p = { action: 'submit', to: 20, kind: 3, matter: '0501', region: '232761', place: '曙光街道人民路12号', title: '夜间施工噪声扰民影响休息',
    body: '某小区旁边的工地每天晚上十一点以后还在施工，噪声很大，老人孩子无法休息，希望有关部门尽快管一管，要求晚上十点以后停止施工并加强巡查。',
    phone: 'x'.repeat(56), phone_index: 'f'.repeat(64), phone_mask: '138****0000', name: 'x'.repeat(52), name_mask: '张**',
    at: Date.now(), due: Date.now() + 7200000, warn: Date.now() + 5400000, promised: Date.now() + 432000000 }
  // pgbench reads ":word" as a variable; a space after each colon keeps the JSON whole.
  const json = JSON.stringify(p).replaceAll('":', '": ')
  writeFileSync(script, `select * from ticket_submit(1, gen_random_uuid(), '${json}'::jsonb);\n`)
  const socket = /host=(\S+)/.exec(environment.HOTLINE_DATABASE_OWNER)[1]
  const out = execFileSync('pgbench', ['-n', '-M', 'prepared', '-c', String(clients), '-j', '2', '-T', String(seconds),
    '-f', script, '-h', socket, '-U', 'hotline_server', 'hotline'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return Number(/tps = ([\d.]+)/.exec(out)[1])
}

const memory = pid => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1])

/** Closed load at growing width; the best of them and its figures. */
function best(mode, measure, widths, ...cookies) {
  const runs = widths.map(([links, window]) => ({ links, window, ...drive(mode, port, seconds, links, window, ...cookies) }))
  return runs.reduce((a, b) => (a[measure] >= b[measure] ? a : b))
}

async function benchIntake(environment) {
  const limit = Object.fromEntries([1, 8].map(clients => [clients, pgbench(environment, clients)]))
  clean(environment)
  const server = await serve(environment, { roles: 'console' })
  const agent = await login('1001')
  const run = best('intake', 'acks_per_s', [[8, 1], [8, 4], [16, 8], [32, 8]], agent)
  await server.stop()
  console.log('Intake: durable tickets a second (dispatch in another process, not running)')
  row('pgbench, same statement, 1 client / 8 clients', `${limit[1].toFixed(0)} / ${limit[8].toFixed(0)} per s`)
  row(`over WebSocket, ${run.links} consoles × ${run.window} under way`, `${run.acks_per_s} per s`,
    `ratio ${(run.acks_per_s / limit[8]).toFixed(2)} of pgbench with 8 clients`)
  return limit[8]
}

async function benchLoop(environment, limit) {
  const server = await serve(environment)
  const [agent, handler, supervisor] = [await login('1001'), await login('zhujian1'), await login('duban')]
  const run = best('loop', 'moves_per_s', [[8, 4], [16, 8], [32, 8]], agent, handler, supervisor)
  await server.stop()
  console.log('Whole loop: submit, dispatch, sign, contact, finish, pass, tell, rate, every move durable')
  row(`${run.links} agents × ${run.window} tickets under way, one department`, `${run.loops_per_s} loops per s`, `${run.moves_per_s} moves per s`,
    limit ? `ratio ${(run.moves_per_s / limit).toFixed(2)} of pgbench per move` : '')
}

async function benchLatency(environment) {
  const server = await serve(environment)
  const [agent, handler] = [await login('1001'), await login('zhujian1')]
  const most = best('arrive', 'arrivals_per_s', [[16, 4], [32, 8]], agent, handler).arrivals_per_s
  console.log(`From submit to the department's console, dispatch included (at most ${most} per s arrive)`)
  for (const [name, rate] of [['500 a second', 500], ['a third of the most', most / 3], ['two thirds of the most', most * 2 / 3]]) {
    const runs = [1, 2, 3].map(() => drive('latency', port, seconds, Math.round(rate), agent, handler))
    row(`${name} (${Math.round(rate)} per s), median of three`, `p50 ${median(runs.map(r => r.p50_ms))} ms`,
      `p99 ${median(runs.map(r => r.p99_ms))} ms`, `arrived ${runs.map(r => `${r.arrived}/${r.sent}`).join(' ')}`)
  }
  await server.stop()
}

async function benchIdle(environment) {
  const links = 5000
  const server = await serve(environment)
  const agent = await login('1001')
  const before = memory(server.pid)
  const holder = spawn(load, ['idle', String(port), String(links), agent], { stdio: ['pipe', 'pipe', 'inherit'] })
  await new Promise((resolve, reject) => { holder.stdout.once('data', resolve); holder.once('exit', reject) })
  const each = (memory(server.pid) - before) / links
  holder.stdin.end()
  await server.stop()
  console.log('Idle consoles')
  row(`${links} connected, said hello`, `${each.toFixed(1)} KiB each`)
}

async function benchStart(environment) {
  const took = []
  for (let i = 0; i < 5; i++) {
    const server = await serve(environment)
    took.push(server.took)
    await server.stop()
  }
  console.log('Start to serving, services up')
  row('median of five', `${median(took).toFixed(0)} ms`)
}

async function main() {
  mkdirSync(dir, { recursive: true })
  if (wants('dispatch')) benchDispatch(hotlined, dir, words.slice(chosen.length))
  if (chosen.join() === 'dispatch') return
  services('start')
  try {
    const environment = connect()
    rmSync(join(dir, 'contact.key'), { force: true })
    execFileSync(hotlined, ['key', join(dir, 'contact.key')], { stdio: 'ignore' })
    execFileSync(hotlined, ['migrate', '--demo', '--set', `sql_dir=${join(root, 'sql')}`],
      { env: { ...process.env, ...environment }, stdio: 'ignore' })
    console.log(`${cpus().length} × ${cpus()[0].model}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB; load client on the same machine; ${seconds} s a run`)
    let limit = null
    const parts = { intake: async () => { limit = await benchIntake(environment) }, loop: () => benchLoop(environment, limit),
      latency: () => benchLatency(environment), idle: () => benchIdle(environment), start: () => benchStart(environment) }
    if (chosen.includes('history')) await benchHistory({ environment })
    if (chosen.includes('duplicate')) await benchDuplicate({ environment, serve, login, root, port })
    for (const [name, part] of Object.entries(parts)) {
      if (!wants(name)) continue
      await part()
      clean(environment)
    }
  } finally {
    services('stop')
    if (!keep) rmSync(dir, { recursive: true, force: true })
  }
}

await main()
