// Who was trained in what, by whom and for how long; a class is written down for many at once.
import { DatePicker, Form, Input, InputNumber } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { type Training, useAddTraining, useRemoveTraining, useTrainings } from '~/api/commitments';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { FormModal } from '~/ui/FormModal';
import { formatNumber, isoDate } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Section } from '~/ui/Page';
import { PersonLink } from '~/ui/PersonLink';
import { PersonsSelect } from '~/ui/PersonSelect';
import { SealLink } from '~/ui/Seal';
import { DateOnly } from '~/ui/Time';
import { written } from '~/ui/text';
import { ReasonModal } from './Signed';

// As in src/people/officer.h.
const hoursMax = 1000;

export function Trainings({ agency }: { agency: string | undefined }) {
  const { t } = useLanguage();
  const query = useTrainings({ agency });
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Training | null>(null);
  const columns = useColumns(setRemoving);
  return (
    <Section
      title={t('commitment_tab.trainings')}
      extra={
        <MayButton action="commitment_manage" onClick={() => setAdding(true)}>
          {t('training.add')}
        </MayButton>
      }
    >
      <Loaded query={query} rows={4}>
        {(items) => (
          <DataTable
            label={t('commitment_tab.trainings')}
            columns={columns}
            rows={items}
            rowKey={(row) => row.id}
            empty={<EmptyState why={t('training.none')} />}
          />
        )}
      </Loaded>
      {adding ? <Add onClose={() => setAdding(false)} /> : null}
      {removing ? <Remove training={removing} onClose={() => setRemoving(null)} /> : null}
    </Section>
  );
}

function useColumns(onRemove: (training: Training) => void): Column<Training>[] {
  const { t, language } = useLanguage();
  return [
    {
      key: 'person',
      title: t('people.name'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <PersonLink person={row.person} />
          <span className="muted">{row.agency.name}</span>
        </span>
      ),
    },
    { key: 'topic', title: t('training.topic'), render: (row) => row.topic },
    { key: 'day', title: t('training.day'), width: 120, render: (row) => <DateOnly at={row.day} /> },
    {
      key: 'hours',
      title: t('training.hours'),
      width: 90,
      align: 'right',
      render: (row) => formatNumber(row.hours, language),
    },
    { key: 'by', title: t('training.by'), hideNarrow: true, render: (row) => row.by },
    {
      key: 'proof',
      title: t('trail.proof'),
      width: 140,
      render: (row) => (row.seq === null ? '–' : <SealLink seq={row.seq} />),
    },
    {
      key: 'act',
      title: <span className="visually-hidden">{t('training.remove')}</span>,
      width: 110,
      align: 'right',
      render: (row) => (
        <MayButton action="commitment_manage" size="small" onClick={() => onRemove(row)}>
          {t('training.remove')}
          <span className="visually-hidden"> {row.person.name}</span>
        </MayButton>
      ),
    },
  ];
}

interface Values {
  persons: string[];
  topic: string;
  day: Dayjs;
  hours: number;
  by: string;
}

function Add({ onClose }: { onClose: () => void }) {
  const { t } = useLanguage();
  const add = useAddTraining();
  const today = dayjs(isoDate(new Date()));
  const needed = [{ required: true, whitespace: true, message: t('incident.needed') }];
  return (
    <FormModal<Values>
      title={t('training.add')}
      ok={t('action.save')}
      will={t('training.add_will')}
      error={add.error}
      busy={add.isPending}
      initial={{ day: today, hours: 8 }}
      onFinish={({ persons, topic, day, hours, by }) =>
        add.mutate(
          { persons, topic: written(topic), day: day.format('YYYY-MM-DD'), hours, by: written(by) },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <Form.Item
        name="persons"
        label={t('training.persons')}
        rules={[{ required: true, type: 'array', min: 1, message: t('persons.choose_needed') }]}
      >
        <PersonsSelect />
      </Form.Item>
      <Form.Item name="topic" label={t('training.topic')} rules={needed}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="by" label={t('training.by')} rules={needed}>
        <Input maxLength={200} />
      </Form.Item>
      <div className="form-line">
        <Form.Item
          name="day"
          label={t('training.day')}
          rules={[{ required: true, message: t('device_account.day_needed') }]}
        >
          <DatePicker format="DD/MM/YYYY" allowClear={false} maxDate={today} />
        </Form.Item>
        <Form.Item
          name="hours"
          label={t('training.hours')}
          rules={[{ required: true, message: t('incident.needed') }]}
        >
          <InputNumber min={1} max={hoursMax} precision={0} />
        </Form.Item>
      </div>
    </FormModal>
  );
}

function Remove({ training, onClose }: { training: Training; onClose: () => void }) {
  const { t } = useLanguage();
  const remove = useRemoveTraining(training.id);
  return (
    <ReasonModal
      title={`${t('training.remove')}: ${training.topic} – ${training.person.name}`}
      will={t('training.remove_will')}
      ok={t('training.remove')}
      error={remove.error}
      busy={remove.isPending}
      onFinish={(reason) => remove.mutate(reason, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}
