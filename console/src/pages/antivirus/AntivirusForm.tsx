// Setting the weekly scan for an agency or a machine. What protects less waits for a second person.
import { Alert, Checkbox, Form, Input, InputNumber, Select, TimePicker } from 'antd';
import { Link } from 'react-router-dom';
import { type AntivirusSettings, type SettingsOf, useSetSections } from '~/api/deviceSettings';
import { useLanguage } from '~/i18n';
import { linesOf } from '~/ui/clock';
import { FormModal } from '~/ui/FormModal';
import { ReasonItem } from '~/ui/ReasonItem';
import { type AntivirusValues, fromForm, toForm } from './antivirus';

const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;

export function AntivirusForm({
  of,
  name,
  section,
  own,
  onClose,
}: {
  of: SettingsOf;
  name: string;
  section: AntivirusSettings;
  own: boolean; // Set here: it may fall back to what is set above.
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const [form] = Form.useForm<AntivirusValues & { fall_back?: boolean }>();
  const fallBack = Form.useWatch('fall_back', form) ?? false;
  const set = useSetSections(of);
  const needed = { required: true, message: t('services.needed') };
  return (
    <FormModal<AntivirusValues & { fall_back?: boolean }>
      title={t('antivirus.set_of', { name })}
      ok={t('antivirus.set')}
      width={680}
      form={form}
      will={t('antivirus.set_will')}
      error={set.error}
      busy={set.isPending}
      initial={toForm(section)}
      proposed={set.data ? { done: set.data.act === null, act: set.data.act } : undefined}
      done={t('antivirus.set_done')}
      onFinish={({ fall_back, ...values }) =>
        set.mutate({
          antivirus: fall_back ? null : fromForm(values),
          reason: values.reason.normalize('NFC').trim(),
        })
      }
      onClose={onClose}
    >
      {own ? (
        <Form.Item name="fall_back" valuePropName="checked">
          <Checkbox>{t('antivirus.fall_back')}</Checkbox>
        </Form.Item>
      ) : null}
      {fallBack ? (
        <Alert type="info" showIcon title={t('antivirus.fall_back_will')} className="stale-banner" />
      ) : null}
      <fieldset disabled={fallBack} hidden={fallBack}>
        <Form.Item name="scan" valuePropName="checked">
          <Checkbox>{t('antivirus.scan')}</Checkbox>
        </Form.Item>
        <div className="form-line">
          <Form.Item name="weekday" label={t('antivirus.weekday')}>
            <Select options={weekdays.map((each) => ({ value: each, label: t(`antivirus.day_${each}`) }))} />
          </Form.Item>
          <Form.Item name="from" label={t('antivirus.from')} rules={[needed]}>
            <TimePicker format="HH:mm" minuteStep={5} needConfirm={false} />
          </Form.Item>
          <Form.Item name="until" label={t('antivirus.until')} rules={[needed]}>
            <TimePicker format="HH:mm" minuteStep={5} needConfirm={false} />
          </Form.Item>
        </div>
        <Form.Item
          name="paths"
          label={t('antivirus.paths')}
          extra={t('antivirus.paths_help')}
          rules={[
            {
              validator: (_, text: string) =>
                linesOf(text ?? '').length > 0 && linesOf(text).every((line) => line.startsWith('/'))
                  ? Promise.resolve()
                  : Promise.reject(new Error(t('antivirus.paths_wrong'))),
            },
          ]}
        >
          <Input.TextArea rows={2} className="code-input" />
        </Form.Item>
        <Form.Item name="excludes" label={t('antivirus.excludes')} extra={t('antivirus.paths_help')}>
          <Input.TextArea rows={2} className="code-input" />
        </Form.Item>
        <Form.Item name="other_file_systems" valuePropName="checked">
          <Checkbox>{t('antivirus.other_file_systems')}</Checkbox>
        </Form.Item>
        <div className="form-line">
          <Form.Item name="file_mib_max" label={t('antivirus.file_mib_max')} rules={[needed]}>
            <InputNumber min={1} max={2048} precision={0} />
          </Form.Item>
          <Form.Item name="busy_percent" label={t('antivirus.busy_percent')} rules={[needed]}>
            <InputNumber min={1} max={100} precision={0} />
          </Form.Item>
          <Form.Item name="pause_load_percent" label={t('antivirus.pause_load_percent')} rules={[needed]}>
            <InputNumber min={10} max={1000} precision={0} />
          </Form.Item>
        </div>
        <Form.Item name="pause_on_battery" valuePropName="checked">
          <Checkbox>{t('antivirus.pause_on_battery')}</Checkbox>
        </Form.Item>
        <Form.Item name="infected" label={t('antivirus.infected')}>
          <Select
            options={(['quarantine', 'report'] as const).map((each) => ({
              value: each,
              label: t(`antivirus.infected_${each}`),
            }))}
          />
        </Form.Item>
        <Form.Item
          name="official_signatures"
          label={t('antivirus.official')}
          extra={t('antivirus.official_help')}
        >
          <Select
            options={(['offline', 'always', 'never'] as const).map((each) => ({
              value: each,
              label: t(`antivirus.official_${each}`),
            }))}
          />
        </Form.Item>
      </fieldset>
      <ReasonItem />
      {set.data && set.data.weakened.length > 0 && set.data.act ? (
        <Link to="/acts">{t('antivirus.weakened')}</Link>
      ) : null}
    </FormModal>
  );
}
