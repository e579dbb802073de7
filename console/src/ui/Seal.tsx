// Proof as a seal: what a verdict or a record rests on, one click from its place in the tree.
import { Link } from 'react-router-dom';
import type { ProofReference } from '~/api/types';
import { useLanguage } from '~/i18n';

export type SealTone = 'plain' | 'match' | 'differ' | 'waiting';

export function SealIcon({ tone = 'plain', size = 18 }: { tone?: SealTone; size?: number }) {
  return (
    <svg
      className={`seal-icon seal-${tone}`}
      viewBox="0 0 24 24"
      width={size}
      height={size}
      aria-hidden="true"
    >
      <path
        className="seal-rim"
        d="M12 1.5l2.6 2 3.2-.5 1.2 3 3 1.2-.5 3.2 2 2.6-2 2.6.5 3.2-3 1.2-1.2 3-3.2-.5-2.6 2-2.6-2-3.2.5-1.2-3-3-1.2.5-3.2-2-2.6 2-2.6L2 7.2l3-1.2 1.2-3 3.2.5z"
        transform="translate(.9 .4) scale(.92)"
      />
      {tone === 'differ' ? (
        <path className="seal-mark" d="m9 9 6 6m0-6-6 6" />
      ) : tone === 'waiting' ? (
        <path className="seal-mark" d="M12 8v4.4l2.6 1.6" />
      ) : (
        <path className="seal-mark" d="m8.2 12.3 2.6 2.6 5-5.4" />
      )}
    </svg>
  );
}

export function SealLink({ seq, label }: { seq: number; label?: string }) {
  const { t } = useLanguage();
  return (
    <Link className="seal-link" to={`/proof/${seq}`} title={t('proof.open', { seq })}>
      <SealIcon />
      <span>{label ?? t('proof.record', { seq })}</span>
    </Link>
  );
}

// The newest proof of a verdict, and how many more there are.
export function Seals({ proof }: { proof: ProofReference[] }) {
  const { t } = useLanguage();
  const known = proof.filter((entry): entry is ProofReference & { seq: number } => entry.seq !== null);
  const first = known[0];
  if (!first) return <span className="muted">{t('proof.none')}</span>;
  return (
    <span className="seals">
      <SealLink seq={first.seq} />
      {known.length > 1 ? <span className="muted">+{known.length - 1}</span> : null}
    </span>
  );
}
