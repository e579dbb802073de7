import { Form, Input, Modal, Select } from 'antd';
import { useChangeDevice } from '~/api/changes';
import type { Device, DeviceChange } from '~/api/types';
import { useLanguage } from '~/i18n';
import { ErrorNote } from '~/ui/Page';
import { deviceClasses } from './classes';

export function DeviceEdit({ device, onClose }: { device: Device; onClose: () => void }) {
  const { t } = useLanguage();
  const [form] = Form.useForm<DeviceChange>();
  const change = useChangeDevice(device.id);
  return (
    <Modal
      open
      title={t('devices.edit')}
      okText={t('action.save')}
      cancelText={t('action.cancel')}
      confirmLoading={change.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      {change.error ? <ErrorNote error={change.error} /> : null}
      <Form
        form={form}
        layout="vertical"
        initialValues={{
          class: device.class,
          place: device.place,
          person_in_charge: device.person_in_charge,
        }}
        onFinish={(values) => change.mutate(normalised(values), { onSuccess: onClose })}
      >
        <Form.Item name="class" label={t('devices.class')} extra={t('devices.class_help')}>
          <Select
            options={deviceClasses.map((name) => ({ value: name, label: t(`device_class.${name}`) }))}
          />
        </Form.Item>
        <Form.Item name="place" label={t('devices.place')}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="person_in_charge" label={t('devices.person')}>
          <Input maxLength={200} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

// Names typed with combining marks become the composed letters that the rest of the system uses.
const normalised = (values: DeviceChange): DeviceChange => ({
  ...values,
  place: values.place?.normalize('NFC').trim(),
  person_in_charge: values.person_in_charge?.normalize('NFC').trim(),
});
