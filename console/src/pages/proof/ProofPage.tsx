// The seal opened: the record, its hashed bytes, the way up the tree, the signed root, the key; and what this browser
// itself found when it computed all of it again.
import { Alert, Button } from 'antd';
import { useEffect, useState } from 'react';
import { Link, useParams } from 'react-router-dom';
import { ApiError } from '~/api/client';
import { useProof } from '~/api/queries';
import type { Proof } from '~/api/types';
import { useLanguage } from '~/i18n';
import { cosignedAt, parseWitnessKey } from '~/proof/cosignature';
import { chainOf, parseCheckpoint } from '~/proof/note';
import { type Outcome, type Verification, verifyProof } from '~/proof/verify';
import { Copy } from '~/ui/Copy';
import { formatDate, formatNumber } from '~/ui/format';
import { EmptyState, Loaded, Loading, Page } from '~/ui/Page';
import { SealIcon } from '~/ui/Seal';
import { Time } from '~/ui/Time';
import { EraseRecord } from './EraseRecord';
import { MerklePath } from './MerklePath';
import { RecordView } from './RecordView';
import './proof.css';

interface Witnesses {
  witnesses?: { name: string; vkey: string; cosigned_at: string }[];
}

export default function ProofPage() {
  const { t } = useLanguage();
  const { seq: text = '' } = useParams();
  const seq = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isNaN(seq) ? (
    <Page title={t('proof.title_plain')}>
      <EmptyState why={t('proof.bad_number')} action={<Link to="/logs">{t('nav.logs')}</Link>} />
    </Page>
  ) : (
    <ProofOf seq={seq} key={seq} />
  );
}

function ProofOf({ seq }: { seq: number }) {
  const { t, language } = useLanguage();
  const query = useProof(seq);
  const code = query.error instanceof ApiError ? query.error.code : '';
  const waiting = code === 'evidence.not_covered';
  return (
    <Page
      title={t('proof.title', { seq: formatNumber(seq, language) })}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/logs">{t('nav.logs')}</Link>
        </nav>
      }
    >
      {waiting ? (
        <Alert type="info" showIcon title={t('proof.not_covered')} />
      ) : code === 'evidence.withheld' ? (
        <EmptyState
          why={t('proof.erased')}
          action={<Link to="/evidence?tab=erasures">{t('proof.see_erasures')}</Link>}
        />
      ) : (
        <Loaded query={query} rows={12}>
          {(proof) => <Verified proof={proof} seq={seq} />}
        </Loaded>
      )}
    </Page>
  );
}

function Verified({ proof, seq }: { proof: Proof; seq: number }) {
  const [result, setResult] = useState<Verification | null>(null);
  useEffect(() => {
    let current = true;
    setResult(null);
    void verifyProof(proof, seq).then((found) => current && setResult(found));
    return () => {
      current = false;
    };
  }, [proof, seq]);
  if (!result) return <Loading rows={10} />;
  return (
    <>
      <Verdict result={result} proof={proof} />
      <Steps result={result} proof={proof} />
      {proof.event?.agency ? <EraseRecord agency={proof.event.agency} seq={seq} /> : null}
    </>
  );
}

function Verdict({ result, proof }: { result: Verification; proof: Proof }) {
  const { t, language } = useLanguage();
  const tone = result.outcome === 'match' ? 'match' : result.outcome === 'differ' ? 'differ' : 'waiting';
  return (
    <section className={`proof-verdict proof-${result.outcome}`} data-outcome={result.outcome} role="status">
      <SealIcon tone={tone} size={72} />
      <div>
        <p className="proof-word">{t(`proof.outcome_${result.outcome}`)}</p>
        <p>{t(`proof.outcome_${result.outcome}_help`, { size: formatNumber(proof.tree_size, language) })}</p>
        {proof.verified ? null : <p className="proof-hub-differs">{t('proof.hub_differs')}</p>}
      </div>
      <Copy text={JSON.stringify(proof, null, 2)} label={t('proof.copy_json')} />
    </section>
  );
}

function StepHead({ number, title, outcome }: { number: number; title: string; outcome: Outcome | null }) {
  const { t } = useLanguage();
  return (
    <header className="step-head">
      <span className="step-number" aria-hidden="true">
        {number}
      </span>
      <h2>{title}</h2>
      {outcome ? (
        <span className={`step-outcome proof-${outcome}`} data-outcome={outcome}>
          <span aria-hidden="true">{outcome === 'match' ? '✓' : outcome === 'differ' ? '✕' : '?'}</span>
          {t(`proof.step_${outcome}`)}
        </span>
      ) : null}
    </header>
  );
}

