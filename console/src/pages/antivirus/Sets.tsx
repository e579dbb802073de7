// The databases and lists that the hub hands out, and those that it handed out before.
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { type SignatureSet, useRemoveSignatureSet, useSignatureSets } from '~/api/signatures';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { FormModal } from '~/ui/FormModal';
import { formatBytes, formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Section } from '~/ui/Page';
import { DateOnly, Time } from '~/ui/Time';
import { AddList } from './AddList';
import { ImportDatabase } from './ImportDatabase';

export function Sets() {
  const { t, language } = useLanguage();
  const query = useSignatureSets();
  const [asked, setAsked] = useState<'import' | 'list' | null>(null);
  const [removing, setRemoving] = useState<SignatureSet | null>(null);
  const columns = useColumns();
  const act: Column<SignatureSet> = {
    key: 'act',
    title: <span className="visually-hidden">{t('antivirus.remove')}</span>,
    width: 130,
    align: 'right',
    render: (row) => (
      <MayButton
        action="signature_manage"
        size="small"
        whyNot={row.may_remove ? null : t('antivirus.remove_elsewhere')}
        onClick={() => setRemoving(row)}
      >
        {t('antivirus.remove')}
      </MayButton>
    ),
  };
  return (
    <Loaded query={query} rows={5}>
      {({ items, history, may_import, age_days_max }) => (
        <>
          <div className="filters">
            <p className="muted">
              {t('antivirus.sets_lead', {
                count: age_days_max,
                number: formatNumber(age_days_max, language),
              })}
            </p>
            <span className="filters-end">
              <MayButton action="signature_manage" onClick={() => setAsked('list')}>
                {t('antivirus.add_list')}
              </MayButton>
              <MayButton
                action="signature_manage"
                type="primary"
                whyNot={may_import ? null : t('antivirus.import_by_town')}
                onClick={() => setAsked('import')}
              >
                {t('antivirus.import')}
              </MayButton>
            </span>
          </div>
          <DataTable
            label={t('antivirus.tab_sets')}
            columns={[...columns, act]}
            rows={items}
            rowKey={(row) => row.id}
            empty={
              <EmptyState
                why={t('antivirus.no_sets')}
                action={
                  may_import ? (
                    <Button onClick={() => setAsked('import')}>{t('antivirus.import')}</Button>
                  ) : null
                }
              />
            }
          />
          {history.length > 0 ? (
            <Section title={t('antivirus.history')}>
              <DataTable
                label={t('antivirus.history')}
                columns={[...columns, endedColumn(t('antivirus.ended_column'))]}
                rows={history}
                rowKey={(row) => row.id}
              />
            </Section>
          ) : null}
          {asked === 'import' ? <ImportDatabase onClose={() => setAsked(null)} /> : null}
          {asked === 'list' ? <AddList onClose={() => setAsked(null)} /> : null}
          {removing ? <Remove set={removing} onClose={() => setRemoving(null)} /> : null}
        </>
      )}
    </Loaded>
  );
}

function useColumns(): Column<SignatureSet>[] {
  const { t, language } = useLanguage();
  return [
    {
      key: 'title',
      title: t('antivirus.name'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <span>
            {row.title} <code>{row.file}</code>
          </span>
          <span className="muted">
            {row.agency ? row.agency.name : t('antivirus.for_everybody')} · {row.author}
            {row.reason ? ` · ${row.reason}` : ''}
          </span>
        </span>
      ),
    },
    {
      key: 'built',
      title: t('antivirus.built'),
      width: 150,
      render: (row) => (
        <span className="two-lines">
          <DateOnly at={row.built_at} />
          {row.age_days === null ? null : (
            <span className={row.stale ? 'overdue' : 'muted'}>
              {t('antivirus.age', { count: row.age_days, number: formatNumber(row.age_days, language) })}
            </span>
          )}
        </span>
      ),
    },
    {
      key: 'signatures',
      title: t('antivirus.count'),
      width: 140,
      align: 'right',
      render: (row) => (
        <span className="two-lines">
          <span>{formatNumber(row.signatures, language)}</span>
          <span className="muted">{formatBytes(row.bytes, language)}</span>
        </span>
      ),
    },
    {
      key: 'verified',
      title: t('antivirus.verified'),
      width: 220,
      hideNarrow: true,
      render: (row) => (
        <span className="two-lines">
          <span>{t(`antivirus.verified_${row.verified}`)}</span>
          <code title={row.sha256}>{row.sha256.slice(0, 16)}…</code>
        </span>
      ),
    },
    {
      key: 'imported',
      title: t('antivirus.imported'),
      width: 190,
      render: (row) => (
        <span className="two-lines">
          <Time at={row.imported_at} />
          <span className="muted">
            {row.source === 'folder' ? t('antivirus.by_folder') : row.imported_by}
          </span>
        </span>
      ),
    },
  ];
}

function endedColumn(title: string): Column<SignatureSet> {
  return {
    key: 'ended',
    title,
    width: 220,
    render: (row) => (
      <span className="two-lines">
        <Time at={row.ended_at} />
        <span className="muted">{[row.ended_by, row.end_reason].filter(Boolean).join(' · ')}</span>
      </span>
    ),
  };
}

function Remove({ set, onClose }: { set: SignatureSet; onClose: () => void }) {
  const { t } = useLanguage();
  const remove = useRemoveSignatureSet(set.id);
  return (
    <FormModal<{ reason: string }>
      title={t('antivirus.remove_of', { name: set.title })}
      ok={t('antivirus.remove')}
      will={t(set.kind === 'official' ? 'antivirus.remove_official' : 'antivirus.remove_list')}
      danger
      error={remove.error}
      busy={remove.isPending}
      onFinish={({ reason }) => remove.mutate(reason.normalize('NFC').trim(), { onSuccess: onClose })}
      onClose={onClose}
    >
      <Form.Item
        name="reason"
        label={t('antivirus.reason')}
        rules={[{ required: true, whitespace: true, message: t('services.needed') }]}
      >
        <Input.TextArea maxLength={1000} rows={2} />
      </Form.Item>
    </FormModal>
  );
}
