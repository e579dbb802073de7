// One set: which data, how often, to where, and how many copies stay.
import { Form, Input, InputNumber, Select } from 'antd';
import { useMedia } from '~/api/custody';
import { type BackupSet, type BackupSettings, type SettingsOf, useSetSections } from '~/api/deviceSettings';
import { useLanguage } from '~/i18n';
import { linesOf } from '~/ui/clock';
import { FormModal } from '~/ui/FormModal';
import { ReasonItem } from '~/ui/ReasonItem';
import { kinds, newSet, type SetValues, servers, setFromForm, setToForm, withSet } from './settings';

type Values = SetValues & { reason: string };
const kept = ['keep_last', 'keep_daily', 'keep_weekly', 'keep_monthly'] as const;

export function SetForm({
  of,
  section,
  before,
  onClose,
}: {
  of: SettingsOf;
  section: BackupSettings;
  before?: BackupSet;
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const [form] = Form.useForm<Values>();
  const media = useMedia();
  const send = useSetSections(of);
  const kind = Form.useWatch('kind', form) ?? before?.kind ?? 'files';
  const server = servers.includes(kind);
  const needed = { required: true, whitespace: true, message: t('services.needed') };
  const whole = (min: number) => ({
    validator: (_: unknown, text: string) =>
      linesOf(text ?? '').length >= min && linesOf(text ?? '').every((line) => line.startsWith('/'))
        ? Promise.resolve()
        : Promise.reject(new Error(t(min > 0 ? 'antivirus.paths_wrong' : 'backup_plan.paths_whole'))),
  });
  const somewhere = {
    validator: () =>
      linesOf(form.getFieldValue('disks') ?? '').length + (form.getFieldValue('media') ?? []).length > 0
        ? Promise.resolve()
        : Promise.reject(new Error(t('backup_plan.somewhere'))),
  };
  return (
    <FormModal<Values>
      title={before ? t('backup_plan.change_of', { name: before.name }) : t('backup_plan.add')}
      ok={t(before ? 'backup_plan.change' : 'backup_plan.add')}
      width={720}
      form={form}
      will={t('antivirus.set_will')}
      error={send.error}
      busy={send.isPending}
      initial={before ? setToForm(before) : newSet}
      proposed={send.data ? { done: send.data.act === null, act: send.data.act } : undefined}
      done={t('antivirus.set_done')}
      onFinish={({ reason, ...values }) =>
        send.mutate({
          backup: { ...section, sets: withSet(section.sets, before?.name, setFromForm(values)) },
          reason: reason.normalize('NFC').trim(),
        })
      }
      onClose={onClose}
    >
      <div className="form-line">
        <Form.Item name="name" label={t('backups.set')} rules={[needed]}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="kind" label={t('backups.kind')}>
          <Select options={kinds.map((each) => ({ value: each, label: t(`backup_kind.${each}`) }))} />
        </Form.Item>
        <Form.Item
          name="every_days"
          label={t('backup_plan.every_days')}
          rules={[{ required: true, message: t('services.needed') }]}
        >
          <InputNumber min={1} max={31} precision={0} />
        </Form.Item>
      </div>
      <div hidden={server}>
        <Form.Item
          name="paths"
          label={t('backup_plan.paths')}
          extra={t('antivirus.paths_help')}
          rules={server ? [] : [whole(1)]}
        >
          <Input.TextArea rows={3} className="code-input" />
        </Form.Item>
      </div>
      <div hidden={server || kind === 'sqlite'}>
        <Form.Item name="excludes" label={t('antivirus.excludes')} rules={[whole(0)]}>
          <Input.TextArea rows={2} className="code-input" />
        </Form.Item>
      </div>
      <div hidden={!server}>
        <Form.Item
          name="databases"
          label={t('backup_plan.databases')}
          extra={t('backup_plan.databases_help')}
        >
          <Input.TextArea rows={2} className="code-input" />
        </Form.Item>
        <div className="form-line">
          <Form.Item name="user" label={t('backup_plan.user')} rules={server ? [needed] : []}>
            <Input maxLength={32} className="code-input" />
          </Form.Item>
          <Form.Item name="socket" label={t('backup_plan.socket')}>
            <Input maxLength={4096} className="code-input" />
          </Form.Item>
        </div>
      </div>
      <Form.Item
        name="disks"
        label={t('backup_plan.disks')}
        extra={t('backup_plan.disks_help')}
        dependencies={['media']}
        rules={[whole(0), somewhere]}
      >
        <Input.TextArea rows={2} className="code-input" />
      </Form.Item>
      <Form.Item name="media" label={t('backup_plan.media')} extra={t('backup_plan.media_help')}>
        <Select
          mode="multiple"
          optionFilterProp="label"
          options={(media.data ?? [])
            .filter((each) => !each.retired_at)
            .map((each) => ({ value: each.id, label: each.name }))}
        />
      </Form.Item>
      <div className="form-line">
        {kept.map((field) => (
          <Form.Item
            key={field}
            name={field}
            label={t(`backup_plan.${field}`)}
            rules={[{ required: true, message: t('services.needed') }]}
          >
            <InputNumber min={0} max={1000} precision={0} />
          </Form.Item>
        ))}
      </div>
      <ReasonItem />
    </FormModal>
  );
}
