// Handing a role of one's own to somebody for a time (an acting head), and what was handed over.
import { Button, DatePicker, Form, Input, Modal, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { useAccounts, useDelegate, useDelegations, useEndDelegation, useOwnAccount } from '~/api/people';
import type { Grant, Proposed, Session } from '~/api/types';
import { useLanguage } from '~/i18n';
import { fold, isoDate } from '~/ui/format';
import { GrantDays } from '~/ui/Grants';
import { MayButton } from '~/ui/MayButton';
import { ErrorNote, Section } from '~/ui/Page';
import { ProposedNote } from '~/ui/ProposedNote';

// As in src/directory/role.h.
const daysMax = 90;

export function Delegations({ session }: { session: Session }) {
  const { t } = useLanguage();
  const delegations = useDelegations();
  const accounts = useAccounts();
  const own = useOwnAccount();
  const end = useEndDelegation();
  const [giving, setGiving] = useState(false);
  const [proposed, setProposed] = useState<Proposed | null>(null);
  const appointed = session.grants.filter((grant) => !grant.delegated_by);
  const nameOf = (id: string) => accounts.data?.find((each) => each.id === id)?.display_name ?? id;
  const list = (delegations.data ?? []).filter(
    (each) => !each.ended_at && (each.from === own?.id || each.to === own?.id),
  );
  return (
    <Section
      title={t('delegation.title')}
      extra={
        <MayButton
          action="role_delegate"
          whyNot={appointed.length === 0 ? t('delegation.nothing_to_give') : null}
          onClick={() => setGiving(true)}
        >
          {t('delegation.give')}
        </MayButton>
      }
    >
      {proposed ? <ProposedNote proposed={proposed} done={t('delegation.done')} /> : null}
      {end.error ? <ErrorNote error={end.error} /> : null}
      {list.length === 0 ? (
        <p className="muted">{t('delegation.none')}</p>
      ) : (
        <ul className="worklist">
          {list.map((each) => (
            <li key={each.id} className="worklist-line">
              <div>
                <span className="worklist-title">
                  {t(each.from === own?.id ? 'delegation.to' : 'delegation.from', {
                    role: t(`role.${each.role}`),
                    name: nameOf(each.from === own?.id ? each.to : each.from),
                  })}
                </span>
                <span className="muted">
                  <GrantDays grant={each} />
                  {each.note ? ` · ${each.note}` : ''}
                </span>
              </div>
              {each.from === own?.id ? (
                <Button
                  loading={end.isPending && end.variables === each.id}
                  onClick={() => end.mutate(each.id)}
                >
                  {t('delegation.end')}
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {giving ? (
        <GiveModal
          grants={appointed}
          onDone={(made) => {
            setProposed(made);
            setGiving(false);
          }}
          onClose={() => setGiving(false)}
        />
      ) : null}
    </Section>
  );
}

interface Values {
  to: string;
  grant: number;
  first: Dayjs;
  last: Dayjs;
  note?: string;
}

function GiveModal({
  grants,
  onDone,
  onClose,
}: {
  grants: Grant[];
  onDone: (made: Proposed) => void;
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const accounts = useAccounts();
  const own = useOwnAccount();
  const delegate = useDelegate();
  const [form] = Form.useForm<Values>();
  const others = (accounts.data ?? []).filter((each) => each.id !== own?.id && each.enabled);
  const today = dayjs(isoDate(new Date()));
  return (
    <Modal
      open
      title={t('delegation.give')}
      okText={t('delegation.give')}
      cancelText={t('action.cancel')}
      confirmLoading={delegate.isPending}
      okButtonProps={{ disabled: others.length === 0 }}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      {delegate.error ? <ErrorNote error={delegate.error} /> : null}
      <p className="will-happen">{t('delegation.help')}</p>
      {others.length === 0 ? <p className="will-happen">{t('delegation.nobody')}</p> : null}
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={{ grant: 0, first: today, last: today.add(6, 'day') }}
        onFinish={(values) => {
          const grant = grants[values.grant];
          if (!grant) return;
          delegate.mutate(
            {
              to: values.to,
              role: grant.role,
              agency: grant.agency,
              valid_from: values.first.format('YYYY-MM-DD'),
              valid_to: values.last.format('YYYY-MM-DD'),
              note: values.note?.normalize('NFC').trim() ?? '',
            },
            { onSuccess: onDone },
          );
        }}
      >
        <Form.Item name="grant" label={t('delegation.role')}>
          <Select
            options={grants.map((grant, index) => ({
              value: index,
              label: `${t(`role.${grant.role}`)} · ${grant.agency_name}`,
            }))}
          />
        </Form.Item>
        <Form.Item
          name="to"
          label={t('delegation.person')}
          rules={[{ required: true, message: t('delegation.person_needed') }]}
        >
          <Select
            showSearch={{
              filterOption: (text, option) => fold(String(option?.label)).includes(fold(text)),
            }}
            options={others.map((each) => ({
              value: each.id,
              label: `${each.display_name} (${each.username})`,
            }))}
          />
        </Form.Item>
        <Form.Item name="first" label={t('delegation.first_day')}>
          <DatePicker
            format="DD/MM/YYYY"
            allowClear={false}
            minDate={today}
            maxDate={today.add(daysMax - 1, 'day')}
          />
        </Form.Item>
        <Form.Item
          name="last"
          label={t('delegation.last_day')}
          extra={t('delegation.days_help', { count: daysMax })}
          dependencies={['first']}
          rules={[
            ({ getFieldValue }) => ({
              validator: async (_, last: Dayjs) => {
                if (last.isBefore(getFieldValue('first'), 'day'))
                  throw new Error(t('delegation.days_reversed'));
              },
            }),
          ]}
        >
          <DatePicker
            format="DD/MM/YYYY"
            allowClear={false}
            minDate={today}
            maxDate={today.add(daysMax - 1, 'day')}
          />
        </Form.Item>
        <Form.Item name="note" label={t('delegation.note')}>
          <Input maxLength={200} placeholder={t('delegation.note_placeholder')} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
