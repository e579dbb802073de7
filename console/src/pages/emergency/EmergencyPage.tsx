// Alarms, until somebody else than the one they are about has heard them; and the accounts in envelopes.
import { Form, Input } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { type Alarm, type SealedAccount, useAcknowledge, useAlarms, useSealedAccounts } from '~/api/alarms';
import { useMay } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { FormModal } from '~/ui/FormModal';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Page, Section } from '~/ui/Page';
import { SealLink } from '~/ui/Seal';
import { SeverityTag } from '~/ui/SeverityTag';
import { DateOnly, Time, useNow } from '~/ui/Time';
import { written } from '~/ui/text';
import { inOrder, rings, sealState } from './alarm';

export default function EmergencyPage() {
  const { t } = useLanguage();
  const alarms = useAlarms();
  const [hearing, setHearing] = useState<Alarm | null>(null);
  return (
    <Page title={t('nav.emergency')} lead={t('alarm.lead')} updatedAt={alarms.dataUpdatedAt}>
      <Section title={t('alarm.title')}>
        <Loaded query={alarms} rows={3}>
          {(list) =>
            list.length === 0 ? (
              <EmptyState why={t('alarm.none')} />
            ) : (
              <ul className="worklist">
                {inOrder(list).map((alarm) => (
                  <Line key={alarm.id} alarm={alarm} onHear={() => setHearing(alarm)} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </Section>
      <Sealed />
      {hearing ? <Hear alarm={hearing} onClose={() => setHearing(null)} /> : null}
    </Page>
  );
}

function Line({ alarm, onHear }: { alarm: Alarm; onHear: () => void }) {
  const { t, local, language } = useLanguage();
  const mayFindings = useMay('finding_read');
  return (
    <li className="worklist-line">
      <div>
        <span className={rings(alarm) ? 'worklist-title overdue' : 'worklist-title'}>
          {local(alarm.title)}
        </span>
        <span className="worklist-meta">
          <SeverityTag severity={alarm.severity} />
          <Time at={alarm.at} />
          <span>{alarm.agency.name}</span>
          {alarm.account ? <code>{alarm.account.name}</code> : null}
          {alarm.address ? <span>{alarm.address}</span> : null}
          {alarm.times > 1 ? (
            <span>
              {t('alarm.times', { count: alarm.times, number: formatNumber(alarm.times, language) })}
            </span>
          ) : null}
          <SealLink seq={alarm.seq} />
          {mayFindings ? <Link to={`/findings/${alarm.finding}`}>{t('alarm.finding')}</Link> : null}
        </span>
        {alarm.acknowledged_at ? (
          <span className="worklist-why">
            {t('alarm.heard_by', { name: alarm.acknowledged_by?.name ?? '' })}{' '}
            <Time at={alarm.acknowledged_at} />
            {alarm.note ? `: ${alarm.note}` : ''}
          </span>
        ) : null}
      </div>
      {rings(alarm) ? (
        <MayButton action="act_read" onClick={onHear}>
          {t('alarm.hear')}
        </MayButton>
      ) : null}
    </li>
  );
}

function Hear({ alarm, onClose }: { alarm: Alarm; onClose: () => void }) {
  const { t, local } = useLanguage();
  const hear = useAcknowledge(alarm.id);
  return (
    <FormModal<{ note: string }>
      title={`${t('alarm.hear')}: ${local(alarm.title)}`}
      ok={t('alarm.hear')}
      will={t('alarm.hear_will')}
      error={hear.error}
      busy={hear.isPending}
      onFinish={({ note }) => hear.mutate(written(note), { onSuccess: onClose })}
      onClose={onClose}
    >
      <Form.Item
        name="note"
        label={t('alarm.note')}
        rules={[{ required: true, whitespace: true, message: t('incident.needed') }]}
      >
        <Input.TextArea rows={2} maxLength={500} />
      </Form.Item>
    </FormModal>
  );
}

function Sealed() {
  const { t } = useLanguage();
  const sealed = useSealedAccounts();
  const now = useNow();
  const columns: Column<SealedAccount>[] = [
    {
      key: 'account',
      title: t('alarm.account'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <Link to={`/people/${row.account.id}`}>{row.account.name}</Link>
          <span className="muted">{row.agency.name}</span>
        </span>
      ),
    },
    {
      key: 'state',
      title: t('people.state'),
      render: (row) => {
        const state = sealState(row, now);
        return (
          <span className={state === 'whole' ? undefined : 'overdue'}>
            {t(`seal_state.${state}`)}
            {state === 'used' ? (
              <>
                {' '}
                <Time at={row.used_at} />
              </>
            ) : null}
          </span>
        );
      },
    },
    {
      key: 'sealed',
      title: t('alarm.sealed_at'),
      width: 130,
      render: (row) => <DateOnly at={row.sealed_at} />,
    },
    {
      key: 'due',
      title: t('alarm.reseal_due'),
      width: 170,
      render: (row) => <DateOnly at={row.reseal_due} />,
    },
    {
      key: 'proof',
      title: t('trail.proof'),
      width: 140,
      render: (row) => (row.seq === null ? '–' : <SealLink seq={row.seq} />),
    },
  ];
  return (
    <Section title={t('alarm.sealed')}>
      <p className="muted">{t('alarm.sealed_help')}</p>
      <Loaded query={sealed} rows={2}>
        {(list) => (
          <DataTable
            label={t('alarm.sealed')}
            columns={columns}
            rows={list}
            rowKey={(row) => row.account.id}
            empty={<EmptyState why={t('alarm.sealed_none')} />}
          />
        )}
      </Loaded>
    </Section>
  );
}
