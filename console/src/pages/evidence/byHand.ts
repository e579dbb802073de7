// The commands with which somebody checks a day without Lũy (docs/format/evidence.md, verify-day.sh). Pure.
export interface Hand {
  day: string;
  origin: string; // The name under which the hub signs.
  signer: string | null; // C2SP verifier key that signed the closing checkpoint.
}

export interface HandStep {
  what: 'digest' | 'structure' | 'note' | 'signature' | 'stamp' | 'whole';
  command: string;
}

// What stands before the 32 bytes of an Ed25519 key in its file (RFC 8410), in the octal that every shell's printf knows.
const derHead = '\\060\\052\\060\\005\\006\\003\\053\\145\\160\\003\\041\\000';

export function handSteps({ day, origin, signer }: Hand): HandStep[] {
  const file = `${day}.sqlite`;
  const sqlite = `sqlite3 -readonly 'file:${file}?immutable=1'`;
  // A key may end in a "+".
  const key = signer?.split('+').slice(2).join('+');
  return [
    { what: 'digest', command: `sha256sum -c ${file}.sha256` },
    { what: 'structure', command: `${sqlite} 'PRAGMA integrity_check'` },
    {
      what: 'note',
      command: `${sqlite} "SELECT writefile('note', text) FROM note WHERE closing = 1" && cat note`,
    },
    ...(key
      ? [
          {
            what: 'signature' as const,
            command: [
              `sed '/^$/,$d' note > text`,
              `sed -n 's|^— ${origin} ||p' note | head -n 1 | base64 -d | tail -c +5 > signature`,
              `(printf '${derHead}'; echo '${key}' | base64 -d | tail -c 32) > key.der`,
              'openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey key.der -in text -sigfile signature',
            ].join('\n'),
          },
        ]
      : []),
    {
      what: 'stamp',
      command: `openssl ts -verify -token_in -in ${file}.tst -data note -CAfile authority.pem`,
    },
    { what: 'whole', command: `bash verify-day.sh ${file} vkey.txt` },
  ];
}

// The first line of a checkpoint is the name of its log.
export const byHandOrigin = (note: string | undefined): string => note?.split('\n')[0] ?? '';
