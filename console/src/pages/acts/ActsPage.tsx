// Acts that wait for a second person (four eyes): what exactly would change, who asks, how long it waits; agree or refuse.
import { Button, Input, Modal } from 'antd';
import { useEffect, useId, useRef, useState } from 'react';
import { Link } from 'react-router-dom';
import { isAboutMe, useActs, useDecide, useOwnAccount, usePolicy } from '~/api/people';
import { useMay } from '~/api/queries';
import type { Act, Action, Agreement, JsonObject, OrderType } from '~/api/types';
import { useLanguage } from '~/i18n';
import { ChangeTable } from '~/ui/ChangeTable';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { Remaining, Time } from '~/ui/Time';
import { useNames } from '~/ui/useNames';
import { useOrderWords } from '../orders/useOrderWords';
import { AboutEvidence } from './AboutEvidence';
import './acts.css';

// The right that the second person needs beside act_decide, as the modules register their kinds of act.
const rightOf: Record<string, Action | Agreement> = {
  role_grant: 'role_grant',
  role_delegate: 'role_grant',
  second_factor_reset: 'second_factor_reset',
  password_issue: 'account_manage',
  break_glass_seal: 'account_manage',
  account_enable: 'role_grant',
  agency_profile: 'role_grant',
  agency_reorganise: 'role_grant',
  signer_add: 'role_grant',
  person_merge: 'role_grant',
  leave_item_waive: 'leave_manage',
  rule_disable: 'rule_disable',
  rule_exception_add: 'rule_disable',
  rule_delete: 'rule_disable',
  device_contain: 'device_contain',
  device_policy_weaken: 'device_policy_weaken',
  backup_restore: 'backup_restore',
  backup_reveal: 'backup_reveal',
  rule_save: 'rule_disable',
  rule_import: 'rule_disable',
  hold_release: 'hold_release',
  notice_settings: 'notice_manage',
  webhook_create: 'notice_manage',
  webhook_change: 'notice_manage',
  webhook_remove: 'notice_manage',
  retention_set: 'retention_manage',
  retention_remove: 'retention_manage',
  evidence_erase: 'evidence_erase',
};

// What agreeing to an act about a rule does.
const ruleActs = {
  rule_disable: 'waiting.rule_off',
  rule_exception_add: 'waiting.rule_except',
  rule_delete: 'waiting.rule_delete',
  rule_save: 'waiting.rule_save',
  rule_import: 'waiting.rule_import',
} as const;
const ruleActOf = (act: Act) =>
  act.kind in ruleActs ? ruleActs[act.kind as keyof typeof ruleActs] : undefined;

// What agreeing to an order to a machine does.
const orderWill: Record<
  string,
  'waiting.contain_isolate' | 'waiting.contain_block' | 'waiting.contain_stop' | 'waiting.contain_delete'
> = {
  isolate_network: 'waiting.contain_isolate',
  block_address: 'waiting.contain_block',
  stop_process: 'waiting.contain_stop',
  delete_quarantined: 'waiting.contain_delete',
};

// What an act is about where that is no account: a rule is named by its title, not by its number.
function subjectOf(act: Act, object: (text: string) => string): string {
  const title = (act.after as JsonObject).title;
  return ruleActOf(act) && typeof title === 'string' ? title : object(act.object);
}

// The change without what the heading says already.
function changeOf(act: Act): { before: JsonObject; after: JsonObject } {
  const before = act.before as JsonObject;
  if (act.kind === 'device_contain') {
    const {
      device: _device,
      agency: _agency,
      type: _type,
      seconds: _seconds,
      ...after
    } = act.after as JsonObject;
    return { before, after };
  }
  if (act.kind === 'hold_release') {
    // The hold itself stands above the table, and goes on to be read in its case.
    const { kept_from: keptNow } = before;
    const { agency: _agency, number: _number, part: _part, ...after } = act.after as JsonObject;
    return { before: { released: false, kept_from: keptNow ?? null }, after };
  }
  if (act.kind === 'retention_set') {
    // Where it holds stands above the table.
    const { agency: _agency, class: _class, ...after } = act.after as JsonObject;
    const { agency: _was, class: _of, ...was } = before;
    return { before: was, after };
  }
  if (act.kind === 'retention_remove') {
    const { agency: _was, class: _of, reason: _why, ...was } = before;
    const { agency: _agency, ...after } = act.after as JsonObject;
    return { before: { ...was, removed: false }, after };
  }
  if (act.kind === 'evidence_erase') {
    const { agency: _agency, records: _records, ...after } = act.after as JsonObject;
    return { before, after };
  }
  if (!ruleActOf(act)) return { before, after: act.after as JsonObject };
  const { rule: _rule, title: _title, ...after } = act.after as JsonObject;
  return { before: act.kind === 'rule_disable' ? { enabled: true, ...before } : before, after };
}

