// Recording somebody, or what changed about them. Where somebody works changes only by a case of moving (article 7.3.b).
import { DatePicker, Form, Input } from 'antd';
import { useAddPerson, useChangePerson } from '~/api/persons';
import type { Person } from '~/api/personTypes';
import { useLanguage } from '~/i18n';
import { AgencySelect, useLivingAgencies } from '~/ui/AgencySelect';
import { FormModal } from '~/ui/FormModal';
import { changeOf, newOf, type PersonValues } from './person';

export function PersonForm({ person, onClose }: { person: Person | null; onClose: (made?: Person) => void }) {
  const { t } = useLanguage();
  const add = useAddPerson();
  const change = useChangePerson(person?.id ?? '');
  const keep = person ? change : add;
  const living = useLivingAgencies();
  const only = living.length === 1 ? living[0]?.id : undefined;
  return (
    <FormModal<PersonValues>
      title={t(person ? 'persons.change' : 'persons.add')}
      ok={t('action.save')}
      will={person ? t('persons.change_will') : t('persons.add_will')}
      error={keep.error}
      busy={keep.isPending}
      initial={
        person
          ? { name: person.name, position: person.position, email: person.email, phone: person.phone }
          : { ...(only ? { agency: only } : {}) }
      }
      onFinish={(values) => {
        const onSuccess = (made: Person) => onClose(made);
        if (person) change.mutate(changeOf(values), { onSuccess });
        else if (values.agency) add.mutate(newOf({ ...values, agency: values.agency }), { onSuccess });
      }}
      onClose={() => onClose()}
    >
      <Form.Item
        name="name"
        label={t('people.name')}
        rules={[{ required: true, whitespace: true, message: t('people.name_needed') }]}
      >
        <Input maxLength={200} autoComplete="off" placeholder={t('people.name_placeholder')} />
      </Form.Item>
      {person ? null : (
        <Form.Item
          name="agency"
          label={t('people.works_at')}
          rules={[{ required: true, message: t('people.place_needed') }]}
        >
          <AgencySelect />
        </Form.Item>
      )}
      {person ? null : (
        <Form.Item name="since" label={t('persons.since')} extra={t('people.from_help')}>
          <DatePicker format="DD/MM/YYYY" />
        </Form.Item>
      )}
      <Form.Item name="position" label={t('profile.position')}>
        <Input maxLength={200} placeholder={t('persons.position_placeholder')} />
      </Form.Item>
      <Form.Item
        name="email"
        label={t('profile.email')}
        rules={[{ type: 'email', message: t('persons.email_wrong') }]}
      >
        <Input maxLength={200} inputMode="email" autoComplete="off" />
      </Form.Item>
      <Form.Item name="phone" label={t('profile.phone')}>
        <Input maxLength={40} inputMode="tel" autoComplete="off" />
      </Form.Item>
    </FormModal>
  );
}
