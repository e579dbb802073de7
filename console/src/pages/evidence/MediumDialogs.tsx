// Entering a medium in the register; another keeper or place; taking it out of use.
import { Form, Input, Radio } from 'antd';
import { useChangeMedium, useRegisterMedium, useRetireMedium } from '~/api/custody';
import type { Medium, NewMedium } from '~/api/custodyTypes';
import { useLanguage } from '~/i18n';
import { FormModal } from '~/ui/FormModal';
import { written } from '~/ui/text';

type Values = NewMedium;

export function MediumForm({ medium, onClose }: { medium: Medium | null; onClose: () => void }) {
  return medium ? <Edit medium={medium} onClose={onClose} /> : <Add onClose={onClose} />;
}

function Add({ onClose }: { onClose: () => void }) {
  const { t } = useLanguage();
  const register = useRegisterMedium();
  const [form] = Form.useForm<Values>();
  return (
    <FormModal<Values>
      title={t('medium.add')}
      ok={t('medium.add')}
      will={t('medium.add_will')}
      form={form}
      initial={{ kind: 'disk' }}
      error={register.error}
      busy={register.isPending}
      onFinish={(values) =>
        register.mutate(
          {
            name: written(values.name),
            kind: values.kind,
            serial: written(values.serial),
            uuid: written(values.uuid),
            label: written(values.label),
            custodian: written(values.custodian),
            place: written(values.place),
          },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
      width={640}
    >
      <Form.Item name="kind" label={t('medium.kind')}>
        <Radio.Group
          options={(['disk', 'disc'] as const).map((kind) => ({
            value: kind,
            label: t(`medium_kind.${kind}`),
          }))}
        />
      </Form.Item>
      <Named />
      <p className="kept-note">
        {t('medium.identity_help')} <code>luy custody identify --to /media/sao-luu</code>
      </p>
      <div className="form-line">
        <Form.Item
          name="serial"
          label={t('medium.serial')}
          dependencies={['uuid', 'label']}
          rules={[
            ({ getFieldsValue }) => ({
              validator: () => {
                const { serial, uuid, label } = getFieldsValue() as Values;
                return written(serial) || written(uuid) || written(label)
                  ? Promise.resolve()
                  : Promise.reject(new Error(t('medium.identity_needed')));
              },
            }),
          ]}
        >
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="uuid" label={t('medium.uuid')}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="label" label={t('medium.label')}>
          <Input maxLength={200} />
        </Form.Item>
      </div>
      <Kept />
    </FormModal>
  );
}

function Named() {
  const { t } = useLanguage();
  return (
    <Form.Item
      name="name"
      label={t('medium.name')}
      extra={t('medium.name_help')}
      rules={[{ required: true, whitespace: true, message: t('incident.needed') }]}
    >
      <Input maxLength={200} />
    </Form.Item>
  );
}

function Kept() {
  const { t } = useLanguage();
  const needed = [{ required: true, whitespace: true, message: t('incident.needed') }];
  return (
    <>
      <Form.Item name="custodian" label={t('medium.custodian')} rules={needed}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="place" label={t('medium.place')} extra={t('medium.place_help')} rules={needed}>
        <Input maxLength={400} />
      </Form.Item>
    </>
  );
}

function Edit({ medium, onClose }: { medium: Medium; onClose: () => void }) {
  const { t } = useLanguage();
  const change = useChangeMedium(medium.id);
  return (
    <FormModal<Values>
      title={t('medium.edit_title', { name: medium.name })}
      ok={t('action.save')}
      will={t('medium.edit_will')}
      initial={medium}
      error={change.error}
      busy={change.isPending}
      onFinish={(values) =>
        change.mutate(
          {
            name: written(values.name),
            custodian: written(values.custodian),
            place: written(values.place),
            version: medium.version,
          },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <Named />
      <Kept />
    </FormModal>
  );
}

export function RetireMedium({ medium, onClose }: { medium: Medium; onClose: () => void }) {
  const { t } = useLanguage();
  const retire = useRetireMedium(medium.id);
  return (
    <FormModal<{ reason: string }>
      title={t('medium.retire_title', { name: medium.name })}
      ok={t('medium.retire')}
      will={t('medium.retire_will')}
      danger
      error={retire.error}
      busy={retire.isPending}
      onFinish={({ reason }) => retire.mutate(written(reason), { onSuccess: onClose })}
      onClose={onClose}
    >
      <Form.Item
        name="reason"
        label={t('waiting.note')}
        rules={[{ required: true, whitespace: true, message: t('incident.needed') }]}
      >
        <Input.TextArea rows={3} maxLength={1000} />
      </Form.Item>
    </FormModal>
  );
}
