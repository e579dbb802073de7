// Lays a compressed form beside each text file of dist/; the hub serves it to browsers that take gzip.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const smallest = 1024;

function visit(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) visit(path);
    else if (/\.(js|css|html|svg|json)$/.test(name) && statSync(path).size >= smallest) {
      writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
    }
  }
}
visit(fileURLToPath(new URL('../dist', import.meta.url)));
