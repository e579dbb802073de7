// Registering a service to watch, or changing its registration.
import { Form, Input, InputNumber, Modal, Select, Switch } from 'antd';
import { useAgencies } from '~/api/queries';
import type { ServiceKind, WatchedService } from '~/api/types';
import { useAddService, useChangeService } from '~/api/watch';
import { useLanguage } from '~/i18n';
import { ErrorNote } from '~/ui/Page';

interface Values {
  agency: string;
  name: string;
  kind: ServiceKind;
  target: string;
  redirects: string;
  interval: number;
  enabled: boolean;
}

const kinds: readonly ServiceKind[] = ['http', 'tcp', 'tls', 'dns', 'icmp'];
const intervalDefault = 60;

export function ServiceForm({ service, onClose }: { service: WatchedService | null; onClose: () => void }) {
  const { t } = useLanguage();
  const agencies = useAgencies();
  const add = useAddService();
  const change = useChangeService(service?.id ?? '');
  const [form] = Form.useForm<Values>();
  const kind = Form.useWatch('kind', form) ?? service?.kind ?? 'http';
  const error = add.error ?? change.error;
  const needed = [{ required: true, whitespace: true, message: t('services.needed') }];
  const save = (values: Values) => {
    const common = {
      name: values.name.normalize('NFC').trim(),
      target: values.target.trim(),
      redirect_hosts: (values.redirects ?? '').split(/[\s,]+/).filter(Boolean),
      interval_s: values.interval,
      enabled: values.enabled,
    };
    if (service) change.mutate(common, { onSuccess: onClose });
    else add.mutate({ ...common, agency: values.agency, kind: values.kind }, { onSuccess: onClose });
  };
  return (
    <Modal
      open
      title={t(service ? 'services.edit' : 'services.add')}
      okText={t('action.save')}
      cancelText={t('action.cancel')}
      confirmLoading={add.isPending || change.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      {error ? <ErrorNote error={error} /> : null}
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={{
          agency: service?.agency ?? agencies.data?.[0]?.id,
          name: service?.name ?? '',
          kind: service?.kind ?? 'http',
          target: service?.target ?? '',
          redirects: service?.redirect_hosts.join(' ') ?? '',
          interval: service?.interval_s ?? intervalDefault,
          enabled: service?.enabled ?? true,
        }}
        onFinish={save}
      >
        {service || (agencies.data?.length ?? 0) <= 1 ? (
          <Form.Item name="agency" hidden>
            <Input />
          </Form.Item>
        ) : (
          <Form.Item name="agency" label={t('filter.agency')}>
            <Select options={agencies.data?.map((each) => ({ value: each.id, label: each.name }))} />
          </Form.Item>
        )}
        <Form.Item name="name" label={t('services.name')} rules={needed}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="kind" label={t('services.kind')}>
          <Select
            disabled={service !== null}
            options={kinds.map((each) => ({ value: each, label: t(`service_kind.${each}`) }))}
          />
        </Form.Item>
        <Form.Item
          name="target"
          label={t(`service_target.${kind}`)}
          rules={needed}
          {...(service ? { extra: t('services.relearn') } : {})}
        >
          <Input maxLength={1024} spellCheck={false} />
        </Form.Item>
        {kind === 'http' ? (
          <Form.Item name="redirects" label={t('services.redirects')} extra={t('services.redirects_help')}>
            <Input maxLength={2600} spellCheck={false} />
          </Form.Item>
        ) : null}
        <Form.Item
          name="interval"
          label={t('services.interval')}
          rules={[{ required: true, message: t('services.needed') }]}
        >
          <InputNumber min={10} max={86_400} precision={0} />
        </Form.Item>
        <Form.Item name="enabled" label={t('services.enabled')} valuePropName="checked">
          <Switch aria-label={t('services.enabled')} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
