// The profile of an agency: as it stands, to be changed; as it stood on a day, to be read.
import { Button, Checkbox, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useProfile, useSetProfile } from '~/api/agencies';
import type { AgencyProfile } from '~/api/types';
import { useLanguage } from '~/i18n';
import { MayButton } from '~/ui/MayButton';
import { ErrorNote, Loaded, Section } from '~/ui/Page';
import { ProposedNote } from '~/ui/ProposedNote';

const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;

export function Profile({ agency, day }: { agency: string; day: string | undefined }) {
  const { t } = useLanguage();
  const query = useProfile(agency, day);
  const [asked, setEditing] = useState(false);
  const editing = asked && !day;
  return (
    <Section
      title={t('profile.title')}
      extra={
        editing || day ? null : (
          <MayButton action="agency_manage" onClick={() => setEditing(true)}>
            {t('profile.edit')}
          </MayButton>
        )
      }
    >
      <Loaded query={query} rows={5}>
        {(profile) =>
          editing ? (
            <ProfileForm agency={agency} profile={profile} onDone={() => setEditing(false)} />
          ) : (
            <ProfileView profile={profile} />
          )
        }
      </Loaded>
    </Section>
  );
}

export function ProfileView({ profile }: { profile: AgencyProfile }) {
  const { t } = useLanguage();
  return (
    <dl className="facts facts-row">
      <div>
        <dt>{t('profile.identifier')}</dt>
        <dd>{profile.identifier || '–'}</dd>
      </div>
      <div>
        <dt>{t('profile.superior_header')}</dt>
        <dd>{profile.superior_header || '–'}</dd>
      </div>
      <div>
        <dt>{t('profile.address')}</dt>
        <dd>{profile.address || '–'}</dd>
      </div>
      <div>
        <dt>{t('profile.contacts')}</dt>
        <dd>
          {(profile.contacts ?? []).length === 0 ? '–' : null}
          <ul>
            {(profile.contacts ?? []).map((each) => (
              <li key={`${each.name} ${each.phone ?? ''}`}>
                {[each.name, each.title, each.phone, each.email, each.always ? t('profile.always') : '']
                  .filter(Boolean)
                  .join(' · ')}
              </li>
            ))}
          </ul>
        </dd>
      </div>
      <div>
        <dt>{t('profile.networks')}</dt>
        <dd>{(profile.networks ?? []).join(', ') || t('profile.networks_none')}</dd>
      </div>
      <div>
        <dt>{t('profile.hours')}</dt>
        <dd>
          {(profile.hours ?? []).length === 0 ? '–' : null}
          <ul>
            {(profile.hours ?? []).map((each) => (
              <li key={`${each.weekday} ${each.from}`}>
                {t(`weekday.${each.weekday}` as 'weekday.1')} {each.from}–{each.to}
              </li>
            ))}
          </ul>
        </dd>
      </div>
    </dl>
  );
}

function ProfileForm({
  agency,
  profile,
  onDone,
}: {
  agency: string;
  profile: AgencyProfile;
  onDone: () => void;
}) {
  const { t } = useLanguage();
  const save = useSetProfile(agency);
  return (
    <Form<AgencyProfile>
      className="plan"
      layout="vertical"
      initialValues={profile}
      onFinish={(values) =>
        save.mutate(values, { onSuccess: (made) => ('done' in made ? undefined : onDone()) })
      }
    >
      {save.error ? <ErrorNote error={save.error} /> : null}
      {save.data && 'done' in save.data ? <ProposedNote proposed={save.data} done="" /> : null}
      <div className="form-line">
        <Form.Item name="identifier" label={t('profile.identifier')} extra={t('profile.identifier_help')}>
          <Input maxLength={20} />
        </Form.Item>
        <Form.Item name="superior_header" label={t('profile.superior_header')}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="address" label={t('profile.address')} extra={t('profile.address_help')}>
          <Input maxLength={200} autoComplete="street-address" />
        </Form.Item>
      </div>
      <h3>{t('profile.contacts')}</h3>
      <Form.List name="contacts">
        {(fields, { add, remove }) => (
          <>
            {fields.map((field) => (
              <div key={field.key} className="form-line">
                <Form.Item
                  name={[field.name, 'name']}
                  label={t('people.name')}
                  rules={[{ required: true, whitespace: true, message: t('people.name_needed') }]}
                >
                  <Input maxLength={200} />
                </Form.Item>
                <Form.Item name={[field.name, 'title']} label={t('profile.position')}>
                  <Input maxLength={200} />
                </Form.Item>
                <Form.Item name={[field.name, 'phone']} label={t('profile.phone')}>
                  <Input maxLength={40} inputMode="tel" />
                </Form.Item>
                <Form.Item name={[field.name, 'email']} label={t('profile.email')}>
                  <Input maxLength={200} inputMode="email" />
                </Form.Item>
                <Form.Item name={[field.name, 'always']} valuePropName="checked" label={t('profile.duty')}>
                  <Checkbox>{t('profile.always')}</Checkbox>
                </Form.Item>
                <Button onClick={() => remove(field.name)}>{t('profile.remove')}</Button>
              </div>
            ))}
            <p>
              <Button onClick={() => add({ name: '' })}>{t('profile.add_contact')}</Button>
            </p>
          </>
        )}
      </Form.List>
      <Form.Item name="networks" label={t('profile.networks')} extra={t('profile.networks_help')}>
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', ' ']} />
      </Form.Item>
      <h3>{t('profile.hours')}</h3>
      <Form.List name="hours">
        {(fields, { add, remove }) => (
          <>
            {fields.map((field) => (
              <div key={field.key} className="form-line">
                <Form.Item name={[field.name, 'weekday']} label={t('profile.weekday')}>
                  <Select options={weekdays.map((each) => ({ value: each, label: t(`weekday.${each}`) }))} />
                </Form.Item>
                <Form.Item name={[field.name, 'from']} label={t('profile.from')}>
                  <Input maxLength={5} placeholder="07:30" />
                </Form.Item>
                <Form.Item name={[field.name, 'to']} label={t('profile.to')}>
                  <Input maxLength={5} placeholder="11:30" />
                </Form.Item>
                <Button onClick={() => remove(field.name)}>{t('profile.remove')}</Button>
              </div>
            ))}
            <p>
              <Button onClick={() => add({ weekday: 1, from: '07:30', to: '11:30' })}>
                {t('profile.add_hours')}
              </Button>
            </p>
          </>
        )}
      </Form.List>
      <div className="worklist-actions">
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t('action.save')}
        </Button>
        <Button onClick={onDone}>{t('action.cancel')}</Button>
      </div>
    </Form>
  );
}
