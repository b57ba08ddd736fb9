// ./hotline bench dispatch: how right, how sure and how fast labels are chosen, by what was learned and by its yardsticks.
//
//   ./hotline bench dispatch [--train FILE.csv --test FILE.csv] [--tickets N]
//
// Files have the columns label, title, body; nothing of them is kept. Without files a history is made up from the
// catalogue's words: it measures speed at the size of a prefecture's years, not what real petitions are like.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = new URL('../..', import.meta.url).pathname
const terms = { commonest: 'most frequent label', keywords: 'plain keyword router', model: 'classifier' }

/** The same numbers in every run: 0 … below - 1. */
function dice(seed) {
  let state = seed
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor(state / 2 ** 32 * below)
  }
}

const places = ['塔河镇', '呼玛镇', '西林吉镇', '图强镇', '阿木尔镇', '曙光街道', '东山街道', '卫东街道', '红旗街道', '长虹街道']
const openings = ['你好，我想反映一个情况，', '我是附近的居民，', '来电人称：', '请问一下，', '打了好几次电话都没有人管，', '家里有老人和孩子，']
const middles = ['从上个月开始一直是这样，', '找过社区也没有结果，', '邻居们都有同样的意见，', '已经影响到正常生活，', '之前答应处理但没有下文，', '不知道应该找哪个部门，']
const endings = ['希望有关部门尽快处理。', '请给个答复，谢谢。', '要求核实情况并回电告知。', '请派人到现场看一看。', '盼望尽早解决。']

/** matter → its words, from the seed of the catalogue; a field of it never holds a comma. */
function catalogue() {
  const lines = readFileSync(join(root, 'sql/seed/matter.csv'), 'utf8').trim().split('\n').slice(1)
  return lines.map(line => line.split(',')).map(([matter, name, grp, words]) => ({ matter, name, grp, words: [name, ...words.split('|')] }))
}

/** One ticket: its own words, in three of ten also one of a neighbour in the catalogue, in one of ten only that. */
function ticket(matters, roll) {
  const own = matters[Math.min(roll(matters.length), roll(matters.length))]
  const near = matters.filter(other => other.grp === own.grp)
  const pick = list => list[roll(list.length)]
  const chance = roll(10)
  const said = chance === 0 ? [pick(pick(near).words)] : [pick(own.words), pick(own.words), ...(chance < 4 ? [pick(pick(near).words)] : [])]
  const title = `${pick(places)}${chance === 0 ? '反映问题' : pick(own.words)}`
  const body = `${pick(openings)}${pick(places)}${roll(90) + 1}号楼${roll(6) + 1}单元，${said[0]}，${pick(middles)}${said.slice(1).join('，')}，${pick(middles)}${pick(middles)}${pick(endings)}`
  return `${own.matter},${title},${body}`
}

function madeUp(dir, count) {
  const matters = catalogue(), roll = dice(12345), judged = Math.floor(count / 10)
  const rows = Array.from({ length: count + judged }, () => ticket(matters, roll))
  const files = { train: join(dir, 'train.csv'), test: join(dir, 'test.csv') }
  writeFileSync(files.train, `label,title,body\n${rows.slice(0, count).join('\n')}\n`)
  writeFileSync(files.test, `label,title,body\n${rows.slice(count).join('\n')}\n`)
  return files
}

function options(words) {
  const found = { tickets: 100000 }
  for (let i = 0; i < words.length; i += 2) {
    const name = words[i].replace(/^--/, '')
    if (!['train', 'test', 'tickets'].includes(name) || words[i + 1] === undefined)
      throw new Error('usage: ./hotline bench dispatch [--train FILE.csv --test FILE.csv] [--tickets N]')
    found[name] = name === 'tickets' ? Number(words[i + 1]) : resolve(process.env.HOTLINE_CALLED_IN ?? '.', words[i + 1])
  }
  if (!found.train !== !found.test) throw new Error('--train and --test go together')
  return found
}

const cell = (text, width) => String(text).padStart(width)
const share = number => `${(number * 100).toFixed(1)} %`

function print(outcome) {
  const precision = Math.round(outcome.precision * 100)
  console.log(`  learned from ${outcome.learned} texts in ${outcome.seconds.toFixed(1)} s (${outcome.cpu_seconds.toFixed(1)} s of CPU), judged by ${outcome.judged} others; ` +
    `${outcome.labels} labels; model ${(outcome.bytes / 2 ** 20).toFixed(2)} MiB, ${outcome.features} grams`)
  console.log(`  ${''.padEnd(22)}${cell('accuracy', 10)}${cell('macro-F1', 10)}${cell('top-2', 8)}${cell('ECE', 8)}` +
    `${cell(`straight at ${precision} %`, 18)}${cell('median µs', 11)}${cell('p99 µs', 9)}`)
  for (const one of outcome.choosers)
    console.log(`  ${terms[one.chooser].padEnd(22)}${cell(one.accuracy.toFixed(4), 10)}${cell(one.macro_f1.toFixed(4), 10)}` +
      `${cell(one.top2.toFixed(4), 8)}${cell(one.calibration_error.toFixed(4), 8)}${cell(share(one.straight), 18)}` +
      `${cell(one.median_us.toFixed(1), 11)}${cell(one.p99_us.toFixed(1), 9)}`)
  console.log('  calibration of the classifier: probability said → share that was right (texts)')
  const bins = outcome.choosers.at(-1).bins.filter(([texts]) => texts > 0)
  console.log(`    ${bins.map(([texts, said, came]) => `${said.toFixed(2)} → ${came.toFixed(2)} (${texts})`).join(', ')}`)
}

/** words: what stands after "dispatch". dir: may be written to. */
export function benchDispatch(hotlined, dir, words) {
  const wanted = options(words)
  const own = join(dir, 'dispatch')
  mkdirSync(own, { recursive: true })
  try {
    const files = wanted.train ? wanted : madeUp(own, wanted.tickets)
    console.log('Dispatch: which label has a text')
    console.log(wanted.train ? `  ${files.train} → ${files.test}` :
      `  history made up from the catalogue's words, ${wanted.tickets} tickets: good for speed, says nothing of real petitions`)
    const out = execFileSync(hotlined, ['train', '--from', files.train, '--test', files.test, '--json'],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
    print(JSON.parse(out))
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
}
