// Known vulnerabilities of one machine, each with the sentence that says why.
import { Link } from 'react-router-dom';
import type { VulnerabilityMatch } from '~/api/vulnerability';
import { useLanguage } from '~/i18n';
import { DataTable } from '~/ui/DataTable';
import { EmptyState } from '~/ui/Page';
import { Time } from '~/ui/Time';
import { UrgencyTag } from '../vulnerabilities/UrgencyTag';

export function Matches({ matches, empty }: { matches: VulnerabilityMatch[]; empty: string }) {
  const { t, local } = useLanguage();
  return (
    <DataTable
      label={t('nav.vulnerabilities')}
      rows={matches}
      rowKey={(row) => `${row.cve} ${row.source} ${row.version}`}
      columns={[
        {
          key: 'cve',
          title: t('vulnerabilities.cve'),
          primary: true,
          width: 280,
          render: (row) => (
            <span className="two-lines">
              <Link to={`/vulnerabilities/${encodeURIComponent(row.cve)}`}>{row.cve}</Link>
              <span className="muted">{row.description}</span>
            </span>
          ),
        },
        {
          key: 'urgency',
          title: t('vulnerabilities.urgency'),
          width: 140,
          render: (row) => <UrgencyTag urgency={row.urgency} />,
        },
        {
          key: 'why',
          title: t('vulnerabilities.why'),
          render: (row) => (
            <span className="two-lines">
              <span>{local(row.why)}</span>
              <span className="muted">
                {row.packages.map((each) => each.name).join(', ')} ·{' '}
                {t('vulnerabilities.by_list', { name: row.list })}
              </span>
            </span>
          ),
        },
        {
          key: 'since',
          title: t('vulnerabilities.since'),
          width: 160,
          render: (row) => <Time at={row.since} />,
        },
      ]}
      empty={<EmptyState why={empty} />}
    />
  );
}
