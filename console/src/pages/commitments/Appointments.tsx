// Who answers for information security in each agency, by which decision, and whether they are there and trained.
import { DatePicker, Form, Input } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { type Appointment, useAppoint, useAppointments, useEndAppointment } from '~/api/commitments';
import { useLanguage } from '~/i18n';
import { AgencySelect } from '~/ui/AgencySelect';
import { type Column, DataTable } from '~/ui/DataTable';
import { FormModal } from '~/ui/FormModal';
import { isoDate } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Section } from '~/ui/Page';
import { PersonLink } from '~/ui/PersonLink';
import { PersonSelect } from '~/ui/PersonSelect';
import { SealLink } from '~/ui/Seal';
import { DateOnly } from '~/ui/Time';
import { written } from '~/ui/text';
import { faultOf } from './commitment';
import { ReasonModal } from './Signed';

export function Appointments({ agency }: { agency: string | undefined }) {
  const { t } = useLanguage();
  const query = useAppointments({ agency });
  const [adding, setAdding] = useState(false);
  const [ending, setEnding] = useState<Appointment | null>(null);
  const columns = useColumns(setEnding);
  return (
    <Section
      title={t('commitment_tab.appointments')}
      extra={
        <MayButton action="commitment_manage" onClick={() => setAdding(true)}>
          {t('appointment.add')}
        </MayButton>
      }
    >
      <Loaded query={query} rows={4}>
        {(items) => (
          <DataTable
            label={t('commitment_tab.appointments')}
            columns={columns}
            rows={items}
            rowKey={(row) => row.id}
            empty={<EmptyState why={t('appointment.none')} />}
          />
        )}
      </Loaded>
      {adding ? <Add onClose={() => setAdding(false)} /> : null}
      {ending ? <End appointment={ending} onClose={() => setEnding(null)} /> : null}
    </Section>
  );
}

function useColumns(onEnd: (appointment: Appointment) => void): Column<Appointment>[] {
  const { t, local } = useLanguage();
  const today = isoDate(new Date());
  return [
    {
      key: 'person',
      title: t('appointment.person'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <PersonLink person={row.person} />
          <span className="muted">{row.agency.name}</span>
        </span>
      ),
    },
    {
      key: 'decision',
      title: t('appointment.decision'),
      render: (row) => (
        <span className="two-lines">
          <span>{row.decision}</span>
          <span className="muted">
            <DateOnly at={row.day} />
            {row.until ? (
              <>
                {' – '}
                <DateOnly at={row.until} />
              </>
            ) : null}
          </span>
        </span>
      ),
    },
    {
      key: 'state',
      title: t('people.state'),
      render: (row) => {
        const fault = faultOf(row, today);
        if (!fault) return t('appointment.counts');
        return (
          <span className="two-lines">
            <span className={fault === 'ended' ? 'muted' : 'overdue'}>{t(`appointment_fault.${fault}`)}</span>
            {fault === 'absent' && row.why_not ? <span className="muted">{local(row.why_not)}</span> : null}
            {fault === 'ended' && row.end_reason ? <span className="muted">{row.end_reason}</span> : null}
          </span>
        );
      },
    },
    {
      key: 'trained',
      title: t('appointment.trained'),
      width: 150,
      render: (row) => <DateOnly at={row.trained_until} />,
    },
    {
      key: 'proof',
      title: t('trail.proof'),
      width: 140,
      render: (row) => (row.seq === null ? '–' : <SealLink seq={row.seq} />),
    },
    {
      key: 'act',
      title: <span className="visually-hidden">{t('appointment.end')}</span>,
      width: 110,
      align: 'right',
      render: (row) =>
        row.in_force ? (
          <MayButton action="commitment_manage" size="small" onClick={() => onEnd(row)}>
            {t('appointment.end')}
            <span className="visually-hidden"> {row.person.name}</span>
          </MayButton>
        ) : null,
    },
  ];
}

interface Values {
  agency: string;
  person: string;
  decision: string;
  day: Dayjs;
  until?: Dayjs | null;
}

function Add({ onClose }: { onClose: () => void }) {
  const { t } = useLanguage();
  const appoint = useAppoint();
  return (
    <FormModal<Values>
      title={t('appointment.add')}
      ok={t('action.save')}
      will={t('appointment.add_will')}
      error={appoint.error}
      busy={appoint.isPending}
      initial={{ day: dayjs(isoDate(new Date())) }}
      onFinish={({ agency, person, decision, day, until }) =>
        appoint.mutate(
          {
            agency,
            person,
            decision: written(decision),
            day: day.format('YYYY-MM-DD'),
            ...(until ? { until: until.format('YYYY-MM-DD') } : {}),
          },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <Form.Item
        name="agency"
        label={t('filter.agency')}
        rules={[{ required: true, message: t('people.place_needed') }]}
      >
        <AgencySelect />
      </Form.Item>
      <Form.Item
        name="person"
        label={t('appointment.person')}
        rules={[{ required: true, message: t('persons.choose_needed') }]}
      >
        <PersonSelect />
      </Form.Item>
      <Form.Item
        name="decision"
        label={t('appointment.decision')}
        rules={[{ required: true, whitespace: true, message: t('incident.needed') }]}
      >
        <Input maxLength={200} placeholder={t('leave.basis_placeholder')} />
      </Form.Item>
      <Form.Item
        name="day"
        label={t('people.from')}
        rules={[{ required: true, message: t('device_account.day_needed') }]}
      >
        <DatePicker format="DD/MM/YYYY" allowClear={false} />
      </Form.Item>
      <Form.Item name="until" label={t('people.until')} extra={t('people.until_help')}>
        <DatePicker format="DD/MM/YYYY" />
      </Form.Item>
    </FormModal>
  );
}

function End({ appointment, onClose }: { appointment: Appointment; onClose: () => void }) {
  const { t } = useLanguage();
  const end = useEndAppointment(appointment.id);
  return (
    <ReasonModal
      title={`${t('appointment.end')}: ${appointment.person.name}`}
      will={t('appointment.end_will')}
      ok={t('appointment.end')}
      error={end.error}
      busy={end.isPending}
      onFinish={(reason) => end.mutate(reason, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}
