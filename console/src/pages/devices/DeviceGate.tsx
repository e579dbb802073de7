// The gates of software on one machine: what is wanted, what it says, what it met, and what would be refused were they
// shut.
import { Button, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useGate, useSetGate } from '~/api/software';
import type { Device, MetSoftware, SoftwareGateView, SoftwareSettings } from '~/api/types';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Loaded } from '~/ui/Page';
import { StateIcon } from '~/ui/StateTag';
import { Time } from '~/ui/Time';
import { GateWord } from '../software/Gates';
import { programsOf, serialsOf } from '../software/request';

const because = [
  'gate_not_running',
  'no_list',
  'no_trust',
  'not_supported',
  'worker_ended',
  'worker_silent',
  'fork',
  'not_written',
] as const;

export function DeviceGate({ device }: { device: Device }) {
  const { t } = useLanguage();
  const query = useGate(device.id);
  const [changing, setChanging] = useState(false);
  return (
    <section className="page-section" aria-label={t('control.gate_title')}>
      <header className="section-head">
        <h2>{t('control.gate_title')}</h2>
        <MayButton action="device_policy_manage" disabled={!query.data} onClick={() => setChanging(true)}>
          {t('control.change')}
        </MayButton>
      </header>
      <p className="muted">{t('control.gate_lead')}</p>
      <Loaded query={query} rows={5}>
        {(view) => (
          <>
            <Levels view={view} />
            <Would view={view} />
            <h3>{t('control.met_title')}</h3>
            <Met met={view.met} />
            <h3>{t('control.usb_title')}</h3>
            <Media view={view} />
            {changing ? (
              <ChangeGate device={device} wanted={view.wanted} onClose={() => setChanging(false)} />
            ) : null}
          </>
        )}
      </Loaded>
    </section>
  );
}

function Levels({ view: { wanted, state, removable_mode } }: { view: SoftwareGateView }) {
  const { t, language } = useLanguage();
  const reason = because.find((name) => name === state?.because);
  return (
    <>
      <dl className="facts facts-row">
        <div>
          <dt>{t('control.install')}</dt>
          <dd>
            <GateWord wanted={wanted.install} told={state?.install} />
          </dd>
        </div>
        <div>
          <dt>{t('control.execute')}</dt>
          <dd>
            <GateWord wanted={wanted.execute} told={state?.execute} />
          </dd>
        </div>
        <div>
          <dt>{t('control.removable')}</dt>
          <dd>
            <GateWord wanted={wanted.removable} told={removable_mode ?? undefined} />
          </dd>
        </div>
        <div>
          <dt>{t('control.told_level')}</dt>
          <dd>
            {state ? (
              <span className="two-lines">
                <Time at={state.at} />
                {state.trusted > 0 ? (
                  <span className="muted">
                    {t('control.trusted', { number: formatNumber(state.trusted, language) })}
                  </span>
                ) : null}
              </span>
            ) : (
              <span className="muted">{t('control.not_told')}</span>
            )}
          </dd>
        </div>
      </dl>
      {state?.because ? (
        <p className="state-tag state-violated">
          <StateIcon state="violated" />
          {reason ? t(`control.because.${reason}`) : state.because}
        </p>
      ) : null}
    </>
  );
}

function Would({ view: { would_refuse: would } }: { view: SoftwareGateView }) {
  const { t, language } = useLanguage();
  const nothing = would.install.length === 0 && would.execute.length === 0;
  return (
    <>
      <h3>{t('control.would_title')}</h3>
      {nothing ? <p>{t('control.would_nothing')}</p> : null}
      {would.install.length > 0 ? (
        <details>
          <summary>
            {t('control.would_install', {
              count: would.install.length,
              number: formatNumber(would.install.length, language),
            })}
          </summary>
          <p className="picked-names">
            {would.install.map((each) => (
              <code key={`${each.name} ${each.architecture} ${each.version}`}>{each.name}</code>
            ))}
          </p>
        </details>
      ) : null}
      {would.execute.length > 0 ? (
        <details>
          <summary>
            {t('control.would_execute', {
              count: would.execute.length,
              number: formatNumber(would.execute.length, language),
            })}
          </summary>
          <p className="picked-names">
            {would.execute.map((each) => (
              <code key={each.name}>{each.name}</code>
            ))}
          </p>
        </details>
      ) : null}
    </>
  );
}

function Met({ met }: { met: MetSoftware[] }) {
  const { t, language } = useLanguage();
  const columns: Column<MetSoftware>[] = [
    {
      key: 'name',
      title: t('control.met_name'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <code>
            {row.name} {row.version}
          </code>
          {row.mark ? <span className="security-update">{row.mark.label}</span> : null}
        </span>
      ),
    },
    {
      key: 'act',
      title: t('control.kind_label'),
      width: 90,
      render: (row) => t(`control.met_act.${row.act}`),
    },
    {
      key: 'user',
      title: t('control.met_user'),
      render: (row) => row.user || <span className="muted">{t('control.who_unknown')}</span>,
    },
    {
      key: 'result',
      title: t('control.met_result'),
      render: (row) => (row.refused ? t('control.met_refused') : t('control.met_noted')),
    },
    {
      key: 'times',
      title: t('control.met_times'),
      align: 'right',
      render: (row) => formatNumber(row.times, language),
    },
    { key: 'at', title: t('control.met_at'), width: 150, render: (row) => <Time at={row.at} /> },
  ];
  return (
    <DataTable
      label={t('control.met_title')}
      columns={columns}
      rows={met}
      rowKey={(row) => `${row.act} ${row.name}`}
      empty={<EmptyState why={t('control.met_empty')} />}
    />
  );
}

