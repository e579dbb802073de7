// Entering a network or storage device, and changing what is on record of it. No field is for a password, and the hub
// refuses what looks like one.
import { DatePicker, Form, Input, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import {
  type Equipment,
  type EquipmentDetail,
  type EquipmentKind,
  equipmentKinds,
  useAddEquipment,
  useChangeEquipment,
} from '~/api/equipment';
import { useLanguage } from '~/i18n';
import { AgencySelect, byWords } from '~/ui/AgencySelect';
import { FormModal } from '~/ui/FormModal';

interface Values {
  agency: string;
  kind: EquipmentKind;
  name: string;
  model: string;
  serial: string;
  place: string;
  custodian: string;
  address: string;
  mac: string;
  firmware: string;
  support_ends_on: Dayjs | null;
  note: string;
}

const clean = (text: string | undefined) => (text ?? '').normalize('NFC').trim();

export function EquipmentForm({
  equipment,
  onClose,
}: {
  equipment: Equipment | null;
  onClose: (made?: EquipmentDetail) => void;
}) {
  const { t } = useLanguage();
  const add = useAddEquipment();
  const change = useChangeEquipment(equipment?.id ?? '');
  const needed = [{ required: true, whitespace: true, message: t('incident.needed') }];
  const save = (values: Values) => {
    const fields = {
      kind: values.kind,
      model: clean(values.model),
      serial: clean(values.serial),
      place: clean(values.place),
      custodian: clean(values.custodian),
      address: clean(values.address),
      mac: clean(values.mac),
      firmware: clean(values.firmware),
      support_ends_on: values.support_ends_on?.format('YYYY-MM-DD') ?? null,
      note: clean(values.note),
    };
    const then = { onSuccess: (made: EquipmentDetail) => onClose(made) };
    if (equipment) change.mutate({ ...fields, version: equipment.version }, then);
    else add.mutate({ ...fields, agency: values.agency, name: clean(values.name) }, then);
  };
  return (
    <FormModal<Values>
      title={equipment ? t('equipment.edit_title', { name: equipment.name }) : t('equipment.add')}
      ok={t('action.save')}
      width={640}
      will={t('equipment.no_password')}
      error={add.error ?? change.error}
      busy={add.isPending || change.isPending}
      initial={
        equipment
          ? {
              ...equipment,
              support_ends_on: equipment.support_ends_on ? dayjs(equipment.support_ends_on) : null,
            }
          : { kind: 'switch' }
      }
      onFinish={save}
      onClose={() => onClose()}
    >
      {equipment ? null : (
        <div className="form-line">
          <Form.Item name="agency" label={t('equipment.agency')} rules={needed}>
            <AgencySelect />
          </Form.Item>
          <Form.Item name="name" label={t('equipment.name')} extra={t('equipment.name_help')} rules={needed}>
            <Input maxLength={50} />
          </Form.Item>
        </div>
      )}
      <div className="form-line">
        <Form.Item name="kind" label={t('equipment.kind')} rules={needed}>
          <Select
            showSearch={byWords}
            options={equipmentKinds.map((each) => ({ value: each, label: t(`equipment_kind.${each}`) }))}
          />
        </Form.Item>
        <Form.Item name="model" label={t('equipment.model')}>
          <Input maxLength={100} />
        </Form.Item>
      </div>
      <div className="form-line">
        <Form.Item name="serial" label={t('equipment.serial')}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="firmware" label={t('equipment.firmware')}>
          <Input maxLength={100} />
        </Form.Item>
      </div>
      <div className="form-line">
        <Form.Item name="place" label={t('equipment.place')}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="custodian" label={t('equipment.custodian')}>
          <Input maxLength={100} />
        </Form.Item>
      </div>
      <div className="form-line">
        <Form.Item name="address" label={t('equipment.address')}>
          <Input maxLength={45} />
        </Form.Item>
        <Form.Item name="mac" label={t('equipment.mac')}>
          <Input maxLength={17} />
        </Form.Item>
      </div>
      <Form.Item name="support_ends_on" label={t('equipment.support')} extra={t('equipment.support_help')}>
        <DatePicker format="DD/MM/YYYY" />
      </Form.Item>
      <Form.Item name="note" label={t('equipment.note')}>
        <Input.TextArea rows={2} maxLength={1000} />
      </Form.Item>
    </FormModal>
  );
}
