// How runs behave: their hours, their pace, what they wait for.
import { Checkbox, Form, InputNumber, TimePicker } from 'antd';
import { type BackupSettings, type SettingsOf, useSetSections } from '~/api/deviceSettings';
import { useLanguage } from '~/i18n';
import { FormModal } from '~/ui/FormModal';
import { ReasonItem } from '~/ui/ReasonItem';
import { type GeneralValues, generalFromForm, generalToForm } from './settings';

type Values = GeneralValues & { fall_back?: boolean; reason: string };

export function GeneralForm({
  of,
  name,
  section,
  own,
  onClose,
}: {
  of: SettingsOf;
  name: string;
  section: BackupSettings;
  own: boolean; // Set here: it may fall back to what is set above.
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const [form] = Form.useForm<Values>();
  const fallBack = Form.useWatch('fall_back', form) ?? false;
  const send = useSetSections(of);
  const needed = { required: true, message: t('services.needed') };
  const numbers = [
    ['busy_percent', 1, 100],
    ['read_back_percent', 1, 100],
    ['pause_load_percent', 10, 1000],
    ['write_kib_per_second', 0, 10_485_760],
  ] as const;
  return (
    <FormModal<Values>
      title={t('backup_plan.general_of', { name })}
      ok={t('antivirus.set')}
      width={680}
      form={form}
      will={t('antivirus.set_will')}
      error={send.error}
      busy={send.isPending}
      initial={generalToForm(section)}
      proposed={send.data ? { done: send.data.act === null, act: send.data.act } : undefined}
      done={t('antivirus.set_done')}
      onFinish={({ fall_back, reason, ...values }) =>
        send.mutate({
          backup: fall_back ? null : generalFromForm(values, section.sets),
          reason: reason.normalize('NFC').trim(),
        })
      }
      onClose={onClose}
    >
      {own ? (
        <Form.Item name="fall_back" valuePropName="checked" extra={t('backup_plan.fall_back_will')}>
          <Checkbox>{t('antivirus.fall_back')}</Checkbox>
        </Form.Item>
      ) : null}
      <fieldset disabled={fallBack} hidden={fallBack}>
        <Form.Item name="run" valuePropName="checked">
          <Checkbox>{t('backup_plan.run')}</Checkbox>
        </Form.Item>
        <div className="form-line">
          <Form.Item name="from" label={t('antivirus.from')} rules={[needed]}>
            <TimePicker format="HH:mm" minuteStep={5} needConfirm={false} />
          </Form.Item>
          <Form.Item name="until" label={t('antivirus.until')} rules={[needed]}>
            <TimePicker format="HH:mm" minuteStep={5} needConfirm={false} />
          </Form.Item>
        </div>
        <div className="form-line">
          {numbers.map(([field, min, max]) => (
            <Form.Item key={field} name={field} label={t(`backup_plan.${field}`)} rules={[needed]}>
              <InputNumber min={min} max={max} precision={0} />
            </Form.Item>
          ))}
        </div>
        <Form.Item name="pause_on_battery" valuePropName="checked">
          <Checkbox>{t('antivirus.pause_on_battery')}</Checkbox>
        </Form.Item>
      </fieldset>
      <ReasonItem />
    </FormModal>
  );
}
