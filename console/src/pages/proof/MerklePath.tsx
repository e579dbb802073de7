// The way from the leaf to the root, drawn as a ladder: at each rung the hash so far meets its neighbour, on the side
// where it stands. The drawing is described in words for those who do not see it.
import type { Proof } from '~/api/types';
import { useLanguage } from '~/i18n';
import { Copy } from '~/ui/Copy';

const short = (hash: string) => `${hash.slice(0, 10)}…${hash.slice(-6)}`;

// Where the own hash of a rung stands, in the drawing's units: left, right, or the root's middle.
const columnOf = (rung: { side: 'left' | 'right' } | undefined) =>
  rung ? (rung.side === 'right' ? 105 : 339) : 222;

export function MerklePath({ proof, levels }: { proof: Proof; levels: string[] }) {
  const { t } = useLanguage();
  const root = levels.at(-1) ?? '';
  // From the root down, as a tree is drawn.
  const rungs = proof.path.map((step, index) => ({ ...step, index, own: levels[index] ?? '' })).reverse();
  return (
    <div className="merkle">
      <ol className="merkle-ladder" aria-label={t('proof.path_drawn')}>
        <li className="merkle-node merkle-root">
          <span className="merkle-name">{t('proof.root')}</span>
          <code title={root}>{short(root)}</code>
          <span className={root === proof.root ? 'proof-match' : 'proof-differ'}>
            {root === proof.root ? t('proof.root_same') : t('proof.root_differs')}
          </span>
        </li>
        {rungs.map((rung, place) => (
          <li key={rung.index} className="merkle-rung">
            <svg viewBox="0 0 444 24" className="merkle-lines" aria-hidden="true" preserveAspectRatio="none">
              <path d={`M${columnOf(rungs[place - 1])} 0v10M105 24V10h234v14`} />
            </svg>
            <span className="merkle-pair">
              {rung.side === 'left' ? <Neighbour hash={rung.hash} side="left" level={rung.index} /> : null}
              <span className="merkle-node merkle-own">
                <span className="merkle-name">
                  {rung.index === 0 ? t('proof.leaf') : t('proof.level', { level: rung.index })}
                </span>
                <code title={rung.own}>{short(rung.own)}</code>
              </span>
              {rung.side === 'right' ? <Neighbour hash={rung.hash} side="right" level={rung.index} /> : null}
            </span>
          </li>
        ))}
      </ol>
      <p className="hash">
        <span>{t('proof.root')}</span>
        <code>{proof.root}</code>
        <Copy text={proof.root} />
      </p>
    </div>
  );
}

function Neighbour({ hash, side, level }: { hash: string; side: 'left' | 'right'; level: number }) {
  const { t } = useLanguage();
  return (
    <span className="merkle-node merkle-other">
      <span className="merkle-name">{t(`proof.neighbour_${side}`, { level })}</span>
      <code title={hash}>{short(hash)}</code>
    </span>
  );
}
