// Checkpoints: what stands for all the logs up to a moment, who signed it, and whether the store still continues one that
// somebody kept elsewhere. This browser checks for itself.
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { Link } from 'react-router-dom';
import { useCheckpoints, useEvidenceKeys } from '~/api/checkpoints';
import type { CheckpointList, EvidenceKeys, LocalText } from '~/api/types';
import { useLanguage } from '~/i18n';
import { certifiedDay, parseVerifierKey } from '~/proof/note';
import { Copy } from '~/ui/Copy';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatDate, formatNumber } from '~/ui/format';
import { MoreRows } from '~/ui/MoreRows';
import { EmptyState, Loaded, Page, Section } from '~/ui/Page';
import { saveText } from '~/ui/saveText';
import { Age, Time, useNow } from '~/ui/Time';
import { Compare } from './Compare';
import { isLate, noteName } from './checkpoint';
import './checkpoints.css';

type Checkpoint = CheckpointList['items'][number];
type Key = EvidenceKeys['items'][number];
// A hub that watches its signing program says how that stands; else the age of the newest checkpoint tells.
type Signed = EvidenceKeys & { signer?: { alive: boolean; since: string; problem: LocalText | null } };

const save = (checkpoint: Checkpoint) =>
  saveText(noteName(checkpoint.size, checkpoint.signed_at), checkpoint.note, 'text/plain');

export default function CheckpointsPage() {
  const { t } = useLanguage();
  const query = useCheckpoints();
  const keys = useEvidenceKeys();
  const newest = query.data?.pages[0]?.[0];
  return (
    <Page
      title={t('nav.checkpoints')}
      lead={t('checkpoint.lead')}
      extra={newest ? <Button onClick={() => save(newest)}>{t('checkpoint.save_newest')}</Button> : undefined}
      updatedAt={query.dataUpdatedAt}
    >
      {newest ? <Newest newest={newest} keys={keys.data} /> : null}
      <Section title={t('compare.title')}>
        <Compare />
      </Section>
      <Section title={t('checkpoint.list')}>
        <Loaded query={query} rows={6}>
          {(data) => <Checkpoints rows={data.pages.flat()} after={<MoreRows query={query} />} />}
        </Loaded>
      </Section>
      <Section title={t('signing_key.title')}>
        <p className="checkpoint-help">{t('signing_key.help')}</p>
        <Loaded query={keys} rows={4}>
          {(known) => <Keys known={known} />}
        </Loaded>
      </Section>
    </Page>
  );
}

function Newest({ newest, keys }: { newest: Checkpoint; keys: Signed | undefined }) {
  const { t, local, language } = useLanguage();
  const now = useNow();
  const root = keys?.root;
  const signer = keys?.signer;
  const late = signer ? !signer.alive : isLate(newest.signed_at, now);
  return (
    <dl className="facts facts-row">
      <div>
        <dt>{t('checkpoint.newest')}</dt>
        <dd>
          <Time at={newest.signed_at} seconds />
        </dd>
      </div>
      <div>
        <dt>{t('checkpoint.size')}</dt>
        <dd>{formatNumber(newest.size, language)}</dd>
      </div>
      <div>
        <dt>{t('log_signer.title')}</dt>
        <dd className={late ? 'checkpoint-late' : undefined}>
          {late ? (
            <>
              <strong>{signer?.problem ? local(signer.problem) : t('log_signer.late')}</strong> (
              <Age at={newest.signed_at} />)
            </>
          ) : (
            t('log_signer.good')
          )}
        </dd>
      </div>
      {root ? (
        <div>
          <dt>{t('proof.root_key')}</dt>
          <dd className="checkpoint-key">
            <code className="wrap">{root}</code> <Copy text={root} />
            <span className="muted">{t('signing_key.root_help')}</span>
          </dd>
        </div>
      ) : null}
    </dl>
  );
}

