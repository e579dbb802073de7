// Writing an entry of the register; taking one out of use.
import { Checkbox, DatePicker, Form, Input, Modal, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import type { RegisteredSystem, SystemRegister } from '~/api/caseworkTypes';
import { useAgencies, useDevices, useMay } from '~/api/queries';
import { useKeepSystem, useRetireSystem } from '~/api/systems';
import { useLanguage } from '~/i18n';
import { ErrorNote } from '~/ui/Page';
import { levels, systemOf, type Typed, typedOf } from './system';

type Values = Omit<Typed, 'decided'> & { decided?: Dayjs | null };

export function SystemForm({
  system,
  managers,
  agency,
  onClose,
}: {
  system: RegisteredSystem | null;
  managers: SystemRegister['managers'];
  agency: string | undefined;
  onClose: () => void;
}) {
  const { t, local } = useLanguage();
  const keep = useKeepSystem(system?.id ?? null);
  const agencies = useAgencies(useMay('agency_read'));
  const [form] = Form.useForm<Values>();
  const owner = Form.useWatch('agency', form);
  const devices = useDevices(owner ? { agency: owner } : {}, useMay('device_read') && Boolean(owner));
  const needed = [{ required: true, whitespace: true, message: t('incident.needed') }];
  // The form begins with what is known of agencies.
  if (agencies.isLoading) return null;
  const begun = system
    ? typedOf(system)
    : { agency: agency ?? agencies.data?.[0]?.id, manager: managers[0]?.id };
  const { decided, ...rest } = begun as Typed;
  return (
    <Modal
      open
      title={t(system ? 'system.edit' : 'system.add')}
      okText={t('action.save')}
      cancelText={t('action.cancel')}
      confirmLoading={keep.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
      afterOpenChange={(shown) => shown && form.getFieldInstance('name')?.focus()}
      width={720}
    >
      {keep.error ? <ErrorNote error={keep.error} /> : null}
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={{ ...rest, decided: decided ? dayjs(decided) : null }}
        onFinish={(values) =>
          keep.mutate(systemOf({ ...values, decided: values.decided?.format('YYYY-MM-DD') }), {
            onSuccess: onClose,
          })
        }
      >
        <Form.Item name="agency" label={t('filter.agency')} rules={needed}>
          <Select
            disabled={system !== null}
            showSearch={{ optionFilterProp: 'label' }}
            options={(agencies.data ?? []).map((each) => ({ value: each.id, label: each.name }))}
          />
        </Form.Item>
        <Form.Item name="name" label={t('system_column.name')} rules={needed}>
          <Input maxLength={400} />
        </Form.Item>
        <Form.Item name="purpose" label={t('system.purpose')}>
          <Input.TextArea autoSize={{ minRows: 1, maxRows: 4 }} maxLength={4000} />
        </Form.Item>
        <Form.Item
          name="manager"
          label={t('system_column.manager')}
          extra={t('system.manager_help')}
          rules={needed}
        >
          <Select options={managers.map((each) => ({ value: each.id, label: local(each.title) }))} />
        </Form.Item>
        <div className="form-line">
          <Form.Item name="operator" label={t('system.operator')}>
            <Input maxLength={400} />
          </Form.Item>
          <Form.Item name="place" label={t('system_column.place')}>
            <Input maxLength={400} />
          </Form.Item>
        </div>
        <div className="form-line">
          <Form.Item name="domains" label={t('system.domains')} extra={t('paper.one_per_line')}>
            <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} />
          </Form.Item>
          <Form.Item name="addresses" label={t('system.addresses')} extra={t('paper.one_per_line')}>
            <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} />
          </Form.Item>
        </div>
        <Form.Item name="devices" label={t('system.devices')}>
          <Select
            mode="multiple"
            optionFilterProp="label"
            options={(devices.data ?? system?.devices ?? []).map((each) => ({
              value: each.id,
              label: each.name,
            }))}
          />
        </Form.Item>
        <div className="form-line">
          <Form.Item
            name="level"
            label={t('system_column.level')}
            dependencies={['decision']}
            rules={[
              ({ getFieldValue }) => ({
                validator: (_, level) =>
                  String(getFieldValue('decision') ?? '').trim() && !level
                    ? Promise.reject(new Error(t('system.level_needed')))
                    : Promise.resolve(),
              }),
            ]}
          >
            <Select
              allowClear
              options={levels.map((level) => ({ value: level, label: t('system.level_of', { level }) }))}
            />
          </Form.Item>
          <Form.Item name="decision" label={t('system.decision')}>
            <Input maxLength={200} />
          </Form.Item>
          <Form.Item
            name="decided"
            label={t('system.decided')}
            dependencies={['decision']}
            rules={[
              ({ getFieldValue }) => ({
                validator: (_, day) =>
                  String(getFieldValue('decision') ?? '').trim() && !day
                    ? Promise.reject(new Error(t('system.decided_needed')))
                    : Promise.resolve(),
              }),
            ]}
          >
            <DatePicker format="DD/MM/YYYY" placeholder="dd/MM/yyyy" />
          </Form.Item>
        </div>
        <Form.Item name="personal_data" valuePropName="checked">
          <Checkbox>{t('system.personal_data')}</Checkbox>
        </Form.Item>
      </Form>
    </Modal>
  );
}

export function RetireSystem({ system, onClose }: { system: RegisteredSystem; onClose: () => void }) {
  const { t } = useLanguage();
  const retire = useRetireSystem(system.id);
  return (
    <Modal
      open
      title={t('contact.retire_title', { name: system.name })}
      okText={t('contact.retire')}
      cancelText={t('action.cancel')}
      confirmLoading={retire.isPending}
      onCancel={onClose}
      onOk={() => retire.mutate(undefined, { onSuccess: onClose })}
    >
      {retire.error ? <ErrorNote error={retire.error} /> : null}
      <p>{t('system.retire_will')}</p>
    </Modal>
  );
}
