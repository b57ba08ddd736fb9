// Writes a .gz beside every built text file, so that the server sends it without compressing.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const worth = /\.(html|js|css|svg|json|txt)$/;
let plain = 0;
let packed = 0;

function visit(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) visit(path);
    else if (worth.test(name)) pack(path);
  }
}

function pack(path) {
  const bytes = readFileSync(path);
  const small = gzipSync(bytes, { level: 9 });
  plain += bytes.length;
  packed += small.length;
  writeFileSync(`${path}.gz`, small);
}

visit(dist);
console.log(`gzip: ${(plain / 1024).toFixed(0)} kB -> ${(packed / 1024).toFixed(0)} kB`);
