// To which machines a release goes: a few, agencies, then all.
import { Form, Input, InputNumber, Radio, Select } from 'antd';
import { useDevices } from '~/api/queries';
import { type AgentRelease, type AgentReleaseRing, useSetRing } from '~/api/releases';
import { useLanguage } from '~/i18n';
import { byWords, useLivingAgencies } from '~/ui/AgencySelect';
import { FormModal } from '~/ui/FormModal';

const rings = ['devices', 'agencies', 'all'] as const;

export function RingForm({ release, onClose }: { release: AgentRelease; onClose: () => void }) {
  const { t } = useLanguage();
  const set = useSetRing(release.id);
  const [form] = Form.useForm<AgentReleaseRing>();
  const devices = useDevices();
  const agencies = useLivingAgencies();
  const now = release.ring === 'none' ? 'devices' : release.ring;
  const ring = Form.useWatch('ring', form) ?? now;
  const choices = ring === 'devices' ? (devices.data ?? []) : agencies;
  return (
    <FormModal<AgentReleaseRing>
      title={t('release.ring_of', { version: release.version })}
      ok={t('release.set_ring')}
      will={t('release.ring_will')}
      form={form}
      error={set.error}
      busy={set.isPending}
      initial={{
        ring: now,
        places: release.places.map((each) => each.id),
        patience_seconds: release.patience_seconds,
      }}
      onChange={(changed) => {
        if (changed.ring) form.setFieldsValue({ places: [] });
      }}
      onFinish={(said) =>
        set.mutate(
          {
            ring: said.ring,
            places: said.ring === 'all' ? [] : (said.places ?? []),
            patience_seconds: said.patience_seconds,
            reason: said.reason.normalize('NFC').trim(),
          },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <Form.Item name="ring" label={t('release.ring')}>
        <Radio.Group options={rings.map((each) => ({ value: each, label: t(`release.ring_${each}`) }))} />
      </Form.Item>
      <div hidden={ring === 'all'}>
        <Form.Item
          name="places"
          label={t('release.places')}
          rules={ring === 'all' ? [] : [{ required: true, message: t('services.needed') }]}
        >
          <Select
            mode="multiple"
            showSearch={byWords}
            options={choices.map((each) => ({ value: each.id, label: each.name }))}
          />
        </Form.Item>
      </div>
      <Form.Item
        name="patience_seconds"
        label={t('release.patience')}
        extra={t('release.patience_help')}
        rules={[{ required: true, message: t('services.needed') }]}
      >
        <InputNumber min={30} max={86_400} precision={0} />
      </Form.Item>
      <Form.Item
        name="reason"
        label={t('antivirus.reason')}
        rules={[{ required: true, whitespace: true, message: t('services.needed') }]}
      >
        <Input.TextArea maxLength={1000} rows={2} />
      </Form.Item>
    </FormModal>
  );
}
