// The lists that were brought in: their day, digest and what they speak of.
import { Button } from 'antd';
import { useState } from 'react';
import {
  useRemoveVulnerabilityList,
  useVulnerabilityLists,
  type VulnerabilityList,
} from '~/api/vulnerability';
import { useLanguage } from '~/i18n';
import { DataTable } from '~/ui/DataTable';
import { FormModal } from '~/ui/FormModal';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded } from '~/ui/Page';
import { DateOnly, Time } from '~/ui/Time';
import { ListImport } from './ListImport';

export function Lists() {
  const { t, language } = useLanguage();
  const query = useVulnerabilityLists();
  const [removing, setRemoving] = useState<VulnerabilityList | null>(null);
  const [importing, setImporting] = useState(false);
  return (
    <Loaded query={query} rows={4}>
      {(lists) => (
        <>
          <div className="filters">
            <p className="muted">
              {t('vulnerabilities.lists_help', {
                count: lists.age_days_max,
                number: formatNumber(lists.age_days_max, language),
              })}
            </p>
            <span className="filters-end">
              <MayButton action="vulnerability_manage" type="primary" onClick={() => setImporting(true)}>
                {t('vulnerabilities.import')}
              </MayButton>
            </span>
          </div>
          <DataTable
            label={t('vulnerabilities.tab_lists')}
            rows={lists.items}
            rowKey={(row) => row.id}
            columns={[
              {
                key: 'name',
                title: t('vulnerabilities.name'),
                primary: true,
                render: (row) => (
                  <span className="two-lines">
                    <span>{row.name}</span>
                    <span className="muted">
                      {t(`vulnerabilities.format_${row.format}`)} · {row.releases.join(', ')}
                    </span>
                  </span>
                ),
              },
              {
                key: 'dated',
                title: t('vulnerabilities.dated'),
                width: 150,
                render: (row) => (
                  <span className="two-lines">
                    <DateOnly at={row.dated} />
                    {row.stale ? <strong className="overdue">{t('vulnerabilities.stale')}</strong> : null}
                  </span>
                ),
              },
              {
                key: 'entries',
                title: t('vulnerabilities.entries'),
                width: 150,
                align: 'right',
                render: (row) => (
                  <span className="two-lines">
                    <span>{formatNumber(row.entries, language)}</span>
                    {row.passed_over > 0 ? (
                      <span className="muted">
                        {t('vulnerabilities.passed_over', {
                          count: row.passed_over,
                          number: formatNumber(row.passed_over, language),
                        })}
                      </span>
                    ) : null}
                  </span>
                ),
              },
              {
                key: 'imported',
                title: t('vulnerabilities.imported'),
                width: 210,
                render: (row) => (
                  <span className="two-lines">
                    <Time at={row.imported_at} />
                    <span className="muted">{row.imported_by}</span>
                  </span>
                ),
              },
              {
                key: 'sha256',
                title: 'SHA-256',
                width: 170,
                hideNarrow: true,
                render: (row) => <code title={row.sha256}>{row.sha256.slice(0, 16)}…</code>,
              },
              {
                key: 'act',
                title: <span className="visually-hidden">{t('vulnerabilities.remove')}</span>,
                width: 110,
                align: 'right',
                render: (row) => (
                  <MayButton
                    action="vulnerability_manage"
                    size="small"
                    whyNot={row.source.startsWith('folder:') ? t('vulnerabilities.of_folder') : null}
                    onClick={() => setRemoving(row)}
                  >
                    {t('vulnerabilities.remove')}
                  </MayButton>
                ),
              },
            ]}
            empty={
              <EmptyState
                why={t('vulnerabilities.no_lists')}
                action={
                  lists.may_manage ? (
                    <Button onClick={() => setImporting(true)}>{t('vulnerabilities.import')}</Button>
                  ) : null
                }
              />
            }
          />
          {removing ? <Remove list={removing} onClose={() => setRemoving(null)} /> : null}
          {importing ? <ListImport held={lists.items} onClose={() => setImporting(false)} /> : null}
        </>
      )}
    </Loaded>
  );
}

function Remove({ list, onClose }: { list: VulnerabilityList; onClose: () => void }) {
  const { t } = useLanguage();
  const remove = useRemoveVulnerabilityList();
  return (
    <FormModal
      title={t('vulnerabilities.remove_of', { name: list.name })}
      ok={t('vulnerabilities.remove')}
      will={t('vulnerabilities.remove_will')}
      danger
      error={remove.error}
      busy={remove.isPending}
      onFinish={() => remove.mutate(list.id, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}
