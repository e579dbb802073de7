// The fields that say whose records a sender's are.
import { Form, Input, Radio, Select } from 'antd';
import { useDevices } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { AgencySelect, byWords, useLivingAgencies } from '~/ui/AgencySelect';
import { deviceClasses } from '../devices/classes';

export function PlaceFields({ whose }: { whose: 'new' | 'known' }) {
  const { t } = useLanguage();
  const devices = useDevices();
  const agencies = useLivingAgencies();
  const needed = [{ required: true, message: t('sender.needed') }];
  const nameOf = (agency: string) => agencies.find((each) => each.id === agency)?.name ?? '';
  return (
    <>
      <Form.Item name="whose" label={t('sender.whose')}>
        <Radio.Group
          options={[
            { value: 'new', label: t('sender.new_device') },
            { value: 'known', label: t('sender.known_device') },
          ]}
        />
      </Form.Item>
      {whose === 'known' ? (
        <Form.Item name="device" label={t('logs.device')} rules={needed} extra={t('sender.known_help')}>
          <Select
            showSearch={byWords}
            options={(devices.data ?? []).map((each) => ({
              value: each.id,
              label: [each.name, nameOf(each.agency)].filter(Boolean).join(' · '),
            }))}
          />
        </Form.Item>
      ) : (
        <>
          <Form.Item name="agency" label={t('filter.agency')} rules={needed}>
            <AgencySelect />
          </Form.Item>
          <Form.Item
            name="name"
            label={t('sender.device_name')}
            rules={[{ required: true, whitespace: true, message: t('sender.needed') }]}
          >
            <Input maxLength={200} />
          </Form.Item>
          <Form.Item name="class" label={t('sender.device_class')} extra={t('sender.class_help')}>
            <Select
              options={deviceClasses.map((each) => ({ value: each, label: t(`device_class.${each}`) }))}
            />
          </Form.Item>
        </>
      )}
    </>
  );
}
