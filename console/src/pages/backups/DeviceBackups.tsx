// The backups of a machine: its sets with their copies and drills, what became of requests, and what can be asked.
import { Alert, Button, Form, Input, Progress } from 'antd';
import { useState } from 'react';
import {
  type BackupFact,
  type BackupResult,
  type BackupRun,
  type BackupSetStanding,
  minutesUrl,
  type RestoreDrill,
  useDeviceBackups,
  useOrderBackup,
  useRevealKey,
} from '~/api/backups';
import { useDeviceSettings } from '~/api/deviceSettings';
import { useFiles } from '~/api/papers';
import type { Device } from '~/api/types';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { FormModal } from '~/ui/FormModal';
import { saveBlob } from '~/ui/files';
import { formatBytes, formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Section } from '~/ui/Page';
import { SealLink } from '~/ui/Seal';
import { Time } from '~/ui/Time';
import { BackupPlan } from './BackupPlan';
import { PartState, useBecause } from './PartState';
import { RestoreWizard } from './RestoreWizard';

type Asked = { set: string; what: 'backup_now' | 'drill_restore' };

export function DeviceBackups({ device }: { device: Device }) {
  const { t } = useLanguage();
  const query = useDeviceBackups(device.id);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [restoring, setRestoring] = useState<BackupSetStanding | null>(null);
  const [revealing, setRevealing] = useState(false);
  const columns: Column<BackupSetStanding>[] = [
    { key: 'set', title: t('backups.set'), primary: true, render: (row) => row.set },
    { key: 'kind', title: t('backups.kind'), render: (row) => t(`backup_kind.${row.kind}`, row.kind) },
    { key: 'run', title: t('backups.run'), render: (row) => <PartState part={row.run} /> },
    { key: 'copy', title: t('backups.copy'), render: (row) => <PartState part={row.copy} /> },
    { key: 'drill', title: t('backups.drill'), render: (row) => <PartState part={row.drill} /> },
    {
      key: 'act',
      title: <span className="visually-hidden">{t('backups.ask')}</span>,
      width: 150,
      align: 'right',
      render: (row) => (
        <>
          <MayButton
            action="backup_manage"
            size="small"
            onClick={() => setAsked({ set: row.set, what: 'backup_now' })}
          >
            {t('backups.now')}
          </MayButton>
          <MayButton
            action="backup_manage"
            size="small"
            onClick={() => setAsked({ set: row.set, what: 'drill_restore' })}
          >
            {t('backups.drill_now')}
          </MayButton>
          <MayButton action="backup_restore" size="small" onClick={() => setRestoring(row)}>
            {t('backups.restore')}
          </MayButton>
        </>
      ),
    },
  ];
  return (
    <Loaded query={query} rows={6}>
      {(backups) => {
        const told = backups.told as BackupFact | null;
        return (
          <>
            {told && !told.tool ? <Alert type="warning" showIcon title={t('backups.no_tool')} /> : null}
            <Section
              title={t('backups.sets')}
              extra={
                <>
                  {backups.sets[0] ? <SealLink seq={backups.sets[0].proof} /> : null}
                  <MayButton action="backup_reveal" onClick={() => setRevealing(true)}>
                    {t('backups.key')}
                  </MayButton>
                </>
              }
            >
              <DataTable
                label={t('backups.sets')}
                columns={columns}
                rows={backups.sets}
                rowKey={(row) => row.set}
                empty={<EmptyState why={t('backups.no_sets')} />}
              />
            </Section>
            {told && told.runs.length > 0 ? <Runs runs={told.runs} /> : null}
            {told && told.drills.length > 0 ? <Drills device={device.id} drills={told.drills} /> : null}
            <Results results={backups.results} />
            <DevicePlan device={device} />
            {asked ? <Ask device={device.id} asked={asked} onClose={() => setAsked(null)} /> : null}
            {restoring ? (
              <RestoreWizard
                device={device.id}
                set={restoring.set}
                filesSet={restoring.kind === 'files' || restoring.kind === 'logs'}
                onClose={() => setRestoring(null)}
              />
            ) : null}
            {revealing ? <Reveal device={device.id} onClose={() => setRevealing(false)} /> : null}
          </>
        );
      }}
    </Loaded>
  );
}

function DevicePlan({ device }: { device: Device }) {
  const query = useDeviceSettings(device.id);
  return (
    <Loaded query={query} rows={4}>
      {({ sections, origins }) => (
        <BackupPlan
          of={{ device: device.id }}
          name={device.name}
          section={sections.backup}
          origin={origins.backup}
        />
      )}
    </Loaded>
  );
}

function Runs({ runs }: { runs: BackupRun[] }) {
  const { t, language } = useLanguage();
  const because = useBecause();
  const columns: Column<BackupRun>[] = [
    { key: 'set', title: t('backups.set'), primary: true, render: (row) => row.set },
    {
      key: 'target',
      title: t('backups.target'),
      render: (row) => t(`backup_target.${row.target}`, row.target),
    },
    {
      key: 'state',
      title: t('backups.state'),
      render: (row) =>
        row.state === 'running' ? (
          <Progress percent={row.percent} size="small" aria-label={t('backups.state')} />
        ) : (
          <>
            {t(`backup_state.${row.state}`, row.state)}
            {row.because ? <div className="muted">{because(row.because)}</div> : null}
          </>
        ),
    },
    {
      key: 'last',
      title: t('backups.succeeded'),
      render: (row) => (row.succeeded_at ? <Time at={row.succeeded_at} /> : '–'),
    },
    { key: 'due', title: t('backups.due'), render: (row) => (row.due_at ? <Time at={row.due_at} /> : '–') },
    {
      key: 'size',
      title: t('backups.size'),
      align: 'right',
      render: (row) => `${formatNumber(row.files, language)} · ${formatBytes(row.bytes, language)}`,
    },
    {
      key: 'plugged',
      title: t('backups.unplugged'),
      render: (row) => (row.unplugged_at ? <Time at={row.unplugged_at} /> : '–'),
    },
  ];
  return (
    <Section title={t('backups.copies')}>
      <DataTable
        label={t('backups.copies')}
        columns={columns}
        rows={runs}
        rowKey={(row) => `${row.set} ${row.target} ${row.place}`}
      />
    </Section>
  );
}

