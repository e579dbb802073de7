// Where people may sign in from beside Lũy's own accounts.
import { useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { type Source, type SourceKind, useSources } from '~/api/sources';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { Age } from '~/ui/Time';
import { SourceForm } from './SourceForm';
import '../agencies/agencies.css';
import './sources.css';

export default function SourcesPage() {
  const { t } = useLanguage();
  const navigate = useNavigate();
  const query = useSources();
  const [adding, setAdding] = useState<SourceKind | null>(null);
  const columns = useColumns();
  return (
    <Page
      title={t('nav.sources')}
      lead={t('source.lead')}
      extra={
        <>
          <MayButton action="source_manage" onClick={() => setAdding('ldap')}>
            {t('source.add_ldap')}
          </MayButton>
          <MayButton action="source_manage" onClick={() => setAdding('oidc')}>
            {t('source.add_oidc')}
          </MayButton>
        </>
      }
      updatedAt={query.dataUpdatedAt}
    >
      <Loaded query={query} rows={3}>
        {(list) => (
          <DataTable
            label={t('nav.sources')}
            columns={columns}
            rows={list}
            rowKey={(row) => row.id}
            onOpen={(row) => navigate(`/sources/${row.id}`)}
            empty={<EmptyState why={t('source.none')} />}
          />
        )}
      </Loaded>
      {adding ? <SourceForm kind={adding} source={null} onClose={() => setAdding(null)} /> : null}
    </Page>
  );
}

export function SourceState({ source }: { source: Source }) {
  const { t, local } = useLanguage();
  if (!source.enabled) return <span className="muted">{t('source.off')}</span>;
  return source.problem ? <span className="overdue wrap">{local(source.problem)}</span> : t('source.on');
}

function useColumns(): Column<Source>[] {
  const { t } = useLanguage();
  return [
    {
      key: 'name',
      title: t('source.name'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <Link to={`/sources/${row.id}`}>{row.name}</Link>
          <span className="muted">{t(`source_kind.${row.kind}`)}</span>
        </span>
      ),
    },
    { key: 'agency', title: t('source.agency'), render: (row) => row.agency.name },
    { key: 'state', title: t('people.state'), render: (row) => <SourceState source={row} /> },
    {
      key: 'sync',
      title: t('source.last_sync'),
      width: 170,
      render: (row) => (row.kind === 'ldap' ? <Age at={row.last_sync} /> : '–'),
    },
  ];
}
