// That passwords of a device were changed: when, which and by whom. The password itself is told to nobody here.
import { DatePicker, Form, Input } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { type Equipment, useRecordRotation } from '~/api/equipment';
import { useSession } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { FormModal } from '~/ui/FormModal';
import { formatNumber, isoDate } from '~/ui/format';

interface Values {
  changed_on: Dayjs;
  changed_by: string;
  accounts: string;
  next_due_on: Dayjs | null;
  note: string;
}

const clean = (text: string | undefined) => (text ?? '').normalize('NFC').trim();

export function RotationForm({
  equipment,
  days,
  onClose,
}: {
  equipment: Equipment;
  days: number;
  onClose: () => void;
}) {
  const { t, language } = useLanguage();
  const session = useSession();
  const record = useRecordRotation(equipment.id);
  const needed = [{ required: true, message: t('incident.needed') }];
  return (
    <FormModal<Values>
      title={t('equipment.rotate_title', { name: equipment.name })}
      ok={t('equipment.rotate')}
      will={t('equipment.rotate_will', { number: formatNumber(days, language) })}
      error={record.error}
      busy={record.isPending}
      initial={{
        changed_on: dayjs(isoDate(new Date())),
        changed_by: session.data?.display_name ?? '',
        accounts: '',
        next_due_on: null,
        note: '',
      }}
      onFinish={(values) =>
        record.mutate(
          {
            changed_on: values.changed_on.format('YYYY-MM-DD'),
            changed_by: clean(values.changed_by),
            accounts: clean(values.accounts),
            next_due_on: values.next_due_on?.format('YYYY-MM-DD') ?? null,
            note: clean(values.note),
          },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <div className="form-line">
        <Form.Item name="changed_on" label={t('equipment.changed_on')} rules={needed}>
          <DatePicker
            format="DD/MM/YYYY"
            allowClear={false}
            disabledDate={(day) => day.isAfter(dayjs(), 'day')}
          />
        </Form.Item>
        <Form.Item name="next_due_on" label={t('equipment.next_due')} extra={t('equipment.next_due_help')}>
          <DatePicker format="DD/MM/YYYY" />
        </Form.Item>
      </div>
      <Form.Item name="changed_by" label={t('equipment.changed_by')} rules={needed}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="accounts" label={t('equipment.accounts')} extra={t('equipment.accounts_help')}>
        <Input maxLength={100} autoComplete="off" />
      </Form.Item>
      <Form.Item name="note" label={t('equipment.note')}>
        <Input.TextArea rows={2} maxLength={1000} />
      </Form.Item>
    </FormModal>
  );
}
