// Opening a case: who, when, where to; and, before it is opened, what will happen and what it will ask for.
import { DatePicker, Form, Input, Radio } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { type Leave, type LeaveKind, useLeavePreview, useOpenLeave } from '~/api/leaves';
import { usePerson } from '~/api/persons';
import { useLanguage } from '~/i18n';
import { AgencySelect } from '~/ui/AgencySelect';
import { FormModal } from '~/ui/FormModal';
import { formatNumber, isoDate } from '~/ui/format';
import { Loaded } from '~/ui/Page';
import { PersonSelect } from '~/ui/PersonSelect';
import { written } from '~/ui/text';
import { groupsOf } from './leave';

interface Values {
  person: string;
  kind: LeaveKind;
  to?: string;
  last_day: Dayjs;
  reason: string;
}

export function OpenLeave({
  person,
  onClose,
}: {
  person: string | undefined;
  onClose: (made?: Leave) => void;
}) {
  const { t } = useLanguage();
  const open = useOpenLeave();
  const known = usePerson(person ?? '');
  const [form] = Form.useForm<Values>();
  const chosen: string | undefined = Form.useWatch('person', form) ?? person;
  const kind: LeaveKind = Form.useWatch('kind', form) ?? 'leave';
  return (
    <FormModal<Values>
      title={t('leave.open')}
      ok={t('leave.open')}
      will={t('leave.open_will')}
      error={open.error}
      busy={open.isPending}
      form={form}
      width={680}
      initial={{
        kind: 'leave',
        last_day: dayjs(isoDate(new Date())),
        ...(person ? { person } : {}),
      }}
      onFinish={({ last_day, to, reason, ...values }) =>
        open.mutate(
          {
            ...values,
            ...(values.kind === 'move' && to ? { to } : {}),
            last_day: last_day.format('YYYY-MM-DD'),
            reason: written(reason),
          },
          { onSuccess: (made) => onClose(made) },
        )
      }
      onClose={() => onClose()}
    >
      <Form.Item
        name="person"
        label={t('leave.who')}
        rules={[{ required: true, message: t('persons.choose_needed') }]}
      >
        <PersonSelect known={known.data ?? null} />
      </Form.Item>
      <Form.Item name="kind" label={t('leave.kind')} extra={t(`leave_kind_help.${kind}`)}>
        <Radio.Group
          options={(['leave', 'move'] as const).map((each) => ({
            value: each,
            label: t(`leave_kind.${each}`),
          }))}
        />
      </Form.Item>
      {kind === 'move' ? (
        <Form.Item
          name="to"
          label={t('leave.to')}
          rules={[{ required: true, message: t('people.place_needed') }]}
        >
          <AgencySelect />
        </Form.Item>
      ) : null}
      <Form.Item
        name="last_day"
        label={t('leave.last_day')}
        extra={t('leave.last_day_help')}
        rules={[{ required: true, message: t('device_account.day_needed') }]}
      >
        <DatePicker format="DD/MM/YYYY" allowClear={false} />
      </Form.Item>
      <Form.Item
        name="reason"
        label={t('leave.basis')}
        rules={[{ required: true, whitespace: true, message: t('persons.reason_needed') }]}
      >
        <Input maxLength={500} placeholder={t('leave.basis_placeholder')} />
      </Form.Item>
      {chosen ? <Preview person={chosen} kind={kind} /> : null}
    </FormModal>
  );
}

function Preview({ person, kind }: { person: string; kind: LeaveKind }) {
  const { t, local, language } = useLanguage();
  const preview = useLeavePreview(person, kind);
  return (
    <section aria-label={t('leave.preview')} className="leave-preview">
      <h3>{t('leave.preview')}</h3>
      <Loaded query={preview} rows={3}>
        {({ items, warnings }) => (
          <>
            {warnings.length > 0 ? (
              <ul className="leave-warnings" role="alert">
                {warnings.map((each) => (
                  <li key={each.vi}>{local(each)}</li>
                ))}
              </ul>
            ) : null}
            {items.length === 0 ? (
              <p className="muted">{t('leave.preview_none')}</p>
            ) : (
              groupsOf(items).map((group) => (
                <div key={group.kind}>
                  <h4>
                    {t(`leave_item.${group.kind}` as 'leave_item.device', { defaultValue: group.kind })} (
                    {formatNumber(group.items.length, language)})
                  </h4>
                  <ul>
                    {group.items.map((item) => (
                      <li key={item.ref ?? item.title.vi}>{local(item.title)}</li>
                    ))}
                  </ul>
                </div>
              ))
            )}
          </>
        )}
      </Loaded>
    </section>
  );
}