type Medium = SoftwareGateView['removable'][number];

function Media({ view }: { view: SoftwareGateView }) {
  const { t } = useLanguage();
  const columns: Column<Medium>[] = [
    {
      key: 'serial',
      title: t('control.usb_serial'),
      primary: true,
      render: (row) =>
        row.serial ? <code>{row.serial}</code> : <span className="muted">{t('control.usb_no_serial')}</span>,
    },
    { key: 'model', title: t('control.usb_model'), render: (row) => `${row.vendor} ${row.model}`.trim() },
    {
      key: 'decision',
      title: t('control.usb_decision'),
      render: (row) => t(`control.usb_word.${row.decision}`),
    },
    {
      key: 'seen',
      title: t('control.usb_seen'),
      render: (row) => (
        <span className="two-lines">
          <Time at={row.seen_at} />
          {row.present ? <span>{t('control.usb_present')}</span> : null}
        </span>
      ),
    },
  ];
  return (
    <DataTable
      label={t('control.usb_title')}
      columns={columns}
      rows={view.removable}
      rowKey={(row) => `${row.serial} ${row.vendor} ${row.model}`}
      empty={<EmptyState why={t('control.usb_empty')} />}
    />
  );
}

interface Values {
  install: SoftwareSettings['install'];
  execute: SoftwareSettings['execute'];
  removable: SoftwareSettings['removable'];
  contact: string;
  media: string;
  programs: string;
  reason: string;
}

function ChangeGate({
  device,
  wanted,
  onClose,
}: {
  device: Device;
  wanted: SoftwareSettings;
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const set = useSetGate(device.id);
  const [form] = Form.useForm<Values>();
  const [values, setValues] = useState<Partial<Values>>({});
  const programs = programsOf(values.programs ?? '');
  if (set.data) {
    return (
      <Modal
        open
        title={t('control.change_title', { name: device.name })}
        onCancel={onClose}
        footer={<Button onClick={onClose}>{t('action.close')}</Button>}
      >
        <p>{set.data.act ? t('control.change_waits') : t('control.change_done')}</p>
      </Modal>
    );
  }
  const send = (filled: Values) => {
    const list = programsOf(filled.programs);
    if (typeof list === 'number') return;
    const software: SoftwareSettings = {
      install: filled.install,
      execute: filled.execute,
      removable: filled.removable,
      contact: filled.contact.normalize('NFC').trim(),
      programs: list,
      media: serialsOf(filled.media),
    };
    set.mutate({ software, reason: filled.reason.normalize('NFC').trim() });
  };
  return (
    <Modal
      open
      width={620}
      title={t('control.change_title', { name: device.name })}
      okText={t('control.change')}
      cancelText={t('action.cancel')}
      okButtonProps={{ disabled: typeof programs === 'number' }}
      confirmLoading={set.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      {set.error ? <ErrorNote error={set.error} /> : null}
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={{
          ...wanted,
          media: wanted.media.join('\n'),
          programs: wanted.programs.map((each) => `${each.sha256} ${each.name}`).join('\n'),
          reason: '',
        }}
        onValuesChange={(_, all) => setValues(all)}
        onFinish={send}
      >
        <Form.Item name="install" label={t('control.install')}>
          <Select
            options={(['off', 'watch', 'refuse'] as const).map((value) => ({
              value,
              label: t(`control.install_mode.${value}`),
            }))}
          />
        </Form.Item>
        <Form.Item name="execute" label={t('control.execute')}>
          <Select
            options={(['off', 'audit', 'deny'] as const).map((value) => ({
              value,
              label: t(`control.execute_mode.${value}`),
            }))}
          />
        </Form.Item>
        <Form.Item name="removable" label={t('control.removable')}>
          <Select
            options={(['off', 'watch', 'refuse'] as const).map((value) => ({
              value,
              label: t(`control.removable_mode.${value}`),
            }))}
          />
        </Form.Item>
        <Form.Item name="contact" label={t('control.contact')}>
          <Input maxLength={150} />
        </Form.Item>
        <Form.Item name="media" label={t('control.media')} extra={t('control.media_help')}>
          <Input.TextArea rows={2} className="code-input" />
        </Form.Item>
        <Form.Item
          name="programs"
          label={t('control.programs')}
          extra={t('control.programs_help')}
          {...(typeof programs === 'number'
            ? { validateStatus: 'error' as const, help: t('control.programs_wrong', { line: programs }) }
            : {})}
        >
          <Input.TextArea rows={2} className="code-input" />
        </Form.Item>
        <Form.Item
          name="reason"
          label={t('control.change_reason')}
          rules={[{ required: true, whitespace: true, min: 3, message: t('control.needed') }]}
        >
          <Input.TextArea rows={2} maxLength={500} />
        </Form.Item>
      </Form>
      <p className="will-happen">{t('control.change_will')}</p>
    </Modal>
  );
}
