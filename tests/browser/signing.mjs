// Papers signed outside the hub, as officials do: a certificate authority of openssl's, and `luy paper sign`.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

function run(program, ...args) {
  const done = spawnSync(program, args, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${program} ${args[0]}: ${done.stderr}${done.stdout}`);
}

// The hub trusts the authority; gives the signer's certificate (PEM) and what signs a PDF file in its name.
export function signerOf(hub, name) {
  const folder = join(hub.folder, 'pki');
  const at = (file) => join(folder, file);
  mkdirSync(folder);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  run('openssl', 'req', '-x509', ...key, '-keyout', at('ca.key'), '-out', at('ca.pem'), '-subj', '/CN=Luy test CA', '-days', '30', '-addext', 'keyUsage=critical,keyCertSign,cRLSign');
  writeFileSync(at('extensions'), 'basicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature,nonRepudiation\n');
  const anchors = join(hub.data, 'trust', 'anchors');
  mkdirSync(anchors, { recursive: true });
  copyFileSync(at('ca.pem'), join(anchors, 'ca.pem'));
  const identity = (id, who) => {
    run('openssl', 'req', ...key, '-keyout', at(`${id}.key`), '-out', at(`${id}.csr`), '-subj', `/CN=${who}`);
    run('openssl', 'x509', '-req', '-in', at(`${id}.csr`), '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-out', at(`${id}.pem`), '-days', '30', '-extfile', at('extensions'));
    const certificate = readFileSync(at(`${id}.pem`), 'utf8');
    writeFileSync(at(`${id}.both`), readFileSync(at(`${id}.key`), 'utf8') + certificate);
    const sign = (from, to) => run(join(hub.bin, 'luy'), 'paper', 'sign', '--pdf', from, '--out', to, '--key-file', at(`${id}.both`), '--name', who);
    return { certificate, sign, at };
  };
  return { ...identity('one', name), another: (who) => identity('two', who) };
}
