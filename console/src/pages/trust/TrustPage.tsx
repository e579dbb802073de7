// What digital signatures are checked against, and how fresh it is: roots, issuers, lists of revoked certificates.
import type { ReactNode } from 'react';
import type { SignatureTrust, TrustCertificate } from '~/api/caseworkTypes';
import { useMay } from '~/api/queries';
import { useRefreshTrust, useTrust } from '~/api/trust';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Loaded, Page, Section } from '~/ui/Page';
import { StateIcon } from '~/ui/StateTag';
import { Age, DateOnly, Time, useNow } from '~/ui/Time';
import { commonName, lookOf } from './trust';

export default function TrustPage() {
  const { t } = useLanguage();
  const query = useTrust();
  const refresh = useRefreshTrust();
  const may = useMay('account_manage');
  const hosts = query.data?.fetch.allowed_hosts.length;
  return (
    <Page
      title={t('nav.trust')}
      lead={t('trust.lead')}
      extra={
        <MayButton
          type="primary"
          loading={refresh.isPending}
          whyNot={!may ? t('trust.refresh_who') : hosts === 0 ? t('trust.refresh_nowhere') : null}
          onClick={() => refresh.mutate()}
        >
          {t('trust.refresh')}
        </MayButton>
      }
      updatedAt={query.dataUpdatedAt}
    >
      {refresh.error ? <ErrorNote error={refresh.error} /> : null}
      <Loaded query={query} rows={8}>
        {(trust) => (
          <>
            <Sources trust={trust} />
            <Certificates title={t('trust.anchors')} rows={trust.anchors} empty={t('trust.no_anchors')} />
            <Certificates title={t('trust.issuers')} rows={trust.issuers} empty={t('trust.no_issuers')} />
            <Lists trust={trust} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Sources({ trust }: { trust: SignatureTrust }) {
  const { t, local } = useLanguage();
  const { fetch } = trust;
  const said = (good: boolean, text: ReactNode) => (
    <span className={`truth state-${good ? 'kept' : 'unknown'}`}>
      <StateIcon state={good ? 'kept' : 'unknown'} /> {text}
    </span>
  );
  return (
    <Section title={t('trust.sources')}>
      {fetch.problem ? (
        <p className="truth state-violated" role="status">
          <StateIcon state="violated" /> {local(fetch.problem)}
        </p>
      ) : null}
      <dl className="facts">
        <dt>{t('trust.hosts')}</dt>
        <dd>{fetch.allowed_hosts.length > 0 ? fetch.allowed_hosts.join(', ') : t('trust.no_hosts')}</dd>
        <dt>{t('trust.last')}</dt>
        <dd>{fetch.allowed_hosts.length > 0 ? <Age at={fetch.last_at} /> : t('trust.by_hand')}</dd>
        <dt>{t('trust.where')}</dt>
        <dd className="wrap">{t('trust.folders')}</dd>
        <dt>OCSP</dt>
        <dd>{said(trust.ocsp.enabled, t(trust.ocsp.enabled ? 'trust.ocsp_on' : 'trust.ocsp_off'))}</dd>
        <dt>{t('trust.time_stamp')}</dt>
        <dd>{said(trust.time_stamp.url !== null, trust.time_stamp.url ?? t('trust.no_time_stamp'))}</dd>
      </dl>
    </Section>
  );
}

function Certificates({ title, rows, empty }: { title: string; rows: TrustCertificate[]; empty: string }) {
  const { t } = useLanguage();
  const now = useNow();
  const columns: Column<TrustCertificate>[] = [
    {
      key: 'subject',
      title: t('trust.subject'),
      primary: true,
      render: (row) => (
        <span className="two-lines wrap">
          <span title={row.subject}>{commonName(row.subject)}</span>
          <span className="muted" title={row.issuer}>
            {t('signer.issuer', { name: commonName(row.issuer) })}
          </span>
        </span>
      ),
    },
    {
      key: 'valid',
      title: t('signer.valid'),
      width: 230,
      render: (row) => {
        const state = lookOf(row, now);
        return (
          <span className={`truth state-${state}`}>
            <StateIcon state={state} label={t(`trust_valid.${state}`)} />
            <DateOnly at={row.not_before} /> – <DateOnly at={row.not_after} />
          </span>
        );
      },
    },
    {
      key: 'sha256',
      title: 'SHA-256',
      width: 330,
      render: (row) => <code className="wrap trust-hash">{row.sha256}</code>,
    },
  ];
  return (
    <Section title={title}>
      <DataTable
        label={title}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.sha256}
        empty={<EmptyState why={empty} />}
      />
    </Section>
  );
}

function Lists({ trust }: { trust: SignatureTrust }) {
  const { t } = useLanguage();
  type Row = SignatureTrust['crls'][number];
  const columns: Column<Row>[] = [
    {
      key: 'issuer',
      title: t('trust.issuer'),
      primary: true,
      render: (row) => <span title={row.issuer}>{commonName(row.issuer)}</span>,
    },
    {
      key: 'this',
      title: t('trust.this_update'),
      width: 160,
      render: (row) => <Time at={row.this_update} />,
    },
    {
      key: 'next',
      title: t('trust.next_update'),
      width: 200,
      render: (row) => (
        <span className={`truth state-${row.stale ? 'violated' : 'kept'}`}>
          <StateIcon
            state={row.stale ? 'violated' : 'kept'}
            label={t(row.stale ? 'trust.stale' : 'trust.fresh')}
          />
          <Time at={row.next_update} />
        </span>
      ),
    },
    { key: 'source', title: t('trust.source'), render: (row) => <span className="wrap">{row.source}</span> },
  ];
  return (
    <Section title={t('trust.crls')}>
      <DataTable
        label={t('trust.crls')}
        columns={columns}
        rows={trust.crls}
        rowKey={(row) => `${row.issuer} ${row.source}`}
        empty={<EmptyState why={t('trust.no_crls')} />}
      />
    </Section>
  );
}