function Checkpoints({ rows, after }: { rows: Checkpoint[]; after: React.ReactNode }) {
  const { t, language } = useLanguage();
  const columns: Column<Checkpoint>[] = [
    {
      key: 'at',
      title: t('checkpoint.signed_at'),
      primary: true,
      width: 180,
      render: (row) => <Time at={row.signed_at} seconds />,
    },
    {
      key: 'size',
      title: t('checkpoint.size'),
      align: 'right',
      width: 170,
      render: (row) =>
        row.size > 0 ? (
          <Link to={`/proof/${row.size - 1}`}>{formatNumber(row.size, language)}</Link>
        ) : (
          formatNumber(0, language)
        ),
    },
    {
      key: 'what',
      title: t('checkpoint.what'),
      render: (row) => (row.closing ? <strong>{t('checkpoint.closing')}</strong> : t('checkpoint.running')),
    },
    {
      key: 'key',
      title: t('checkpoint.key'),
      render: (row) =>
        row.signer === null ? (
          <strong>{t('checkpoint.no_key')}</strong>
        ) : row.key_day ? (
          t('checkpoint.key_of', { day: formatDate(row.key_day) })
        ) : (
          t('proof.root_key')
        ),
    },
    {
      key: 'root',
      title: t('proof.root'),
      hideNarrow: true,
      render: (row) => <code title={row.root}>{row.root.slice(0, 16)}…</code>,
    },
    {
      key: 'act',
      title: <span className="visually-hidden">{t('checkpoint.save')}</span>,
      align: 'right',
      width: 110,
      render: (row) => (
        <Button size="small" onClick={() => save(row)}>
          {t('checkpoint.save')}
          <span className="visually-hidden"> {formatNumber(row.size, language)}</span>
        </Button>
      ),
    },
  ];
  return (
    <DataTable
      label={t('checkpoint.list')}
      columns={columns}
      rows={rows}
      rowKey={(row) => `${row.size} ${row.signed_at}`}
      empty={<EmptyState why={t('checkpoint.none')} />}
      after={after}
    />
  );
}

// Which keys this browser finds certified, by the certificates themselves.
function useCertified(known: EvidenceKeys): ReadonlyMap<string, boolean> {
  const [found, setFound] = useState<ReadonlyMap<string, boolean>>(new Map());
  useEffect(() => {
    let current = true;
    const check = async () => {
      const root = await parseVerifierKey(known.root);
      const certificates = known.items.map((each) => each.certificate);
      const all = new Map<string, boolean>();
      for (const each of known.items) {
        if (each.kind !== 'day') continue;
        const key = await parseVerifierKey(each.vkey);
        all.set(each.vkey, (await certifiedDay(root, key, certificates)) === each.day);
      }
      return all;
    };
    void check()
      .catch(() => new Map<string, boolean>())
      .then((all) => current && setFound(all));
    return () => {
      current = false;
    };
  }, [known]);
  return found;
}

function Keys({ known }: { known: EvidenceKeys }) {
  const { t } = useLanguage();
  const certified = useCertified(known);
  const columns: Column<Key>[] = [
    {
      key: 'day',
      title: t('evidence.day'),
      primary: true,
      width: 150,
      render: (row) => formatDate(row.day),
    },
    {
      key: 'kind',
      title: t('checkpoint.what'),
      width: 260,
      render: (row) => t(`signing_key.${row.kind}`),
    },
    {
      key: 'certified',
      title: t('signing_key.certified'),
      width: 190,
      render: (row) =>
        row.kind === 'successor' ? (
          <span className="muted">{t('signing_key.passes_on')}</span>
        ) : certified.has(row.vkey) ? (
          certified.get(row.vkey) ? (
            t('signing_key.right')
          ) : (
            <strong>{t('signing_key.wrong')}</strong>
          )
        ) : (
          <span className="muted">…</span>
        ),
    },
    {
      key: 'vkey',
      title: t('proof.public_key'),
      render: (row) => (
        <span className="checkpoint-vkey">
          <code title={row.vkey}>{row.vkey.slice(0, 40)}…</code> <Copy text={row.vkey} />
        </span>
      ),
    },
  ];
  return (
    <DataTable
      label={t('signing_key.title')}
      columns={columns}
      rows={known.items}
      rowKey={(row) => `${row.kind} ${row.vkey}`}
      empty={<EmptyState why={t('signing_key.none')} />}
    />
  );
}
