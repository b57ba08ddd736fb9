// `./hotline police`: the emulator of the tests, played by hand.
import { Police, incident } from './police.mjs';

const USAGE = `./hotline police listen [--slow MS] [--status N] [--drop] [--garbage] [--disputed]
                              take what the hotline sends, and behave like this
./hotline police push [TEXT]  an incident that is none of the police's; answers with the ticket's number
./hotline police twice TEXT   the same message, twice at once
./hotline police supplement|recall NUMBER TEXT      about a ticket that was pushed
./hotline police accept|refuse|progress|result NUMBER TEXT   about a ticket that the hotline sent
./hotline police heartbeat`;

const LISTEN_PORT = 11000;
const [verb, ...words] = process.argv.slice(2);
const police = new Police(null, process.env.POLICE_HOTLINE, { id: 'demo', secret: process.env.POLICE_SECRET });

function modeOf(options) {
  const mode = {};
  for (let i = 0; i < options.length; i++) {
    if (options[i] === '--slow') mode.delay = Number(options[++i]);
    else if (options[i] === '--status') mode.status = Number(options[++i]);
    else if (['--drop', '--garbage', '--disputed'].includes(options[i])) mode[options[i].slice(2)] = true;
    else throw new Error(`listen: unknown option ${options[i]}`);
  }
  return mode;
}

async function listen() {
  police.mode = modeOf(words);
  await police.listen(LISTEN_PORT);
  console.log(`the police platform listens at ${police.url}; Ctrl-C ends it`);
  for (;;) {
    const { kind, body, again } = await police.arrivals.take('a message', () => true, 2 ** 31 - 1);
    console.log(`${new Date().toTimeString().slice(0, 8)} ${again ? '(again) ' : ''}${kind} ${JSON.stringify(body)}`);
  }
}

const tell = ({ status, text }) => console.log(`${status} ${text}`);

async function say() {
  // Every run is a process of its own: versions must go on growing.
  police.version = Math.floor(Date.now() / 1000) - 1_700_000_000;
  const [number, text] = words;
  switch (verb) {
    case 'push': return tell(await police.push(number ? { BJNR: number } : {}));
    case 'twice': {
      const message = police.envelope(incident({ BJNR: number }));
      return (await Promise.all([police.send('push', message), police.send('push', message)])).forEach(tell);
    }
    case 'heartbeat': return tell(await police.send('heartbeat', police.envelope()));
    case 'refuse': return tell(await police.send('refuse', police.envelope({ ticket_no: number, code: 1, text, person: '值班民警' })));
    case 'supplement': case 'recall': case 'accept': case 'progress': case 'result':
      return tell(await police.send(verb, police.envelope({ ticket_no: number, text })));
    default: console.log(USAGE);
  }
}

try {
  await (verb === 'listen' ? listen() : say());
} catch (error) {
  console.error(String(error.cause?.message ?? error.message));
  process.exit(1);
}
