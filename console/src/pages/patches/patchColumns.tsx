// What an update that waits shows of itself, wherever it stands: package, versions, archive, age, what it mends, limit.
import { Link } from 'react-router-dom';
import type { PendingPatch } from '~/api/vulnerability';
import { useLanguage } from '~/i18n';
import type { Column } from '~/ui/DataTable';
import { formatDate, formatNumber } from '~/ui/format';
import { Time } from '~/ui/Time';
import { UrgencyTag } from '../vulnerabilities/UrgencyTag';
import { PatchStateTag } from './PatchStateTag';

const cvesShown = 2;

export function usePatchColumns<Row>(patchOf: (row: Row) => PendingPatch): Column<Row>[] {
  const { t, language } = useLanguage();
  return [
    {
      key: 'package',
      title: t('patches.package'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <code>{patchOf(row).package}</code>
          <span className="muted">{patchOf(row).archive}</span>
        </span>
      ),
    },
    {
      key: 'versions',
      title: t('patches.versions'),
      render: (row) => (
        <span className="two-lines">
          <code>{patchOf(row).installed}</code>
          <code>→ {patchOf(row).offered}</code>
        </span>
      ),
    },
    {
      key: 'urgency',
      title: t('patches.urgency'),
      width: 170,
      render: (row) => {
        const { urgency, cves, cve_count } = patchOf(row);
        return (
          <span className="two-lines">
            <UrgencyTag urgency={urgency} />
            <span className="value-list">
              {cves.slice(0, cvesShown).map((each) => (
                <Link key={each} to={`/vulnerabilities/${encodeURIComponent(each)}`}>
                  {each}
                </Link>
              ))}
              {cve_count > cvesShown ? (
                <span className="muted">+{formatNumber(cve_count - cvesShown, language)}</span>
              ) : null}
            </span>
          </span>
        );
      },
    },
    {
      key: 'age',
      title: t('patches.since'),
      width: 150,
      render: (row) => (
        <span className="two-lines">
          <Time at={patchOf(row).first_offered} />
          <span className="muted">
            {t('patches.days', {
              count: patchOf(row).age_days,
              number: formatNumber(patchOf(row).age_days, language),
            })}
          </span>
        </span>
      ),
    },
    {
      key: 'state',
      title: t('patches.state'),
      width: 190,
      render: (row) => {
        const { state, ends, exception } = patchOf(row);
        return (
          <span className="two-lines">
            <PatchStateTag state={state} />
            <span className="muted" title={exception?.reason}>
              {exception
                ? t('patches.excepted_until', { day: formatDate(exception.expires_on), by: exception.by })
                : t('patches.ends', { day: formatDate(ends) })}
            </span>
          </span>
        );
      },
    },
  ];
}
