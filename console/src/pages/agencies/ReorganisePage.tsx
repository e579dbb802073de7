// One decision that renames, merges, splits or moves agencies on a day: filled in, previewed, then done.
import { Button, DatePicker, Form, Input, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { useReorganise } from '~/api/agencies';
import { useAgencies } from '~/api/queries';
import type { Agency, Reorganisation, Reorganised } from '~/api/types';
import { useLanguage } from '~/i18n';
import { fold, formatDate, formatNumber, isoDate } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { ErrorNote, Loaded, Page, Section } from '~/ui/Page';
import { ProposedNote } from '~/ui/ProposedNote';
import { kinds } from './kinds';
import { type PlanKind, type PlanValues, planKinds, planOf } from './plan';
import './agencies.css';

type Values = Omit<PlanValues, 'kind' | 'day' | 'agencies'> & { day: Dayjs; agencies: string | string[] };

export default function ReorganisePage() {
  const { t } = useLanguage();
  const query = useAgencies();
  return (
    <Page
      title={t('agencies.reorganise')}
      lead={t('plan.lead')}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/agencies">{t('nav.agencies')}</Link>
        </nav>
      }
    >
      <Loaded query={query} rows={8}>
        {(agencies) => <Plan agencies={agencies} />}
      </Loaded>
    </Page>
  );
}

function Plan({ agencies }: { agencies: Agency[] }) {
  const { t } = useLanguage();
  const reorganise = useReorganise();
  const [kind, setKind] = useState<PlanKind>('rename');
  const [planned, setPlanned] = useState<Reorganisation | null>(null);
  const [form] = Form.useForm<Values>();
  const preview = planned ? reorganise.data : undefined;
  const done = preview && reorganise.variables?.preview === false;
  const choose = (next: PlanKind) => {
    setKind(next);
    setPlanned(null);
    reorganise.reset();
    form.resetFields(['agencies', 'into', 'bodies', 'name', 'header_name', 'superior']);
  };
  return (
    <div className="plan">
      <fieldset className="state-filter plan-kinds">
        <legend className="visually-hidden">{t('plan.kind')}</legend>
        {planKinds.map((each) => (
          <button key={each} type="button" aria-pressed={kind === each} onClick={() => choose(each)}>
            {t(`plan_kind.${each}`)}
          </button>
        ))}
      </fieldset>
      <p className="muted">{t(`plan_help.${kind}`)}</p>
      {reorganise.error ? <ErrorNote error={reorganise.error} /> : null}
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={{ day: dayjs(isoDate(new Date())), basis: '' }}
        onValuesChange={() => {
          setPlanned(null);
          reorganise.reset();
        }}
        onFinish={(values) => {
          const body = planOf(
            {
              ...values,
              kind,
              agencies: [values.agencies].flat(),
              day: values.day.format('YYYY-MM-DD'),
              basis: values.basis.normalize('NFC').trim(),
            },
            agencies,
          );
          setPlanned(body);
          reorganise.mutate({ body, preview: true });
        }}
      >
        <Fields kind={kind} agencies={agencies} />
        <MayButton action="agency_manage" htmlType="submit" loading={reorganise.isPending}>
          {t('plan.preview')}
        </MayButton>
      </Form>
      {planned && preview ? (
        <Result
          result={preview}
          day={planned.day}
          done={Boolean(done)}
          busy={reorganise.isPending}
          onApply={() => reorganise.mutate({ body: planned, preview: false })}
        />
      ) : null}
    </div>
  );
}

