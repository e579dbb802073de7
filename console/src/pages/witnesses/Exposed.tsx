// Two signed notes that cannot both be true: proof that a tree was put back, or has two histories. Shown side by side.
import { Button } from 'antd';
import type { Witnessing, WitnessProof } from '~/api/custodyTypes';
import { useLanguage } from '~/i18n';
import { formatNumber } from '~/ui/format';
import { Section } from '~/ui/Page';
import { StateIcon } from '~/ui/StateTag';
import { saveText } from '~/ui/saveText';
import { Time } from '~/ui/Time';
import { sizeOf } from './witness';

export function Exposed({ proofs, known }: { proofs: WitnessProof[]; known: Witnessing }) {
  const { t } = useLanguage();
  return (
    <Section title={t('witness.exposed')}>
      <ul className="witness-proofs">
        {proofs.map((proof) => (
          <li key={proof.id} data-proof={proof.kind}>
            <Two proof={proof} known={known} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Two({ proof, known }: { proof: WitnessProof; known: Witnessing }) {
  const { t, language } = useLanguage();
  const ours = proof.side === 'ours';
  const whose = ours
    ? t('witness.this_hub')
    : (known.origins.find((each) => each.origin === proof.origin)?.name ?? proof.origin);
  const size = (note: string) => {
    const found = sizeOf(note);
    return found === null ? t('witness.unreadable') : formatNumber(found, language);
  };
  const text = [proof.cosigned, proof.submitted].filter(Boolean).join('\n\n');
  return (
    <article>
      <h3>
        <span className="state-violated">
          <StateIcon state="violated" />
        </span>
        {t(`witness_proof.${proof.kind}`, { whose })}
      </h3>
      <p>
        {t(`witness_proof_why.${proof.kind}`, {
          cosigned: size(proof.cosigned),
          submitted: size(proof.submitted),
        })}
      </p>
      <p className="muted">
        {t('witness.found')} <Time at={proof.found_at} seconds /> ·{' '}
        {t('witness.by_key', { name: proof.witness })}
      </p>
      <div className="witness-two">
        <figure>
          <figcaption>{t('witness.note_cosigned')}</figcaption>
          <pre className="raw">{proof.cosigned || t('witness.note_unknown')}</pre>
        </figure>
        <figure>
          <figcaption>{t('witness.note_submitted')}</figcaption>
          <pre className="raw">{proof.submitted}</pre>
        </figure>
      </div>
      <p>{t(ours ? 'witness.what_now_ours' : 'witness.what_now_theirs')}</p>
      <Button size="small" onClick={() => saveText(`hai-moc-ky-${proof.id}.txt`, text, 'text/plain')}>
        {t('witness.save_both')}
      </Button>
    </article>
  );
}
