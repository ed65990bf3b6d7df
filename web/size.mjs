// What the first page loads before anything else: the scripts that index.html names, compressed. More than the limit fails.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMIT_BYTES = 180_000;
const dist = new URL('./dist/', import.meta.url);
const page = readFileSync(new URL('index.html', dist), 'utf8');
const scripts = new Set([...page.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map(([, path]) => path));
let total = 0;
for (const path of scripts) total += gzipSync(readFileSync(new URL(path, dist)), { level: 9 }).length;
console.log(`${scripts.size} scripts of ${total} bytes at first, of ${LIMIT_BYTES} allowed`);
if (scripts.size === 0 || total > LIMIT_BYTES) process.exit(1);
