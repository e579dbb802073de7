// Making a request: what is asked of which company, about which case or system, on what legal ground, until when.
import { Form, Input, Select } from 'antd';
import { useIncidents } from '~/api/incidents';
import type { IncidentChoice } from '~/api/incidentTypes';
import { useAskProvider, useProviders } from '~/api/providers';
import { useSession } from '~/api/queries';
import { useSystems } from '~/api/systems';
import type { LocalText, NewProviderRequest, ProviderRequest } from '~/api/types';
import { useLanguage } from '~/i18n';
import { AgencySelect, byWords } from '~/ui/AgencySelect';
import { FormModal } from '~/ui/FormModal';
import { MomentPicker } from '~/ui/MomentPicker';
import { written } from '~/ui/text';

export function AskProvider({
  kinds,
  days,
  incident,
  onClose,
  onMade,
}: {
  kinds: IncidentChoice[];
  days: LocalText; // How long the regulation gives.
  incident?: string | undefined;
  onClose: () => void;
  onMade: (made: ProviderRequest) => void;
}) {
  const { t, local } = useLanguage();
  const ask = useAskProvider();
  const session = useSession().data;
  const [form] = Form.useForm<NewProviderRequest>();
  const agency = Form.useWatch('agency', form) ?? session?.grants[0]?.agency ?? '';
  const cases = useIncidents({ open: 'true', agency: agency || undefined }, agency !== '');
  const systems = useSystems(agency, agency !== '');
  const providers = useProviders(agency);
  const open = cases.data?.pages.flatMap((page) => page.items) ?? [];
  const needed = [{ required: true, whitespace: true, message: t('incident.needed') }];
  return (
    <FormModal<NewProviderRequest>
      title={t('provider.ask')}
      ok={t('provider.send')}
      will={t('provider.ask_will')}
      error={ask.error}
      busy={ask.isPending}
      form={form}
      width={680}
      initial={{
        agency: session?.grants[0]?.agency ?? '',
        ...(incident ? { incident } : {}),
        ...(kinds[0] ? { kind: kinds[0].id } : {}),
      }}
      onChange={(changed) => {
        // Of another agency they may not be.
        if ('agency' in changed) form.setFieldsValue({ accounts: [], system: undefined as never });
      }}
      onFinish={(values) =>
        ask.mutate(
          {
            agency: values.agency,
            provider: written(values.provider),
            kind: values.kind,
            text: written(values.text),
            legal_basis: written(values.legal_basis),
            ...(values.accounts?.length ? { accounts: values.accounts } : {}),
            incident: values.incident ?? null,
            system: values.system ?? null,
            due: values.due ?? null,
          },
          {
            onSuccess: (made) => {
              onClose();
              onMade(made);
            },
          },
        )
      }
      onClose={onClose}
    >
      <Form.Item name="agency" label={t('provider.agency')} rules={needed}>
        <AgencySelect />
      </Form.Item>
      <Form.Item name="provider" label={t('provider.provider')} rules={needed}>
        <Input maxLength={400} placeholder={t('provider.provider_placeholder')} />
      </Form.Item>
      <Form.Item name="accounts" label={t('provider.accounts')} extra={t('provider.accounts_help')}>
        <Select
          mode="multiple"
          showSearch={byWords}
          options={(providers.data ?? []).map((each) => ({
            value: each.id,
            label: `${each.name} (${each.username})`,
          }))}
          notFoundContent={t('provider.no_accounts')}
        />
      </Form.Item>
      <Form.Item name="kind" label={t('provider.kind')} rules={needed}>
        <Select options={kinds.map((each) => ({ value: each.id, label: local(each.title) }))} />
      </Form.Item>
      <div className="form-line">
        <Form.Item
          name="incident"
          label={t('provider.incident')}
          dependencies={['system']}
          rules={[
            ({ getFieldValue }) => ({
              validator: (_, chosen?: string) =>
                chosen || getFieldValue('system')
                  ? Promise.resolve()
                  : Promise.reject(new Error(t('provider.about_needed'))),
            }),
          ]}
        >
          <Select
            allowClear
            showSearch={byWords}
            options={open.map((each) => ({ value: each.id, label: `${each.number} · ${each.title}` }))}
          />
        </Form.Item>
        <Form.Item name="system" label={t('provider.system')}>
          <Select
            allowClear
            showSearch={byWords}
            options={(systems.data?.items ?? []).map((each) => ({ value: each.id, label: each.name }))}
          />
        </Form.Item>
      </div>
      <Form.Item name="text" label={t('provider.text')} rules={needed}>
        <Input.TextArea rows={4} maxLength={16_000} />
      </Form.Item>
      <Form.Item name="legal_basis" label={t('provider.legal_basis')} rules={needed}>
        <Input.TextArea rows={2} maxLength={1000} placeholder={t('provider.legal_placeholder')} />
      </Form.Item>
      <Form.Item name="due" label={t('provider.due')} extra={local(days)}>
        <MomentPicker />
      </Form.Item>
    </FormModal>
  );
}