function Drills({ device, drills }: { device: string; drills: RestoreDrill[] }) {
  const { t, language } = useLanguage();
  const file = useFiles();
  const because = useBecause();
  const columns: Column<RestoreDrill>[] = [
    { key: 'at', title: t('backups.ended'), primary: true, render: (row) => <Time at={row.ended_at} /> },
    { key: 'set', title: t('backups.set'), render: (row) => row.set },
    {
      key: 'result',
      title: t('backups.outcome'),
      render: (row) => (row.passed ? t('backups.passed') : `${t('backups.failed')} ${because(row.because)}`),
    },
    {
      key: 'files',
      title: t('backups.compared'),
      align: 'right',
      render: (row) => `${formatNumber(row.files, language)} · ${formatBytes(row.bytes, language)}`,
    },
    {
      key: 'wrong',
      title: t('backups.wrong'),
      align: 'right',
      render: (row) => formatNumber(row.differing + row.missing, language),
    },
    {
      key: 'minutes',
      title: t('backups.minutes'),
      render: (row) => (
        <Button
          size="small"
          onClick={() =>
            file.mutate(
              { path: minutesUrl(device, row.ended_at), name: `bien-ban-${row.ended_at.slice(0, 10)}.pdf` },
              { onSuccess: ({ blob, name }) => saveBlob(name, blob) },
            )
          }
        >
          PDF
        </Button>
      ),
    },
  ];
  return (
    <Section title={t('backups.drills')}>
      <DataTable
        label={t('backups.drills')}
        columns={columns}
        rows={drills}
        rowKey={(row) => row.ended_at + row.set}
      />
    </Section>
  );
}

function Results({ results }: { results: BackupResult[] }) {
  const { t, language } = useLanguage();
  const because = useBecause();
  if (results.length === 0) return null;
  return (
    <Section title={t('backups.results')}>
      <DataTable
        label={t('backups.results')}
        columns={[
          {
            key: 'at',
            title: t('backups.ended'),
            primary: true,
            render: (row) => <Time at={row.received_at} />,
          },
          {
            key: 'act',
            title: t('backups.request'),
            render: (row) => `${row.act ? t(`backup_act.${row.act}`) : ''} ${row.set ?? ''}`,
          },
          {
            key: 'result',
            title: t('backups.outcome'),
            render: (row) => (row.because ? because(row.because) : t('backups.done')),
          },
          {
            key: 'files',
            title: t('backups.files'),
            align: 'right',
            render: (row) => formatNumber(row.files ?? 0, language),
          },
          {
            key: 'over',
            title: t('backups.overwritten'),
            align: 'right',
            render: (row) => formatNumber(row.overwritten ?? 0, language),
          },
          { key: 'proof', title: '', width: 60, render: (row) => <SealLink seq={row.proof} /> },
        ]}
        rows={results}
        rowKey={(row) => row.request}
      />
    </Section>
  );
}

function Ask({ device, asked, onClose }: { device: string; asked: Asked; onClose: () => void }) {
  const { t } = useLanguage();
  const order = useOrderBackup(device);
  return (
    <FormModal<{ reason: string }>
      title={t(asked.what === 'backup_now' ? 'backups.now_of' : 'backups.drill_of', { set: asked.set })}
      ok={t('backups.order')}
      will={t(asked.what === 'backup_now' ? 'backups.now_will' : 'backups.drill_will')}
      error={order.error}
      busy={order.isPending}
      proposed={order.data ? { done: true, act: null } : undefined}
      done={t('backups.ordered')}
      onFinish={({ reason }) => order.mutate({ type: asked.what, set: asked.set, reason })}
      onClose={onClose}
    >
      <Form.Item
        name="reason"
        label={t('backups.reason')}
        rules={[{ required: true, min: 3, message: t('backups.reason_needed') }]}
      >
        <Input.TextArea rows={2} maxLength={500} />
      </Form.Item>
    </FormModal>
  );
}

function Reveal({ device, onClose }: { device: string; onClose: () => void }) {
  const { t } = useLanguage();
  const reveal = useRevealKey(device);
  return (
    <FormModal<{ reason: string }>
      title={t('backups.key')}
      ok={t('backups.key_ask')}
      will={t('backups.key_will')}
      danger
      error={reveal.error}
      busy={reveal.isPending}
      proposed={reveal.data ? { done: reveal.data.act === null, act: reveal.data.act } : undefined}
      done={reveal.data?.key ?? ''}
      onFinish={({ reason }) => reveal.mutate(reason)}
      onClose={onClose}
    >
      <Form.Item
        name="reason"
        label={t('backups.reason')}
        rules={[{ required: true, min: 3, message: t('backups.reason_needed') }]}
      >
        <Input.TextArea rows={2} maxLength={500} />
      </Form.Item>
    </FormModal>
  );
}
