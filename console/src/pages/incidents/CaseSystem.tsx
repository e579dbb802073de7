// Which system a case is about: chosen from the register, which then says who has to act (step 1), or only named.
import { Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { useSetSystem } from '~/api/incidents';
import type { IncidentDetail } from '~/api/incidentTypes';
import { useMay } from '~/api/queries';
import { useSystems } from '~/api/systems';
import { useLanguage } from '~/i18n';
import { MayButton } from '~/ui/MayButton';
import { ErrorNote } from '~/ui/Page';

export function CaseSystem({ incident }: { incident: IncidentDetail }) {
  const { t } = useLanguage();
  const [choosing, setChoosing] = useState(false);
  const mayRead = useMay('system_read');
  const known = Boolean(incident.system_id);
  return (
    <span className="case-system">
      {known && mayRead ? (
        <Link to={`/systems?open=${incident.system_id}`}>{incident.system}</Link>
      ) : (
        incident.system || '–'
      )}
      {incident.system && !known ? <span className="muted"> {t('system.not_in_register')}</span> : null}{' '}
      {incident.step === 1 && !incident.over ? (
        <MayButton action="incident_handle" size="small" onClick={() => setChoosing(true)}>
          {t('system.choose')}
        </MayButton>
      ) : null}
      {choosing ? <Choose incident={incident} onClose={() => setChoosing(false)} /> : null}
    </span>
  );
}

function Choose({ incident, onClose }: { incident: IncidentDetail; onClose: () => void }) {
  const { t } = useLanguage();
  const set = useSetSystem(incident.id);
  const [form] = Form.useForm<{ system_id?: string; system: string }>();
  const chosen = Form.useWatch('system_id', form);
  return (
    <Modal
      open
      title={t('system.choose')}
      okText={t('action.save')}
      cancelText={t('action.cancel')}
      confirmLoading={set.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      {set.error ? <ErrorNote error={set.error} /> : null}
      <p className="will-happen">{t('system.choose_will')}</p>
      <Form
        form={form}
        layout="vertical"
        initialValues={{ system_id: incident.system_id ?? undefined, system: incident.system }}
        onFinish={({ system_id, system }) =>
          set.mutate(
            system_id ? { system_id } : { system_id: null, system: (system ?? '').normalize('NFC').trim() },
            { onSuccess: onClose },
          )
        }
      >
        <Form.Item name="system_id" label={t('system.from_register')}>
          <SystemChoice agency={incident.agency.id} />
        </Form.Item>
        {chosen ? null : (
          <Form.Item name="system" label={t('system.only_name')}>
            <Input maxLength={400} />
          </Form.Item>
        )}
      </Form>
    </Modal>
  );
}

// Systems of the register that are in use, of one agency.
export function SystemChoice({
  id,
  agency,
  value,
  onChange,
}: {
  id?: string;
  agency: string | undefined;
  value?: string;
  onChange?: (system?: string) => void;
}) {
  const { t, local } = useLanguage();
  const query = useSystems(agency, Boolean(agency));
  const managers = query.data?.managers ?? [];
  const manager = (name: string) => {
    const found = managers.find((each) => each.id === name);
    return found ? ` (${local(found.title)})` : '';
  };
  return (
    <>
      {query.error ? <ErrorNote error={query.error} /> : null}
      <Select
        {...(id ? { id } : {})}
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        value={value}
        {...(onChange ? { onChange } : {})}
        notFoundContent={t('system.none_of_agency')}
        options={(query.data?.items ?? [])
          .filter((each) => each.retired_at === null)
          .map((each) => ({ value: each.id, label: `${each.name}${manager(each.manager)}` }))}
      />
    </>
  );
}
