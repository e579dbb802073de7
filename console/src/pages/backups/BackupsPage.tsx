// The backups of an agency: every set by what is due first, machines without any, and who has which medium.
import { Alert, DatePicker, Form, Input, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import {
  type BackupSetStanding,
  type Handover,
  useAddHandover,
  useBackups,
  useHandovers,
} from '~/api/backups';
import { useMedia } from '~/api/custody';
import { useLanguage } from '~/i18n';
import { AgencyFilter } from '~/ui/AgencySelect';
import { type Column, DataTable } from '~/ui/DataTable';
import { FormModal } from '~/ui/FormModal';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Page, Section } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { DateOnly, Time } from '~/ui/Time';
import { AgencyPlan } from './AgencyPlan';
import { PartState } from './PartState';

// Of its three parts the one whose time ends first.
function firstDue(row: BackupSetStanding): string | null {
  const all = [row.run, row.copy, row.drill].flatMap((part) => (part.due_at ? [part.due_at] : []));
  return all.sort()[0] ?? null;
}

const tabs = ['standing', 'plan'] as const;

export default function BackupsPage() {
  const { t } = useLanguage();
  const [{ tab }] = useParamsState('tab');
  const active = tabs.find((name) => name === tab) ?? 'standing';
  return (
    <Page title={t('nav.backups')} lead={t('backups.lead')}>
      <nav className="page-tabs" aria-label={t('backups.parts')}>
        {tabs.map((name) => (
          <Link
            key={name}
            to={`/backups${name === 'standing' ? '' : `?tab=${name}`}`}
            preventScrollReset
            aria-current={name === active ? 'page' : undefined}
          >
            {t(`backups.tab_${name}`)}
          </Link>
        ))}
      </nav>
      {active === 'plan' ? <AgencyPlan /> : <Standings />}
    </Page>
  );
}

function Standings() {
  const { t } = useLanguage();
  const navigate = useNavigate();
  const [{ agency }, setParams] = useParamsState('agency');
  const query = useBackups(agency || undefined);
  const columns: Column<BackupSetStanding>[] = [
    {
      key: 'due',
      title: t('backups.due'),
      width: 120,
      render: (row) => {
        const due = firstDue(row);
        return due ? <DateOnly at={due} /> : '–';
      },
    },
    { key: 'set', title: t('backups.set'), primary: true, render: (row) => row.set },
    {
      key: 'device',
      title: t('devices.one'),
      render: (row) => <Link to={`/devices/${row.device.id}?tab=backups`}>{row.device.name}</Link>,
    },
    { key: 'agency', title: t('backups.agency'), hideNarrow: true, render: (row) => row.agency.name },
    { key: 'run', title: t('backups.run'), render: (row) => <PartState part={row.run} /> },
    { key: 'copy', title: t('backups.copy'), render: (row) => <PartState part={row.copy} /> },
    { key: 'drill', title: t('backups.drill'), render: (row) => <PartState part={row.drill} /> },
  ];
  return (
    <>
      <div className="filters">
        <AgencyFilter value={agency} onChange={(chosen) => setParams({ agency: chosen })} />
      </div>
      <Loaded query={query} rows={8}>
        {(list) => (
          <>
            <Section title={t('backups.sets')}>
              <DataTable
                label={t('backups.sets')}
                columns={columns}
                rows={[...list.items].sort((a, b) => (firstDue(a) ?? '9').localeCompare(firstDue(b) ?? '9'))}
                rowKey={(row) => `${row.device.id} ${row.set}`}
                onOpen={(row) => navigate(`/devices/${row.device.id}?tab=backups`)}
                empty={<EmptyState why={t('backups.none_anywhere')} />}
              />
            </Section>
            {list.devices_without.length > 0 ? (
              <Alert
                type="warning"
                showIcon
                title={t('backups.without', { count: list.devices_without.length })}
                description={list.devices_without.map((device) => (
                  <span key={device.id}>
                    <Link to={`/devices/${device.id}`}>{device.name}</Link>{' '}
                  </span>
                ))}
              />
            ) : null}
          </>
        )}
      </Loaded>
      <Handovers />
    </>
  );
}

interface Values {
  medium: string;
  given_by: string;
  taken_by: string;
  place: string;
  note?: string;
  at: Dayjs;
}

function Handovers() {
  const { t } = useLanguage();
  const query = useHandovers();
  const media = useMedia();
  const add = useAddHandover();
  const [adding, setAdding] = useState(false);
  const nameOf = (id: string) => media.data?.find((one) => one.id === id)?.name ?? id;
  const columns: Column<Handover>[] = [
    { key: 'at', title: t('backups.handed_at'), primary: true, render: (row) => <Time at={row.at} /> },
    { key: 'medium', title: t('backups.medium'), render: (row) => nameOf(row.medium) },
    { key: 'given', title: t('backups.given_by'), render: (row) => row.given_by },
    { key: 'taken', title: t('backups.taken_by'), render: (row) => row.taken_by },
    { key: 'place', title: t('backups.place'), render: (row) => row.place },
    { key: 'note', title: t('backups.note'), hideNarrow: true, render: (row) => row.note },
  ];
  const needed = [{ required: true, message: t('backups.needed') }];
  return (
    <Section
      title={t('backups.handovers')}
      extra={
        <MayButton action="backup_manage" onClick={() => setAdding(true)}>
          {t('backups.hand_over')}
        </MayButton>
      }
    >
      <Loaded query={query} rows={3}>
        {(rows) => (
          <DataTable
            label={t('backups.handovers')}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.id}
            empty={<EmptyState why={t('backups.no_handovers')} />}
          />
        )}
      </Loaded>
      {adding ? (
        <FormModal<Values>
          title={t('backups.hand_over')}
          ok={t('backups.write_down')}
          error={add.error}
          busy={add.isPending}
          initial={{ at: dayjs() }}
          onFinish={({ at, note, ...rest }) =>
            add.mutate(
              { ...rest, note: note ?? '', at: at.toISOString() },
              { onSuccess: () => setAdding(false) },
            )
          }
          onClose={() => setAdding(false)}
        >
          <Form.Item name="medium" label={t('backups.medium')} rules={needed}>
            <Select options={(media.data ?? []).map((one) => ({ value: one.id, label: one.name }))} />
          </Form.Item>
          <Form.Item name="given_by" label={t('backups.given_by')} rules={needed}>
            <Input maxLength={100} />
          </Form.Item>
          <Form.Item name="taken_by" label={t('backups.taken_by')} rules={needed}>
            <Input maxLength={100} />
          </Form.Item>
          <Form.Item name="place" label={t('backups.place')} rules={needed}>
            <Input maxLength={100} />
          </Form.Item>
          <Form.Item name="at" label={t('backups.handed_at')} rules={needed}>
            <DatePicker showTime format="DD/MM/YYYY HH:mm" />
          </Form.Item>
          <Form.Item name="note" label={t('backups.note')}>
            <Input maxLength={100} />
          </Form.Item>
        </FormModal>
      ) : null}
    </Section>
  );
}
