// What an agency's machines, or one machine, back up by themselves: the sets and how runs behave, and setting them.
import { useState } from 'react';
import {
  type BackupSet,
  type BackupSettings,
  type SettingsOf,
  type SettingsOrigin,
  useSetSections,
} from '~/api/deviceSettings';
import { useLanguage } from '~/i18n';
import { clockOf } from '~/ui/clock';
import { type Column, DataTable } from '~/ui/DataTable';
import { FormModal } from '~/ui/FormModal';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { Origin } from '~/ui/Origin';
import { EmptyState, Section } from '~/ui/Page';
import { ReasonItem } from '~/ui/ReasonItem';
import { GeneralForm } from './GeneralForm';
import { SetForm } from './SetForm';

interface Props {
  of: SettingsOf;
  name: string;
  section: BackupSettings;
  origin: SettingsOrigin;
}
type Asked = { what: 'general' | 'add' } | { what: 'change' | 'remove'; set: BackupSet };

export function BackupPlan({ of, name, section, origin }: Props) {
  const { t, language } = useLanguage();
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked(null);
  const own = origin.from === (of.device ? 'device' : 'agency') && origin.id === (of.device ?? of.agency);
  const columns: Column<BackupSet>[] = [
    { key: 'name', title: t('backups.set'), primary: true, render: (row) => row.name },
    { key: 'kind', title: t('backups.kind'), render: (row) => t(`backup_kind.${row.kind}`) },
    {
      key: 'what',
      title: t('backup_plan.what'),
      render: (row) => (
        <span className="value-list">
          {[...row.paths, ...row.databases].map((each) => (
            <code key={each}>{each}</code>
          ))}
          {row.paths.length + row.databases.length === 0 ? t('backup_plan.whole_service') : null}
        </span>
      ),
    },
    {
      key: 'where',
      title: t('backup_plan.where'),
      render: (row) => (
        <span className="value-list">
          {row.targets.map((each) =>
            each.kind === 'disk' ? (
              <code key={each.path}>{each.path}</code>
            ) : (
              <span key="medium">
                {t('backup_plan.media_count', {
                  count: each.media.length,
                  number: formatNumber(each.media.length, language),
                })}
              </span>
            ),
          )}
        </span>
      ),
    },
    {
      key: 'every',
      title: t('backup_plan.every'),
      width: 110,
      render: (row) =>
        t('backup_plan.days', { count: row.every_days, number: formatNumber(row.every_days, language) }),
    },
    {
      key: 'act',
      title: <span className="visually-hidden">{t('backups.ask')}</span>,
      width: 150,
      align: 'right',
      render: (row) => (
        <>
          <MayButton
            action="device_policy_manage"
            size="small"
            onClick={() => setAsked({ what: 'change', set: row })}
          >
            {t('backup_plan.change')}
          </MayButton>{' '}
          <MayButton
            action="device_policy_manage"
            size="small"
            onClick={() => setAsked({ what: 'remove', set: row })}
          >
            {t('backup_plan.remove')}
          </MayButton>
        </>
      ),
    },
  ];
  return (
    <Section
      title={t('backup_plan.title')}
      extra={
        <span className="filters-end">
          <MayButton action="device_policy_manage" onClick={() => setAsked({ what: 'general' })}>
            {t('backup_plan.general')}
          </MayButton>
          <MayButton action="device_policy_manage" onClick={() => setAsked({ what: 'add' })}>
            {t('backup_plan.add')}
          </MayButton>
        </span>
      }
    >
      <DataTable
        label={t('backup_plan.title')}
        columns={columns}
        rows={section.sets}
        rowKey={(row) => row.name}
        empty={<EmptyState why={t('backup_plan.none')} />}
      />
      <p>
        {section.run
          ? t('backup_plan.runs', {
              from: clockOf(section.from_minute),
              until: clockOf(section.until_minute),
              busy: formatNumber(section.busy_percent, language),
              read: formatNumber(section.read_back_percent, language),
            })
          : t('backup_plan.off')}
      </p>
      <Origin origin={origin} />
      {asked?.what === 'general' ? (
        <GeneralForm of={of} name={name} section={section} own={own} onClose={close} />
      ) : null}
      {asked?.what === 'add' ? <SetForm of={of} section={section} onClose={close} /> : null}
      {asked?.what === 'change' ? (
        <SetForm of={of} section={section} before={asked.set} onClose={close} />
      ) : null}
      {asked?.what === 'remove' ? <Remove of={of} section={section} set={asked.set} onClose={close} /> : null}
    </Section>
  );
}

function Remove({
  of,
  section,
  set,
  onClose,
}: {
  of: SettingsOf;
  section: BackupSettings;
  set: BackupSet;
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const send = useSetSections(of);
  return (
    <FormModal<{ reason: string }>
      title={t('backup_plan.remove_of', { name: set.name })}
      ok={t('backup_plan.remove')}
      will={t('backup_plan.remove_will')}
      danger
      error={send.error}
      busy={send.isPending}
      proposed={send.data ? { done: send.data.act === null, act: send.data.act } : undefined}
      done={t('antivirus.set_done')}
      onFinish={({ reason }) =>
        send.mutate({
          backup: { ...section, sets: section.sets.filter((each) => each.name !== set.name) },
          reason: reason.normalize('NFC').trim(),
        })
      }
      onClose={onClose}
    >
      <ReasonItem />
    </FormModal>
  );
}