function Steps({ result, proof }: { result: Verification; proof: Proof }) {
  const { t, language } = useLanguage();
  const [showBytes, setShowBytes] = useState(false);
  const { steps } = result;
  return (
    <ol className="steps">
      <li>
        <StepHead number={1} title={t('proof.step_record')} outcome={steps.record} />
        <p className="step-what">{t(proof.event ? 'proof.step_record_help' : 'proof.withheld')}</p>
        {proof.event ? <RecordView event={proof.event} /> : null}
      </li>
      <li>
        <StepHead number={2} title={t('proof.step_leaf')} outcome={steps.leaf} />
        <p className="step-what">{t('proof.step_leaf_help')}</p>
        <Hash name={t('proof.leaf_hash')} value={proof.leaf_hash} />
        {result.computedLeaf === proof.leaf_hash ? null : (
          <Hash name={t('proof.leaf_computed')} value={result.computedLeaf} />
        )}
        {proof.leaf_data === null ? null : (
          <Button size="small" aria-expanded={showBytes} onClick={() => setShowBytes(!showBytes)}>
            {showBytes ? t('proof.hide_bytes') : t('proof.show_bytes')}
          </Button>
        )}
        {showBytes ? <pre className="raw">{proof.leaf_data}</pre> : null}
      </li>
      <li>
        <StepHead number={3} title={t('proof.step_path')} outcome={steps.path} />
        <p className="step-what">
          {t('proof.step_path_help', {
            count: proof.path.length,
            number: formatNumber(proof.path.length, language),
            size: formatNumber(proof.tree_size, language),
          })}
        </p>
        <MerklePath proof={proof} levels={result.levels} />
      </li>
      <li>
        <StepHead number={4} title={t('proof.step_checkpoint')} outcome={steps.checkpoint} />
        <p className="step-what">{t('proof.step_checkpoint_help')}</p>
        <pre className="raw">{proof.checkpoint}</pre>
      </li>
      <li>
        <StepHead number={5} title={t('proof.step_signature')} outcome={steps.signature} />
        <p className="step-what">
          {steps.signature === 'unsupported' ? t('proof.no_ed25519') : t('proof.step_signature_help')}
        </p>
        <KeyChain proof={proof} />
      </li>
      <Witnessed proof={proof} />
    </ol>
  );
}

// Who vouches for the key that signed, from the key of the installation down to the key of the day.
function KeyChain({ proof }: { proof: Proof }) {
  const { t } = useLanguage();
  return (
    <ol className="key-chain">
      <li>
        <Hash name={t('proof.root_key')} value={proof.root_key} />
      </li>
      {chainOf(proof.certificates).map((link) => (
        <li key={link.vkey}>
          <Hash
            name={t(link.kind === 'day' ? 'proof.chain_day' : 'proof.chain_successor', {
              day: formatDate(link.day),
            })}
            value={link.vkey}
          />
        </li>
      ))}
    </ol>
  );
}

// Who else saw the checkpoint, as this browser finds by their keys.
function Witnessed({ proof }: { proof: Proof & Witnesses }) {
  const { t } = useLanguage();
  const found = useCosigned(proof);
  if (!proof.witnesses) return null;
  return (
    <li>
      <StepHead number={6} title={t('proof.step_witness')} outcome={null} />
      <p className="step-what">{t('proof.step_witness_help')}</p>
      {proof.witnesses.length > 0 ? (
        <ul className="cosignatures">
          {proof.witnesses.map((each) => {
            const at = found.get(each.vkey);
            return (
              <li key={each.vkey}>
                <strong>{each.name}</strong>
                {typeof at === 'number' ? (
                  <>
                    <Time at={new Date(at * 1000).toISOString()} seconds />
                    <span>{t('proof.cosignature_right')}</span>
                  </>
                ) : at === undefined ? null : (
                  <strong>{t(at === null ? 'proof.step_unsupported' : 'proof.cosignature_wrong')}</strong>
                )}
              </li>
            );
          })}
        </ul>
      ) : (
        <p className="muted">{t('proof.no_cosignature')}</p>
      )}
    </li>
  );
}

// By the key of each witness: when it signed, false when it did not, null when this browser cannot tell.
function useCosigned(proof: Proof & Witnesses): ReadonlyMap<string, number | false | null> {
  const [found, setFound] = useState<ReadonlyMap<string, number | false | null>>(new Map());
  useEffect(() => {
    let current = true;
    const check = async (vkey: string) => {
      try {
        return await cosignedAt(parseCheckpoint(proof.checkpoint), await parseWitnessKey(vkey));
      } catch {
        return false;
      }
    };
    void Promise.all(
      (proof.witnesses ?? []).map(async ({ vkey }) => [vkey, await check(vkey)] as const),
    ).then((all) => current && setFound(new Map(all)));
    return () => {
      current = false;
    };
  }, [proof]);
  return found;
}

function Hash({ name, value }: { name: string; value: string }) {
  return (
    <p className="hash">
      <span>{name}</span>
      <code>{value}</code>
      <Copy text={value} />
    </p>
  );
}
