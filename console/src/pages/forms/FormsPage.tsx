// Forms of official papers: which are the pack's own, which the town has changed, when and by whom.
import { Link, useNavigate } from 'react-router-dom';
import type { FormSummary } from '~/api/caseworkTypes';
import { useForms } from '~/api/forms';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatNumber } from '~/ui/format';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { DateOnly } from '~/ui/Time';
import './forms.css';

export default function FormsPage() {
  const { t, local, language } = useLanguage();
  const navigate = useNavigate();
  const query = useForms();
  const columns: Column<FormSummary>[] = [
    {
      key: 'title',
      title: t('paper.form'),
      primary: true,
      render: (row) => <Link to={`/forms/${row.id}`}>{local(row.title)}</Link>,
    },
    {
      key: 'kind',
      title: t('forms.kind'),
      width: 130,
      render: (row) => (row.kind ? <code>{row.kind}</code> : t('forms.letter')),
    },
    {
      key: 'version',
      title: t('forms.version'),
      width: 120,
      render: (row) => formatNumber(row.version, language),
    },
    { key: 'own', title: t('forms.origin'), width: 200, render: (row) => <Origin own={row.own} /> },
    {
      key: 'changed',
      title: t('forms.changed'),
      width: 240,
      render: (row) =>
        row.changed_at ? (
          <>
            <DateOnly at={row.changed_at} /> · {row.changed_by}
          </>
        ) : (
          <span className="muted">–</span>
        ),
    },
  ];
  return (
    <Page title={t('nav.forms')} lead={t('forms.lead')} updatedAt={query.dataUpdatedAt}>
      <Loaded query={query} rows={8}>
        {(rows) => (
          <DataTable
            label={t('nav.forms')}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.id}
            onOpen={(row) => navigate(`/forms/${row.id}`)}
            empty={<EmptyState why={t('forms.none')} />}
          />
        )}
      </Loaded>
    </Page>
  );
}

export function Origin({ own }: { own: boolean }) {
  const { t } = useLanguage();
  return <span className={own ? 'forms-own' : 'muted'}>{t(own ? 'forms.own' : 'forms.of_pack')}</span>;
}