function Fields({ kind, agencies }: { kind: PlanKind; agencies: Agency[] }) {
  const { t } = useLanguage();
  const today = isoDate(new Date());
  const options = agencies
    .filter((each) => !each.valid_to || each.valid_to >= today)
    .map((each) => ({ value: each.id, label: `${each.name} (${each.code})` }));
  const search = {
    filterOption: (text: string, option?: { label?: unknown }) =>
      fold(String(option?.label)).includes(fold(text)),
  };
  const needed = [{ required: true, message: t('plan.needed') }];
  const into = Form.useWatch<string | undefined>('into');
  return (
    <>
      <div className="form-line">
        <Form.Item name="day" label={t('plan.day')} extra={t('plan.day_help')} rules={needed}>
          <DatePicker format="DD/MM/YYYY" allowClear={false} />
        </Form.Item>
        <Form.Item name="basis" label={t('plan.basis')}>
          <Input maxLength={200} placeholder={t('plan.basis_placeholder')} />
        </Form.Item>
      </div>
      <Form.Item name="agencies" label={t(`plan_what.${kind}`)} rules={needed}>
        <Select
          {...(kind === 'merge' || kind === 'move' ? { mode: 'multiple' as const } : {})}
          showSearch={search}
          options={options}
        />
      </Form.Item>
      {kind === 'rename' ? (
        <>
          <Form.Item name="name" label={t('plan.new_name')} rules={needed}>
            <Input maxLength={200} />
          </Form.Item>
          <Form.Item name="header_name" label={t('plan.new_header')} extra={t('plan.new_header_help')}>
            <Input maxLength={200} />
          </Form.Item>
        </>
      ) : null}
      {kind === 'move' ? (
        <Form.Item name="superior" label={t('agencies.superior')} rules={needed}>
          <Select showSearch={search} options={options} />
        </Form.Item>
      ) : null}
      {kind === 'merge' ? (
        <Form.Item name="into" label={t('plan.into')} extra={t('plan.into_help')}>
          <Select allowClear showSearch={search} options={options} />
        </Form.Item>
      ) : null}
      {kind === 'split' || (kind === 'merge' && !into) ? <Bodies several={kind === 'split'} /> : null}
    </>
  );
}

function Bodies({ several }: { several: boolean }) {
  const { t } = useLanguage();
  const needed = [{ required: true, whitespace: true, message: t('plan.needed') }];
  return (
    <Form.List name="bodies" initialValue={several ? [{}, {}] : [{}]}>
      {(fields, { add, remove }) => (
        <>
          {fields.map((field) => (
            <div key={field.key} className="form-line">
              <Form.Item name={[field.name, 'name']} label={t('plan.new_body')} rules={needed}>
                <Input maxLength={200} />
              </Form.Item>
              <Form.Item name={[field.name, 'code']} label={t('agencies.code')} rules={needed}>
                <Input maxLength={40} />
              </Form.Item>
              <Form.Item name={[field.name, 'kind']} label={t('agencies.kind')}>
                <Select
                  allowClear
                  options={kinds.map((each) => ({ value: each, label: t(`agency_kind.${each}`) }))}
                />
              </Form.Item>
              <Button disabled={fields.length < 2} onClick={() => remove(field.name)}>
                {t('profile.remove')}
              </Button>
            </div>
          ))}
          {several ? (
            <p>
              <Button onClick={() => add({})}>{t('plan.add_body')}</Button>
            </p>
          ) : null}
        </>
      )}
    </Form.List>
  );
}

function Result({
  result,
  day,
  done,
  busy,
  onApply,
}: {
  result: Reorganised;
  day: string;
  done: boolean;
  busy: boolean;
  onApply: () => void;
}) {
  const { t, language } = useLanguage();
  const lists = [
    ['created', result.created],
    ['changed', result.changed],
    ['closed', result.closed],
  ] as const;
  return (
    <Section
      title={t(done && result.done ? (result.waits ? 'plan.waits' : 'plan.done') : 'plan.will')}
      id="plan-result"
    >
      {result.act ? <ProposedNote proposed={{ done: false, act: result.act }} done="" /> : null}
      {result.gains.length > 0 ? (
        <div>
          <h3>{t('plan_result.gains')}</h3>
          <ul className="worklist">
            {result.gains.map((each) => (
              <li key={`${each.account.id} ${each.role} ${each.agency.name}`}>
                {each.account.name}: {t(`role.${each.role}`)} – {each.agency.name}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      <p role="status">
        {t('plan.sum', {
          day: formatDate(day),
          people: formatNumber(result.people_moved, language),
          roles: formatNumber(result.roles_moved, language),
        })}
      </p>
      {lists.map(([name, list]) =>
        list.length === 0 ? null : (
          <div key={name}>
            <h3>{t(`plan_result.${name}`)}</h3>
            <ul className="worklist">
              {list.map((each) => (
                <li key={each.id}>
                  <span className="worklist-title">{each.name}</span>
                  <span className="worklist-meta">
                    <code>{each.code}</code>
                  </span>
                </li>
              ))}
            </ul>
          </div>
        ),
      )}
      {done ? (
        <p>
          <Link to={`/agencies?day=${day}`}>{t('plan.see_day', { day: formatDate(day) })}</Link>
        </p>
      ) : (
        <div className="worklist-actions">
          <Button type="primary" loading={busy} onClick={onApply}>
            {t('plan.apply')}
          </Button>
        </div>
      )}
    </Section>
  );
}
