// The tables of the project as data: the commands, and who may call each.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './services.mjs';

export const ROLES = { agent: 1, handler: 2, supervisor: 4, admin: 8 };
const ANYONE = 15;
const DESK = 7;

function bits(text) {
  return text.split('|').reduce((sum, word) => {
    const name = word.trim();
    if (name === 'ANYONE') return sum | ANYONE;
    if (name === 'DESK') return sum | DESK;
    return sum | (name === '0' ? 0 : ROLES[name.replace('ROLE_', '')]);
  }, 0);
}

/** The rows of server/commands.def: name, who (bits), lane, parameters. */
export function commands() {
  let text = readFileSync(path.join(root, 'server/commands.def'), 'utf8').replace(/\/\*[^]*?\*\//g, '');
  // Parameters that several rows share are a macro.
  for (const [whole, name, value] of [...text.matchAll(/#define (\w+) ("(?:[^\n]*\\\n)*[^\n]*)/g)])
    text = text.replace(whole, '').replaceAll(new RegExp(`\\b${name}\\b`, 'g'), value.replaceAll('\\\n', ''));
  const row = /COMMAND\("([\w.]+)",\s*([^,]+),\s*(\w+),[^,]*,[^,]*,[^,]*,\s*((?:"[^"]*"\s*)+),/g;
  return [...text.matchAll(row)].map(([, name, who, lane, parameters]) => ({
    name,
    who: bits(who),
    lane,
    parameters: [...parameters.matchAll(/"([^"]*)"/g)].map((part) => part[1]).join(''),
  }));
}
