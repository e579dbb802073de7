// A contact to send to, and whether its channel is checked.
import { Select } from 'antd';
import type { Contact } from '~/api/caseworkTypes';
import { useContacts } from '~/api/contacts';
import { useLanguage } from '~/i18n';
import { compareText } from '~/ui/format';
import { StateIcon } from '~/ui/StateTag';
import { lookOf, trustOf } from './contact';

interface Props {
  id?: string;
  value?: string | undefined;
  onChange?: (id: string | undefined, contact: Contact | undefined) => void;
}

export function ContactChoice({ id, value, onChange }: Props) {
  const { t } = useLanguage();
  const query = useContacts();
  const items = [...(query.data?.items ?? [])].sort((a, b) => compareText(a.body, b.body));
  const chosen = items.find((each) => each.id === value);
  const trust = chosen ? trustOf(chosen) : null;
  return (
    <span className="stacked">
      <Select
        {...(id ? { id } : {})}
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        value={value}
        placeholder={t('contact.none_chosen')}
        onChange={(next?: string) =>
          onChange?.(
            next,
            items.find((each) => each.id === next),
          )
        }
        options={items.map((each) => ({
          value: each.id,
          label: [each.body, each.person].filter(Boolean).join(' · '),
        }))}
      />
      {trust ? (
        <span className={`truth state-${lookOf[trust]}`} role="status">
          <StateIcon state={lookOf[trust]} /> {t(`contact_channel.${trust}`)}
        </span>
      ) : null}
    </span>
  );
}