export default function ActsPage() {
  const { t } = useLanguage();
  const acts = useActs();
  const [params, change] = useParamsState('show', 'open');
  const decided = params.show === 'decided';
  return (
    <Page title={t('nav.acts')} lead={t('waiting.lead')} updatedAt={acts.dataUpdatedAt}>
      <Loaded query={acts} rows={6}>
        {(list) => {
          const waiting = list.acts.filter((act) => act.state === 'waiting');
          const over = list.acts.filter((act) => act.state !== 'waiting');
          const shown = decided ? over : waiting;
          return (
            <>
              {list.holds ? null : <p className="will-happen">{t('waiting.not_yet')}</p>}
              <fieldset className="state-filter">
                <legend className="visually-hidden">{t('waiting.which')}</legend>
                <button type="button" aria-pressed={!decided} onClick={() => change({ show: undefined })}>
                  {t('waiting.waiting')} <span className="count">{waiting.length}</span>
                </button>
                <button type="button" aria-pressed={decided} onClick={() => change({ show: 'decided' })}>
                  {t('waiting.decided')} <span className="count">{over.length}</span>
                </button>
              </fieldset>
              {shown.length === 0 ? (
                <EmptyState why={t(decided ? 'waiting.none_decided' : 'waiting.none')} />
              ) : (
                <ul className="acts">
                  {shown.map((act) => (
                    <li key={act.id}>
                      <ActCard act={act} opened={params.open === act.id} />
                    </li>
                  ))}
                </ul>
              )}
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

function ActCard({ act, opened }: { act: Act; opened: boolean }) {
  const { t } = useLanguage();
  const names = useNames();
  const [deciding, setDeciding] = useState<'agree' | 'refuse' | null>(null);
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (opened) card.current?.scrollIntoView({ block: 'center' });
  }, [opened]);
  const title = t(`act.${act.kind}` as 'act.role_grant', { defaultValue: act.kind });
  return (
    <article ref={card} className={opened ? 'act act-opened' : 'act'} aria-label={title}>
      <h2>
        {title} <span className="muted">· {subjectOf(act, names.object)}</span>
      </h2>
      <p className="worklist-meta">
        <span>{t('waiting.asked_by', { name: names.name(act.proposed_by) })}</span>
        <Time at={act.proposed_at} />
        <span>{names.name(act.agency)}</span>
        {act.state === 'waiting' ? (
          <Remaining at={act.ends_at} />
        ) : (
          <span>
            {t(`act_state.${act.state}`, { name: act.decided_by ? names.name(act.decided_by) : '' })}{' '}
            {act.decided_at ? <Time at={act.decided_at} /> : null}
          </span>
        )}
      </p>
      {ruleActOf(act) ? <AboutRule act={act} /> : null}
      {act.kind === 'device_contain' ? <AboutOrder act={act} /> : null}
      {act.kind === 'hold_release' ? <AboutHold act={act} /> : null}
      <AboutEvidence act={act} />
      <ChangeTable label={t('waiting.changes')} {...changeOf(act)} />
      {act.note ? <p>{t('waiting.reason', { text: act.note })}</p> : null}
      {act.state === 'waiting' ? <Buttons act={act} onDecide={setDeciding} /> : null}
      {deciding ? (
        <DecideModal act={act} title={title} agree={deciding === 'agree'} onClose={() => setDeciding(null)} />
      ) : null}
    </article>
  );
}

function AboutRule({ act }: { act: Act }) {
  const { t } = useLanguage();
  const mayRules = useMay('rule_read');
  const rule = (act.after as JsonObject).rule;
  const will = ruleActOf(act);
  return (
    <>
      {will && act.state === 'waiting' ? <p>{t(will)}</p> : null}
      {mayRules && typeof rule === 'string' ? (
        <p>
          <Link to={`/rules/${encodeURIComponent(rule)}`}>{t('waiting.see_rule')}</Link>
        </p>
      ) : null}
    </>
  );
}

function AboutOrder({ act }: { act: Act }) {
  const { t } = useLanguage();
  const mayDevices = useMay('device_read');
  const words = useOrderWords();
  const wanted = act.after as JsonObject;
  const will = orderWill[String(wanted.type)];
  const [kind, device] = act.object.split(':');
  return (
    <>
      <p>
        <strong>{words(String(wanted.type) as OrderType, wanted)}</strong>
      </p>
      {will && act.state === 'waiting' ? <p>{t(will)}</p> : null}
      {mayDevices && kind === 'device' && device ? (
        <p>
          <Link to={`/devices/${device}?tab=orders`}>{t('waiting.see_device')}</Link>
        </p>
      ) : null}
    </>
  );
}

function AboutHold({ act }: { act: Act }) {
  const { t } = useLanguage();
  const names = useNames();
  const hold = act.before as JsonObject;
  const [kind, incident] = act.object.split(':');
  const devices = Array.isArray(hold.devices) ? hold.devices : [];
  const moment = (key: 'from' | 'to') => (typeof hold[key] === 'string' ? (hold[key] as string) : null);
  const from = moment('from');
  const to = moment('to');
  return (
    <>
      {act.state === 'waiting' ? <p>{t('waiting.hold_release')}</p> : null}
      <p>
        <strong>{String(hold.reason ?? '')}</strong>
        {' · '}
        {from ? <Time at={from} /> : null} – {to ? <Time at={to} /> : t('waiting.hold_no_end')}
        {' · '}
        {devices.length > 0
          ? devices.map((each) => names.name(String(each))).join(', ')
          : t('waiting.hold_all')}
      </p>
      {kind === 'case' && incident ? (
        <p>
          <Link to={`/incidents/${incident}?tab=evidence`}>
            {t('waiting.see_case', { number: String(hold.number ?? '') })}
          </Link>
        </p>
      ) : null}
    </>
  );
}

function Buttons({ act, onDecide }: { act: Act; onDecide: (what: 'agree' | 'refuse') => void }) {
  const { t, local } = useLanguage();
  const own = useOwnAccount();
  const policy = usePolicy();
  const right = rightOf[act.kind];
  const mayRight = useMay(right ?? 'act_decide');
  if (act.proposed_by === own?.id) {
    return (
      <div className="worklist-actions">
        <p className="muted">{t('waiting.own')}</p>
        <Button onClick={() => onDecide('refuse')}>{t('waiting.withdraw')}</Button>
      </div>
    );
  }
  const deciders = (policy.data?.roles ?? []).filter((role) =>
    ['act_decide', right].every((name) => {
      const reach = policy.data?.actions.find((each) => each.name === name)?.reach as
        | Record<string, string>
        | undefined;
      return !name || (reach?.[role.name] ?? 'none') !== 'none';
    }),
  );
  const whyNot = isAboutMe(act, own?.id)
    ? t('waiting.about_you')
    : mayRight
      ? null
      : t('waiting.by_whom', { roles: deciders.map((role) => local(role.title)).join(', ') });
  return (
    <div className="worklist-actions">
      <MayButton action="act_decide" whyNot={whyNot} type="primary" onClick={() => onDecide('agree')}>
        {t('waiting.agree')}
      </MayButton>
      <MayButton action="act_decide" onClick={() => onDecide('refuse')}>
        {t('waiting.refuse')}
      </MayButton>
    </div>
  );
}

function DecideModal({
  act,
  title,
  agree,
  onClose,
}: {
  act: Act;
  title: string;
  agree: boolean;
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const decide = useDecide();
  const own = useOwnAccount();
  const [note, setNote] = useState('');
  const field = useId();
  const withdraw = !agree && act.proposed_by === own?.id;
  const verb = agree ? t('waiting.agree') : withdraw ? t('waiting.withdraw') : t('waiting.refuse');
  return (
    <Modal
      open
      title={`${verb}: ${title}`}
      okText={verb}
      cancelText={t('action.cancel')}
      confirmLoading={decide.isPending}
      okButtonProps={{ disabled: !agree && !withdraw && note.trim() === '', danger: !agree }}
      onCancel={onClose}
      onOk={() =>
        decide.mutate({ act: act.id, agree, note: note.normalize('NFC').trim() }, { onSuccess: onClose })
      }
    >
      {decide.error ? <ErrorNote error={decide.error} /> : null}
      <p className="will-happen">{t(agree ? 'waiting.will_agree' : 'waiting.will_refuse')}</p>
      {agree ? (
        <ChangeTable label={t('waiting.changes')} {...changeOf(act)} />
      ) : (
        <label className="act-note" htmlFor={field}>
          {t('waiting.note')}
          <Input.TextArea
            id={field}
            rows={2}
            maxLength={200}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </label>
      )}
    </Modal>
  );
}
