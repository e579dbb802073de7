// One device of the register: what is on record of it, and every change of its passwords.
import { Form, Input } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router-dom';
import {
  type Equipment,
  type EquipmentDetail,
  type Rotation,
  useEquipmentOne,
  useRetireEquipment,
} from '~/api/equipment';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { FormModal } from '~/ui/FormModal';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Page, Section } from '~/ui/Page';
import { DateOnly } from '~/ui/Time';
import { EquipmentForm } from './EquipmentForm';
import { RotationForm } from './RotationForm';
import { RotationTag } from './RotationTag';

type Asked = 'edit' | 'rotate' | 'retire' | null;

export default function EquipmentOne() {
  const { t } = useLanguage();
  const { equipment = '' } = useParams();
  const query = useEquipmentOne(equipment);
  const [asked, setAsked] = useState<Asked>(null);
  const one = query.data?.equipment;
  return (
    <Page
      title={one?.name ?? t('nav.equipment')}
      lead={one ? [t(`equipment_kind.${one.kind}`), one.model].filter(Boolean).join(' · ') : undefined}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/equipment">{t('nav.equipment')}</Link>
        </nav>
      }
      extra={
        one && !one.retired_at ? (
          <>
            <MayButton action="equipment_manage" onClick={() => setAsked('retire')}>
              {t('equipment.retire')}
            </MayButton>
            <MayButton action="equipment_manage" onClick={() => setAsked('edit')}>
              {t('equipment.edit')}
            </MayButton>
            <MayButton action="equipment_manage" type="primary" onClick={() => setAsked('rotate')}>
              {t('equipment.rotate')}
            </MayButton>
          </>
        ) : undefined
      }
      updatedAt={query.dataUpdatedAt}
    >
      <Loaded query={query} rows={6}>
        {(detail) => <Detail detail={detail} asked={asked} onAsk={setAsked} />}
      </Loaded>
    </Page>
  );
}

function Detail({
  detail,
  asked,
  onAsk,
}: {
  detail: EquipmentDetail;
  asked: Asked;
  onAsk: (asked: Asked) => void;
}) {
  const { t } = useLanguage();
  const one = detail.equipment;
  const close = () => onAsk(null);
  return (
    <>
      {one.retired_at ? (
        <p className="will-happen" role="status">
          {t('equipment.retired')} <DateOnly at={one.retired_at} />: {one.retire_reason}
        </p>
      ) : null}
      <dl className="facts">
        <dt>{t('equipment.rotation')}</dt>
        <dd>
          <RotationTag rotation={one.rotation} />
        </dd>
        <dt>{t('equipment.place')}</dt>
        <dd>{one.place || '–'}</dd>
        <dt>{t('equipment.custodian')}</dt>
        <dd>{one.custodian || '–'}</dd>
        <dt>{t('equipment.serial')}</dt>
        <dd>{one.serial || '–'}</dd>
        <dt>{t('equipment.address')}</dt>
        <dd>{[one.address, one.mac].filter(Boolean).join(' · ') || '–'}</dd>
        <dt>{t('equipment.firmware')}</dt>
        <dd>{one.firmware || '–'}</dd>
        <dt>{t('equipment.support_until')}</dt>
        <dd className={one.supported ? undefined : 'overdue'}>
          <DateOnly at={one.support_ends_on} />
        </dd>
        <dt>{t('equipment.note')}</dt>
        <dd>{one.note || '–'}</dd>
        <dt>{t('equipment.registered')}</dt>
        <dd>
          <DateOnly at={one.registered_at} /> · {one.registered_by}
        </dd>
        <dt>{t('equipment.verdicts')}</dt>
        <dd>
          <Link to={`/devices/${one.device}`}>{t('equipment.open_device')}</Link>
        </dd>
      </dl>
      <Section title={t('equipment.rotations')}>
        <Rotations rows={detail.rotations} />
      </Section>
      {asked === 'edit' ? <EquipmentForm equipment={one} onClose={close} /> : null}
      {asked === 'rotate' ? (
        <RotationForm equipment={one} days={detail.password_age_days} onClose={close} />
      ) : null}
      {asked === 'retire' ? <Retire equipment={one} onClose={close} /> : null}
    </>
  );
}

function Rotations({ rows }: { rows: Rotation[] }) {
  const { t } = useLanguage();
  const columns: Column<Rotation>[] = [
    {
      key: 'on',
      title: t('equipment.changed_on'),
      primary: true,
      width: 140,
      render: (row) => <DateOnly at={row.changed_on} />,
    },
    { key: 'by', title: t('equipment.changed_by'), render: (row) => row.changed_by },
    { key: 'accounts', title: t('equipment.accounts'), render: (row) => row.accounts || '–' },
    {
      key: 'next',
      title: t('equipment.next_due'),
      width: 150,
      render: (row) => <DateOnly at={row.next_due_on} />,
    },
    { key: 'note', title: t('equipment.note'), render: (row) => row.note || '–' },
    {
      key: 'recorded',
      title: t('equipment.recorded'),
      width: 200,
      render: (row) => (
        <span className="two-lines">
          <span>{row.recorded_by}</span>
          <span className="muted">
            <DateOnly at={row.recorded_at} />
          </span>
        </span>
      ),
    },
  ];
  return (
    <DataTable
      label={t('equipment.rotations')}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      empty={<EmptyState why={t('equipment.no_rotation')} />}
    />
  );
}

function Retire({ equipment, onClose }: { equipment: Equipment; onClose: () => void }) {
  const { t } = useLanguage();
  const retire = useRetireEquipment(equipment.id);
  return (
    <FormModal<{ reason: string }>
      title={t('equipment.retire_title', { name: equipment.name })}
      ok={t('equipment.retire')}
      danger
      will={t('equipment.retire_will')}
      error={retire.error}
      busy={retire.isPending}
      onFinish={({ reason }) => retire.mutate(reason.normalize('NFC').trim(), { onSuccess: onClose })}
      onClose={onClose}
    >
      <Form.Item
        name="reason"
        label={t('equipment.reason')}
        rules={[{ required: true, whitespace: true, message: t('incident.needed') }]}
      >
        <Input.TextArea rows={2} maxLength={1000} />
      </Form.Item>
    </FormModal>
  );
}
