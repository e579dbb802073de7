// One's API tokens: making one (told once), seeing which are used, ending them; and everybody's, for who manages those.
import { Button, Checkbox, DatePicker, Form, Input, Modal, Switch } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { useMay, useSession } from '~/api/queries';
import { type ApiToken, useEndToken, useMakeToken, useTokenActions, useTokens } from '~/api/tokens';
import { useLanguage } from '~/i18n';
import { AgencySelect } from '~/ui/AgencySelect';
import { FormModal } from '~/ui/FormModal';
import { isoDate } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Loaded, Section } from '~/ui/Page';
import { Secret } from '~/ui/Secret';
import { Age, DateOnly, useNow } from '~/ui/Time';
import { written } from '~/ui/text';
import { expiryOf, ordered, tokenDaysMax, tokenState } from './token';

const tokenDays = 90;

export function TokenSection() {
  const { t } = useLanguage();
  const mayManage = useMay('token_manage');
  const [all, setAll] = useState(false);
  const tokens = useTokens(all);
  const now = useNow();
  const [making, setMaking] = useState(false);
  const [ending, setEnding] = useState<ApiToken | null>(null);
  return (
    <Section
      title={t('token.title')}
      extra={
        <>
          {mayManage ? (
            <span className="token-all">
              <Switch size="small" aria-label={t('token.all')} checked={all} onChange={setAll} />
              <span aria-hidden="true">{t('token.all')}</span>
            </span>
          ) : null}
          <MayButton action="token_own" onClick={() => setMaking(true)}>
            {t('token.make')}
          </MayButton>
        </>
      }
    >
      <Loaded query={tokens} rows={2}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState why={t('token.none')} />
          ) : (
            <ul className="worklist">
              {ordered(list, now).map((token) => (
                <Line key={token.id} token={token} whose={all} now={now} onEnd={() => setEnding(token)} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {making ? <MakeToken onClose={() => setMaking(false)} /> : null}
      {ending ? <EndToken token={ending} onClose={() => setEnding(null)} /> : null}
    </Section>
  );
}

function useActionTitle() {
  const { local } = useLanguage();
  const actions = useTokenActions();
  return (name: string) => {
    const known = actions.find((each) => each.name === name);
    return known ? local(known.title) : name;
  };
}

function Line({
  token,
  whose,
  now,
  onEnd,
}: {
  token: ApiToken;
  whose: boolean;
  now: Date;
  onEnd: () => void;
}) {
  const { t } = useLanguage();
  const title = useActionTitle();
  const state = tokenState(token, now);
  return (
    <li className="worklist-line">
      <div>
        <span className="worklist-title">{token.name}</span>
        <span className="worklist-meta">
          {whose ? <span>{token.account.name}</span> : null}
          <span className={state === 'living' ? undefined : 'overdue'}>
            {t(`token_state.${state}`)} <DateOnly at={token.revoked_at ?? token.expires_at} />
          </span>
          <span>
            {t('factor.last_used')} <Age at={token.last_used} />
            {token.last_address ? ` (${token.last_address})` : ''}
          </span>
          {token.agency ? <span>{t('token.only_at', { name: token.agency.name })}</span> : null}
        </span>
        <span className="worklist-why">{token.actions.map(title).join('; ')}</span>
      </div>
      {state === 'living' ? (
        <Button danger aria-label={t('token.end_of', { name: token.name })} onClick={onEnd}>
          {t('token.end')}
        </Button>
      ) : null}
    </li>
  );
}

interface Values {
  name: string;
  actions: string[];
  agency?: string;
  last: Dayjs;
  password: string;
}

function MakeToken({ onClose }: { onClose: () => void }) {
  const { t, local } = useLanguage();
  const make = useMakeToken();
  const actions = useTokenActions();
  const session = useSession();
  const today = dayjs(isoDate(new Date()));
  if (make.data) {
    return (
      <Modal
        open
        title={t('token.made')}
        closable={false}
        footer={
          <Button type="primary" onClick={onClose}>
            {t('token.kept')}
          </Button>
        }
      >
        <Secret
          title={t('token.of', { name: make.data.item.name })}
          lines={[make.data.token]}
          note={t('token.note')}
        />
      </Modal>
    );
  }
  return (
    <FormModal<Values>
      title={t('token.make')}
      ok={t('token.make')}
      will={t('token.make_will')}
      error={make.error}
      busy={make.isPending}
      initial={{ actions: [], last: today.add(tokenDays, 'day') }}
      onFinish={({ name, actions: chosen, agency, last, password }) =>
        make.mutate({
          name: written(name),
          actions: chosen,
          ...(agency ? { agency } : {}),
          expires_at: expiryOf(last.format('YYYY-MM-DD'), new Date()),
          password,
        })
      }
      onClose={onClose}
    >
      <Form.Item
        name="name"
        label={t('token.name')}
        rules={[{ required: true, whitespace: true, message: t('token.name_needed') }]}
      >
        <Input maxLength={50} autoComplete="off" placeholder={t('token.name_placeholder')} />
      </Form.Item>
      <Form.Item
        name="actions"
        label={t('token.actions')}
        // Not `required`: the kit would say so of the box around the checkboxes, which may not be (aria-required).
        rules={[
          {
            validator: (_, chosen: string[]) =>
              chosen.length > 0 ? Promise.resolve() : Promise.reject(new Error(t('token.actions_needed'))),
          },
        ]}
      >
        <Checkbox.Group
          role="group"
          aria-label={t('token.actions')}
          className="token-actions"
          options={actions.map((each) => ({ value: each.name, label: local(each.title) }))}
        />
      </Form.Item>
      <Form.Item name="agency" label={t('token.agency')} extra={t('token.agency_help')}>
        <AgencySelect />
      </Form.Item>
      <Form.Item
        name="last"
        label={t('token.last_day')}
        rules={[{ required: true, message: t('device_account.day_needed') }]}
      >
        <DatePicker
          format="DD/MM/YYYY"
          allowClear={false}
          minDate={today}
          maxDate={today.add(tokenDaysMax - 1, 'day')}
        />
      </Form.Item>
      <input type="text" autoComplete="username" value={session.data?.username ?? ''} readOnly hidden />
      <Form.Item
        name="password"
        label={t('session.current_password')}
        rules={[{ required: true, message: t('session.password_needed') }]}
      >
        <Input.Password autoComplete="current-password" maxLength={256} />
      </Form.Item>
    </FormModal>
  );
}

function EndToken({ token, onClose }: { token: ApiToken; onClose: () => void }) {
  const { t } = useLanguage();
  const end = useEndToken();
  return (
    <Modal
      open
      title={t('token.end_of', { name: token.name })}
      okText={t('token.end')}
      okButtonProps={{ danger: true }}
      cancelText={t('action.cancel')}
      confirmLoading={end.isPending}
      onCancel={onClose}
      onOk={() => end.mutate(token.id, { onSuccess: onClose })}
    >
      {end.error ? <ErrorNote error={end.error} /> : null}
      <p className="will-happen">{t('token.end_will')}</p>
    </Modal>
  );
}
